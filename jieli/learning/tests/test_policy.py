"""The rules, as tables."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.kernel import clock
from jieli.learning import policy
from jieli.learning.contracts import CandidateState

A, B, C = (UUID(int=n) for n in (1, 2, 3))
_S = CandidateState


@pytest.mark.parametrize(
    ("live", "promoted", "distrusted", "before"),
    [
        (A, [(A, None)], [], None),
        (B, [(B, A), (A, None)], [], A),
        (B, [(B, A), (A, None)], [A], None),
        (C, [(C, B), (B, A), (A, None)], [B], A),
        (A, [(A, B), (B, A), (A, None)], [], B),
        (A, [(A, B), (B, A), (A, None)], [B], None),
        (B, [(B, C), (C, A), (B, A), (A, None)], [C], A),
        (A, [], [], None),
    ],
)
def test_what_a_model_gives_way_to(
    live: UUID, promoted: list[tuple[UUID, UUID | None]], distrusted: list[UUID], before: UUID | None
) -> None:
    assert policy.fallback(live, promoted, frozenset(distrusted)) == before


MODELS = st.integers(0, 5).map(lambda n: UUID(int=n))


@given(st.lists(st.tuples(MODELS, st.none() | MODELS)), st.frozensets(MODELS), MODELS)
def test_it_is_never_itself_nor_one_that_is_not_trusted(
    promoted: list[tuple[UUID, UUID | None]], distrusted: frozenset[UUID], live: UUID
) -> None:
    found = policy.fallback(live, promoted, distrusted)
    assert found is None or (found != live and found not in distrusted)


@pytest.mark.parametrize(
    ("state", "seconds", "shown"),
    [
        (_S.WAITING, None, 0.0),
        (_S.TRAINING, 0, 0.0),
        (_S.TRAINING, 45, 0.5),
        (_S.TRAINING, 900, 0.95),
        (_S.TRAINING, -5, 0.0),
        (_S.READY, 100, 1.0),
        (_S.LIVE, 100, 1.0),
        (_S.FAILED, 100, 0.0),
    ],
)
def test_progress(state: CandidateState, seconds: int | None, shown: float) -> None:
    now = clock.now()
    began = None if seconds is None else now - timedelta(seconds=seconds)
    assert policy.progress(state, began, now) == shown


@given(st.lists(st.tuples(st.integers(0, 300).map(lambda n: UUID(int=n)), st.booleans())))
def test_each_message_is_counted_once(said: list[tuple[UUID, bool]]) -> None:
    found = policy.judged(said)
    assert found.turns == min(len({message for message, _ in said}), policy.JUDGED_NEWEST)
    assert 0 <= found.right <= found.turns
    assert (found.accuracy is None) is (found.turns < policy.JUDGED_NEEDED)

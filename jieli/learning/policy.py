"""The rules of learning, without a database: who may, what a correction is worth, when a model is not trusted any more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import Forbidden
from jieli.learning.contracts import CandidateState, CorrectionState, Figure
from jieli.learning.errors import AlreadyLive, NothingSaid, NothingToReview, NotReady, OwnCorrection

READ, CORRECT, REVIEW = "conversation.read", "conversation.reply", "learning.review"

REPEATED = 5
"""How often an accepted correction stands among the corpus's talks: one line of use against many written ones."""

ATTEMPTS = 3
"""Tries to train one candidate; a worker that dies on it three times would die on it forever."""

USUAL_TIME = timedelta(seconds=90)
"""Training on one core, from which progress is estimated."""

JUDGED_NEWEST, JUDGED_NEEDED, FLOOR = 200, 50, 0.6
"""A live model is judged by its newest 200 turns that people judged, by 50 at least: then the standard error at 0.6 is
0.07 at most. Agents correct what is wrong more readily than they confirm what is right, so this share lies below the
true one, and the floor below what the frozen talks promise."""

SHADOW_AT_ONCE, SHADOW_KEPT = 50, 200
"""Turns that a shadow reads in one go (of more that came meanwhile, the newest), and differing ones that are kept."""

_SHADOWABLE = frozenset({CandidateState.READY, CandidateState.RETIRED, CandidateState.SHADOW})


def require_person(actor: Actor) -> UUID:
    """Learning changes by people only, whatever a system actor may do. Raises `Forbidden`."""
    if actor.kind is not ActorKind.HUMAN or actor.id is None:
        raise Forbidden("This is decided by a person, who answers for it.")
    return actor.id


def require_judgement(intent: str, emotion: str) -> None:
    if not intent and not emotion:
        raise NothingSaid


def is_right(said: str, found: str) -> bool | None:
    """None where nothing was said."""
    return said == found if said else None


def state_of(intent_right: bool | None, emotion_right: bool | None) -> CorrectionState:
    wrong = intent_right is False or emotion_right is False
    return CorrectionState.WAITING if wrong else CorrectionState.CONFIRMED


def require_may_review(reviewer: UUID, author: UUID, state: CorrectionState) -> None:
    if reviewer == author:
        raise OwnCorrection
    if state is CorrectionState.CONFIRMED:
        raise NothingToReview


def require_promotable(state: CandidateState) -> None:
    if state is CandidateState.LIVE:
        raise AlreadyLive
    if state not in _SHADOWABLE:
        raise NotReady


def require_shadowable(state: CandidateState) -> None:
    if state not in _SHADOWABLE:
        raise NotReady


def progress(state: CandidateState, began_at: datetime | None, now: datetime) -> float:
    """0..1, by the clock; only a trained candidate is done."""
    if state in (CandidateState.WAITING, CandidateState.FAILED):
        return 0.0
    if state is not CandidateState.TRAINING:
        return 1.0
    gone = (now - began_at) / USUAL_TIME if began_at else 0.0
    return round(min(max(gone, 0.0), 0.95), 2)


def compared(candidate: Mapping[str, float], live: Mapping[str, float]) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, value, live.get(name), round(value - live[name], 4) if name in live else None)
        for name, value in sorted(candidate.items())
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """How many turns of one model people judged, and in how many it was right."""

    turns: int
    right: int

    @property
    def accuracy(self) -> float | None:
        return round(self.right / self.turns, 4) if self.turns >= JUDGED_NEEDED else None

    @property
    def too_low(self) -> bool:
        return self.accuracy is not None and self.accuracy < FLOOR


def judged(newest_first: Iterable[tuple[UUID, bool]]) -> Judged:
    """From (message, was it right): the newest word on each message counts, up to the newest 200 messages."""
    kept: dict[UUID, bool] = {}
    for message, right in newest_first:
        kept.setdefault(message, right)
        if len(kept) == JUDGED_NEWEST:
            break
    return Judged(len(kept), sum(kept.values()))


def fallback(
    live: UUID, promoted: Sequence[tuple[UUID, UUID | None]], distrusted: frozenset[UUID]
) -> UUID | None:
    """What stood before the live model: `promoted` are (model, the one before it), newest first. None is the shipped one."""
    before: dict[UUID, UUID | None] = {}
    for model, earlier in promoted:
        before.setdefault(model, earlier)
    seen, found = {live}, before.get(live)
    while found is not None and found not in seen and found in distrusted:
        seen.add(found)
        found = before.get(found)
    return None if found in seen else found

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from jieli.kernel import clock
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.ids import new_id
from jieli.relay.contracts import BOT, Holder, HolderKind, MatterKind, NewMatter

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a usual working day


@pytest.fixture
def time() -> Iterator[clock.ManualClock]:
    with clock.using(clock.ManualClock(MONDAY)) as manual:
        assert isinstance(manual, clock.ManualClock)
        yield manual


def new(due_in_s: float = 600, **given: object) -> NewMatter:
    wanted: dict[str, object] = {
        "kind": MatterKind.CONVERSATION,
        "person": new_id(),
        "holder": BOT,
        "next_step": "answer",
        "due_at": clock.now() + timedelta(seconds=due_in_s),
        "title": "扫地机器人不回充",
    }
    return NewMatter(**{**wanted, **given})  # type: ignore[arg-type]


def agent(*permissions: str, id: UUID | None = None) -> Actor:  # noqa: A002 - as the actor's field is called
    given = permissions or (
        "conversation.read",
        "conversation.reply",
        "conversation.hand_over",
        "conversation.take",
    )
    return Actor(kind=ActorKind.HUMAN, id=id or new_id(), name="林", permissions=frozenset(given))


def held_by(actor: Actor) -> Holder:
    return Holder(HolderKind.AGENT, str(actor.id))

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.ids import new_id
from jieli.relay import facade as relay
from jieli.relay.contracts import BOT, Baton, Holder, HolderKind, MatterKind, MatterState, NewMatter
from jieli.tickets import facade
from jieli.tickets.contracts import TicketView

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a usual working day
BATON = Baton(summary="衣柜门板有划痕，已收到照片", open_questions=("哪一块门板？",), position="17")


@pytest.fixture
def time() -> Iterator[clock.ManualClock]:
    with clock.using(clock.ManualClock(MONDAY)) as manual:
        assert isinstance(manual, clock.ManualClock)
        yield manual


def agent(*permissions: str) -> Actor:
    given = permissions or ("ticket.read", "ticket.write", "conversation.read")
    return Actor(kind=ActorKind.HUMAN, id=new_id(), name="林", permissions=frozenset(given))


def customer(ticket: TicketView) -> Actor:
    return Actor(kind=ActorKind.CUSTOMER, id=ticket.person, name="顾客")


def held_by(actor: Actor) -> Holder:
    return Holder(HolderKind.AGENT, str(actor.id))


def conversation() -> MatterState:
    return relay.open_matter(
        SYSTEM,
        NewMatter(
            kind=MatterKind.CONVERSATION,
            person=new_id(),
            holder=BOT,
            next_step="answer",
            due_at=clock.now() + timedelta(minutes=5),
            baton=BATON,
        ),
    )


def opened(actor: Actor = SYSTEM, **given: Any) -> TicketView:
    wanted: dict[str, Any] = {"title": "衣柜门板补寄", "severity": 3, "person": new_id()}
    return facade.open_ticket(actor, **{**wanted, **given})

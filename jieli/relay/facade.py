"""The door of the relay: matters, who holds them, what happens next and when, and the clocks that run on them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from annotated_types import Interval
from django.db import transaction

from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.kernel.capabilities import capability
from jieli.relay import calendars, clocks, customer, escalation, ledger, policy, selectors, services
from jieli.relay.contracts import (
    Baton,
    Change,
    Code,
    Handover,
    Holder,
    MatterState,
    NewMatter,
    Short,
    SlaMetric,
    Text,
)

open_many = services.open_many
change_many = services.change_many
close_many = services.close_many
reopen_many = services.reopen_many
states = selectors.states
hold = selectors.hold
own_ids = selectors.own_ids
matters_of = selectors.matters_of
held_by = selectors.held_by
handovers_of = selectors.handovers
status_of = customer.status_of
statuses = customer.statuses
on_overdue = escalation.on_overdue
escalate = escalation.escalate
accept_offer = services.accept
save_line = escalation.save_line
has_line = escalation.has_line
calendar = calendars.calendar
add_working = calendars.add_working
save_calendar = calendars.save
set_calendar_day = calendars.set_day
start_clocks = clocks.start_many
clocks_of = clocks.views
breached = clocks.breached
let_clocks_go_on = clocks.go_on_many
sla_due_from_now = clocks.due_from_now
sla_due_when_running = clocks.due_when_running
follows = ledger.follows

Seconds = Annotated[int, Interval(ge=1, le=366 * 24 * 3600)]
Version = Annotated[int, Interval(ge=1, le=2**31 - 1)]


def open_matter(actor: Actor, new: NewMatter) -> MatterState:
    return services.open_many(actor, [new])[0]


def change(actor: Actor, wanted: Change) -> MatterState:
    return services.change_many(actor, [wanted])[0]


def close(actor: Actor, matter: UUID, outcome: str, *, leaving_children: bool = False) -> MatterState:
    return services.close_many(actor, [(matter, outcome)], leaving_children=leaving_children)[0]


def reopen(actor: Actor, wanted: Change) -> MatterState:
    return services.reopen_many(actor, [wanted])[0]


def state(actor: Actor, matter: UUID) -> MatterState:
    """Raises `MatterNotFound` for one that the actor may not see."""
    return selectors.state_for(actor, matter)


def handovers(actor: Actor, matter: UUID) -> list[Handover]:
    """Who held the matter, from when to when, with what was passed on; oldest first."""
    selectors.state_for(actor, matter)
    return selectors.handovers([matter])[matter]


def stop_clocks(matters: Iterable[UUID], *, metric: SlaMetric | None = None) -> None:
    clocks.stop_many(matters, now=clock.now(), metric=metric)


def require_sensible_due(due_at: datetime | None) -> None:
    """Raises `Invalid` for a due time that somebody chose and that lies behind, or more than a year ahead."""
    if due_at is not None:
        policy.require_sensible_due(due_at, clock.now())


@capability(
    "matters.hand_over",
    permission="conversation.hand_over",
    rest="POST /matters/{matter}/hand-over",
    tool=True,
)
@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    matter: UUID,
    to: Holder,
    next_step: Code,
    due_at: datetime,
    why: Short,
    baton: Baton,
    next_note: Text = "",
    accept_within_s: Seconds | None = None,
    version: Version | None = None,
) -> Handover:
    """Pass a matter to its next holder with its whole context; the customer sees the change at once."""
    now = clock.now()
    require_sensible_due(due_at)
    policy.require_baton(baton)
    before = selectors.state_for(actor, matter)
    policy.require_another_holder(before, to)
    wanted = Change(
        matter=matter,
        holder=to,
        next_step=next_step,
        next_note=next_note,
        due_at=due_at,
        why=why,
        baton=baton,
        accept_by=now + timedelta(seconds=accept_within_s) if accept_within_s else None,
        version=version,
    )
    services.change_many(actor, [wanted])
    return selectors.current_handover(matter)


@capability(
    "matters.accept", permission="conversation.take", rest="POST /matters/{matter}/accept", idempotent=True
)
def accept(actor: Actor, *, matter: UUID) -> MatterState:
    """Say yes to a baton that was offered; from then on its due time counts."""
    return services.accept(actor, matter)


@capability("matters.escalate", permission="conversation.hand_over", rest="POST /matters/{matter}/escalate")
def escalate_matter(actor: Actor, *, matter: UUID, why: Short) -> MatterState:
    """Pass a matter to the next in its escalation line without waiting for its due time."""
    selectors.state_for(actor, matter)
    return escalation.escalate(actor, matter, why)

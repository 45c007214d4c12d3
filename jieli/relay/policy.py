"""The rules of the relay, without a database: who may do what, what a change makes of a matter, who comes next."""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import Forbidden, Invalid
from jieli.relay.contracts import (
    GENERAL,
    SUPERVISORS,
    Baton,
    Change,
    EscalationSteps,
    Holder,
    HolderKind,
    LineStep,
    MatterKind,
    MatterState,
    NewMatter,
    OverdueReason,
    SlaMetric,
    SlaTarget,
)
from jieli.relay.errors import IncompleteMatter, MatterIsClosed, NotYours, StaleMatter, UnusableLine

READ = {MatterKind.CONVERSATION: "conversation.read"}
WORK = {
    MatterKind.CONVERSATION: tuple(
        f"conversation.{verb}" for verb in ("reply", "take", "hand_over", "close", "supervise")
    )
}
READ_OTHERS, WORK_OTHERS = "ticket.read", ("ticket.write",)
FURTHEST_DUE = timedelta(days=366)


def readable_kinds(actor: Actor) -> frozenset[MatterKind]:
    return frozenset(kind for kind in MatterKind if actor.may(READ.get(kind, READ_OTHERS)))


def require_may_work(actor: Actor, matters: Iterable[MatterState | NewMatter], own: Container[UUID]) -> None:
    """Staff need a permission for the kind, the bot works on conversations, customers on what is theirs: `own` are
    the ids under which they are known."""
    for matter in matters:
        if not _may_work(actor, matter, own):
            raise Forbidden(f"Your role does not let you change a {matter.kind}.")


def _may_work(actor: Actor, matter: MatterState | NewMatter, own: Container[UUID]) -> bool:
    if actor.kind is ActorKind.CUSTOMER:
        return matter.person in own
    if actor.kind is ActorKind.BOT and matter.kind is MatterKind.CONVERSATION:
        return True
    return any(actor.may(permission) for permission in WORK.get(matter.kind, WORK_OTHERS))


def require_may_accept(actor: Actor, matter: MatterState) -> None:
    """A person says yes for themselves; a queue's or partner's matter may be accepted by whoever works on its kind."""
    personal = matter.holder.kind in (HolderKind.AGENT, HolderKind.EXPERT, HolderKind.ENGINEER)
    if personal and actor.kind is ActorKind.HUMAN and matter.holder.id != str(actor.id):
        raise NotYours


def require_complete(holder: Holder | None, next_step: str, due_at: datetime | None) -> None:
    """The same rule as the database's CHECK constraint, said in words."""
    if holder is None or not next_step or due_at is None:
        raise IncompleteMatter


def require_sensible_due(due_at: datetime, now: datetime) -> None:
    """People choose a due time that is ahead and within a year, and say in which time zone."""
    if due_at.tzinfo is None:
        raise Invalid("Give the due time with its time zone, such as 2026-11-21T18:00:00+08:00.")
    if not now < due_at <= now + FURTHEST_DUE:
        raise Invalid("The due time must lie ahead, and not more than a year.")


def apply(matter: MatterState, change: Change, now: datetime) -> MatterState:
    """The matter after the change. Raises `MatterIsClosed`, `StaleMatter` or `IncompleteMatter`.

    Work on a matter (a new holder, step or due time) starts its escalation line again from the beginning.
    """
    if not matter.open:
        raise MatterIsClosed
    if change.version is not None and change.version != matter.version:
        raise StaleMatter(version=matter.version)
    after = replace(
        matter,
        next_step=matter.next_step if change.next_step is None else change.next_step,
        next_note=matter.next_note if change.next_note is None else change.next_note,
        due_at=change.due_at or matter.due_at,
        title=matter.title if change.title is None else change.title[:200],
        severity=change.severity or matter.severity,
        line=change.line or matter.line,
    )
    require_complete(after.holder, after.next_step, after.due_at)
    if change.holder is not None and change.holder != matter.holder:
        after = replace(
            after,
            holder=change.holder,
            accept_by=change.accept_by,
            accepted_at=None if change.accept_by else now,
            line_step=0,
        )
    elif (after.next_step, after.due_at) != (matter.next_step, matter.due_at):
        after = replace(after, line_step=0)
    return matter if after == matter else replace(after, version=matter.version + 1)


def is_overdue(matter: MatterState, reason: OverdueReason, now: datetime) -> bool:
    if not matter.open:
        return False
    if reason is OverdueReason.NOT_ACCEPTED:
        return matter.accepted_at is None and matter.accept_by is not None and matter.accept_by <= now
    return matter.due_at is not None and matter.due_at <= now


def require_open(matter: MatterState) -> None:
    if not matter.open:
        raise MatterIsClosed


def require_baton(baton: Baton) -> None:
    """People who hand over say at least what it is about, so that the next one need not ask."""
    if not baton.summary.strip():
        raise Invalid(
            "Say in the summary what this is about and what was done; the next holder must not ask again."
        )


def require_another_holder(matter: MatterState, to: Holder) -> None:
    require_open(matter)
    if matter.holder == to:
        raise Invalid("This matter is in these hands already.")


def title_is_for_customers(kind: MatterKind) -> bool:
    """A task's title is written by staff for staff; the others say what the customer asked for."""
    return kind is not MatterKind.TASK


def waits_for_customer(matter: MatterState) -> bool:
    return matter.open and matter.holder.kind is HolderKind.CUSTOMER


def require_usable_line(steps: Iterable[LineStep]) -> None:
    given = list(steps)
    if not given or any(step.within_s <= 0 or not step.next_step for step in given):
        raise UnusableLine


def next_in_line(line: EscalationSteps, at_step: int, holder: Holder) -> tuple[LineStep, int, bool]:
    """Who is asked next, the line's position after that, and whether that is the last resort.

    Steps held by the present holder are passed over, except the last one: it is asked again and again.
    """
    last = len(line.steps) - 1
    index = min(at_step, last)
    while index < last and line.steps[index].holder == holder:
        index += 1
    return line.steps[index], min(index + 1, last), index == last


LINES = {
    "default": (
        LineStep(holder=GENERAL, within_s=5 * 60, next_step="assign"),
        LineStep(holder=SUPERVISORS, within_s=10 * 60, next_step="take_over"),
    ),
    "ticket": (
        LineStep(holder=Holder(HolderKind.QUEUE, "tickets"), within_s=30 * 60, next_step="assign"),
        LineStep(holder=SUPERVISORS, within_s=60 * 60, next_step="take_over"),
    ),
    "green_channel": (LineStep(holder=SUPERVISORS, within_s=5 * 60, next_step="take_over"),),
}

_HOUR = 3600
_WORKING_DAY = 8 * _HOUR  # as long as a day of the calendar “service”
_ALWAYS, _SERVICE = "always", "service"


def _targets(respond_s: int, solve_s: int, calendar: str) -> tuple[SlaTarget, ...]:
    return (
        SlaTarget(metric=SlaMetric.RESPOND, seconds=respond_s, calendar=calendar),
        SlaTarget(metric=SlaMetric.SOLVE, seconds=solve_s, calendar=calendar),
    )


SLA = {
    1: _targets(1 * _HOUR, 4 * _HOUR, _ALWAYS),
    2: _targets(4 * _HOUR, 24 * _HOUR, _ALWAYS),
    3: _targets(8 * _HOUR, 3 * _WORKING_DAY, _SERVICE),
    4: _targets(1 * _WORKING_DAY, 5 * _WORKING_DAY, _SERVICE),
}
SLA_WARN_AT = 0.8

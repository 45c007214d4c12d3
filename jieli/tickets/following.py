"""A ticket follows its matter: the stage, the clocks and the history are kept in step in the same transaction,
whoever moved the baton."""

from collections.abc import Sequence
from datetime import datetime

from jieli.kernel import clock, decisions, outbox
from jieli.kernel.actor import SYSTEM, Actor
from jieli.relay import facade as relay
from jieli.relay.contracts import Change, Holder, HolderKind, MatterKind, MatterState, Overdue, SlaMetric
from jieli.tickets import policy, selectors
from jieli.tickets.contracts import Stage, TicketView
from jieli.tickets.events import TicketChanged
from jieli.tickets.models import Ticket, TicketHistory

_ENDED = (Stage.SOLVED, Stage.CLOSED)


@relay.follows(MatterKind.TICKET)
def follow(actor: Actor, changes: Sequence[tuple[MatterState, str]]) -> None:
    states = {state.id: state for state, _ in changes}
    rows = list(Ticket.objects.select_for_update().filter(id__in=states).order_by("id"))
    moved = [(row, Stage(row.stage)) for row in rows if _moves(row, states[row.id])]
    for row, _ in moved:
        row.stage = policy.stage_of(states[row.id], Stage(row.stage))
    if not moved:
        return
    for row, before in moved:
        policy.require_move(before, Stage(row.stage))
        _settle(row, before, states[row.id])
    fields = ["stage", "severity", "title", "worker_kind", "worker_id", "solved_at", "reopened"]
    Ticket.objects.bulk_update([row for row, _ in moved], fields)
    _stop_and_go([(row, before) for row, before in moved if row.stage != before])
    note(actor, [(row, "stage", before, row.stage) for row, before in moved if row.stage != before])


def _moves(row: Ticket, state: MatterState) -> bool:
    stage = policy.stage_of(state, Stage(row.stage))
    worker = (state.holder.kind, state.holder.id)
    return (
        stage != row.stage
        or (policy.is_worker(state.holder) and worker != (row.worker_kind, row.worker_id))
        or state.severity not in (None, row.severity)
        or state.title not in ("", row.title)
    )


def _settle(row: Ticket, before: Stage, state: MatterState) -> None:
    stage = Stage(row.stage)
    row.title = state.title or row.title
    row.severity = state.severity or row.severity
    if policy.is_worker(state.holder):
        row.worker_kind, row.worker_id = state.holder.kind, state.holder.id
    if stage in _ENDED and before not in _ENDED:
        row.solved_at = clock.now()
    elif before in _ENDED and stage not in _ENDED:
        row.solved_at = None
        row.reopened += 1


def _stop_and_go(moved: Sequence[tuple[Ticket, Stage]]) -> None:
    """Somebody took it: answered in time or not. Solved: done in time or not. Reopened: the time goes on."""
    taken = [row.id for row, before in moved if before is Stage.NEW]
    solved = [row.id for row, before in moved if row.stage in _ENDED and before not in _ENDED]
    reopened = [row.id for row, before in moved if before in _ENDED and row.stage not in _ENDED]
    if taken:
        relay.stop_clocks(taken, metric=SlaMetric.RESPOND)
    if solved:
        relay.stop_clocks(solved, metric=SlaMetric.SOLVE)
    if reopened:
        relay.let_clocks_go_on(reopened, metric=SlaMetric.SOLVE)


def note(actor: Actor, steps: Sequence[tuple[Ticket, str, str, str]]) -> None:
    """Write (ticket, what, before, after) into the histories, and tell the screens."""
    now = clock.now()
    TicketHistory.objects.bulk_create(
        TicketHistory(
            ticket=ticket,
            what=what,
            before=before[:200],
            after=after[:200],
            by_kind=actor.kind,
            by_id=actor.id,
            at=now,
        )
        for ticket, what, before, after in steps
    )
    outbox.append(
        *(TicketChanged(ticket=ticket.id, person=ticket.person, change=what) for ticket, what, *_ in steps)
    )


def worker_of(row: Ticket) -> Holder:
    return Holder(HolderKind(row.worker_kind), row.worker_id)


@relay.on_overdue(MatterKind.TICKET, HolderKind.CUSTOMER)
def customer_is_silent(overdue: Overdue) -> None:
    """Silence after a question brings the ticket back to whoever asked; silence after a solution closes it."""
    if not _nobody_objected(overdue):
        _back_to_worker(overdue, "customer_silent")


def _nobody_objected(overdue: Overdue) -> bool:
    """Close a solved ticket whose time to object is over; others go on down their escalation line."""
    solved = overdue.matter.next_step == policy.CONFIRM
    if solved:
        _explain(overdue, "closed", "nobody_objected")
        relay.close(SYSTEM, overdue.matter.id, "solved", leaving_children=True)
    return solved


for _kind in (HolderKind.BOT, HolderKind.QUEUE, HolderKind.AGENT, HolderKind.EXPERT, HolderKind.ENGINEER):
    relay.on_overdue(MatterKind.TICKET, _kind)(_nobody_objected)


@relay.on_overdue(MatterKind.TICKET, HolderKind.SUPPLIER)
def partner_is_silent(overdue: Overdue) -> None:
    _back_to_worker(overdue, "partner_silent")


def _back_to_worker(overdue: Overdue, why: str) -> None:
    row = Ticket.objects.get(id=overdue.matter.id)
    _explain(overdue, "follow_up", why)
    within = policy.NEXT_STEP_WITHIN[row.severity]
    relay.change(
        SYSTEM,
        Change(
            matter=row.id,
            holder=worker_of(row),
            next_step=policy.FOLLOW_UP,
            due_at=clock.now() + within,
            why=why,
        ),
    )


def _explain(overdue: Overdue, outcome: str, why: str) -> None:
    matter = overdue.matter
    decisions.record(
        decisions.Decision(
            kind="tickets.overdue",
            subject=matter.id,
            outcome=outcome,
            decider="tickets.following@1",
            inputs={
                "next_step": matter.next_step,
                "due_at": str(matter.due_at),
                "holder": matter.holder.kind,
            },
            reasons=[why],
        )
    )


def due_of(row: Ticket) -> datetime:
    """When the next step of whoever works on it is due: the time to solve, or soon when that is over."""
    now = clock.now()
    due = relay.sla_due_when_running(row.id, SlaMetric.SOLVE)
    if due is None or due <= now:
        return now + policy.NEXT_STEP_WITHIN[row.severity]
    return due


def shown(row: Ticket) -> TicketView:
    row.refresh_from_db()
    return selectors.views([row])[0]

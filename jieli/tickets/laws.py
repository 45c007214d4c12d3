"""Audits of what tickets must never let happen."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from jieli.kernel.laws import audit
from jieli.relay import facade as relay
from jieli.relay.contracts import MatterKind, SlaMetric
from jieli.tickets import policy
from jieli.tickets.contracts import Stage
from jieli.tickets.models import Ticket, TicketHistory

Found = Iterator[tuple[UUID, str]]
_AT_ONCE = 500


def _batches() -> Iterator[list[Ticket]]:
    rows = Ticket.objects.order_by("id").iterator()
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


@audit(1, "tickets: each stands on a matter and says the same")
def out_of_step() -> Found:
    for rows in _batches():
        matters = relay.states(row.id for row in rows)
        for row in rows:
            matter = matters.get(row.id)
            if matter is None or matter.kind is not MatterKind.TICKET:
                yield row.id, "no matter stands behind this ticket"
            elif policy.stage_of(matter, Stage(row.stage)) != row.stage:
                yield row.id, f"says {row.stage}, but its matter is with {matter.holder.kind}"


@audit(1, "tickets: an unsolved one runs against a clock")
def without_clock() -> Found:
    for rows in _batches():
        clocks = relay.clocks_of(row.id for row in rows)
        for row in rows:
            running = any(c.metric is SlaMetric.SOLVE and c.stopped_at is None for c in clocks[row.id])
            if running != (row.stage not in (Stage.SOLVED, Stage.CLOSED)):
                yield row.id, f"{row.stage}, but its clock {'runs' if running else 'was stopped'}"


@audit(9, "tickets: every change of stage is in the history, and in the table of moves")
def strange_moves() -> Found:
    last: dict[UUID, str] = {}
    for step in TicketHistory.objects.filter(what="stage").order_by("id").iterator():
        before = last.get(step.ticket_id)
        if Stage(step.after) not in policy.MOVES[Stage(step.before)] or before not in (None, step.before):
            yield step.ticket_id, f"went from {before or step.before} to {step.after}"
        last[step.ticket_id] = step.after
    for row in Ticket.objects.filter(id__in=last).iterator():
        if row.stage != last[row.id]:
            yield row.id, f"is {row.stage}, but its history ends with {last[row.id]}"

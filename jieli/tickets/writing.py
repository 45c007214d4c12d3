"""What may be written to a ticket: comments, what it says, its checklist and its links."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.kernel import clock
from jieli.kernel.actor import Actor, ActorKind
from jieli.relay import facade as relay
from jieli.relay.contracts import Change, MatterKind, SlaMetric
from jieli.tickets import policy, selectors
from jieli.tickets.contracts import CheckItem, Link, Stage, TicketView
from jieli.tickets.errors import NoSuchItem, TicketNotFound
from jieli.tickets.following import due_of, note, shown, worker_of
from jieli.tickets.models import Ticket, TicketComment, TicketLink


@transaction.atomic
def comment(actor: Actor, ticket: UUID, *, text: str, internal: bool = False) -> TicketView:
    """Write to the ticket. The first words to the customer count as the response; the customer's own words bring the
    baton back to whoever works on it."""
    row = selectors.row_for(actor, ticket)
    by_customer = actor.kind is ActorKind.CUSTOMER
    if not by_customer:
        actor.require(policy.WRITE)
    TicketComment.objects.create(
        ticket=row,
        text=text,
        internal=internal and not by_customer,
        by_kind=actor.kind,
        by_id=actor.id,
        by_name=actor.name[:60],
        at=clock.now(),
    )
    if by_customer and row.stage in (Stage.WAITING_CUSTOMER, Stage.SOLVED):
        relay.change(
            actor,
            Change(
                matter=row.id,
                holder=worker_of(row),
                next_step=policy.READ_REPLY,
                due_at=due_of(row),
                why="answered",
            ),
        )
    elif not by_customer and not internal:
        relay.stop_clocks([row.id], metric=SlaMetric.RESPOND)
    note(actor, [(row, "comment", "", "internal" if internal else "public")])
    return shown(row)


@transaction.atomic
def change(actor: Actor, ticket: UUID, **wanted: Any) -> TicketView:
    """Change title, severity, category, tags, order_no, device_serial, sku or description; None leaves it as it is.

    Another severity means other times: its clocks keep what they have used and get the new targets.
    """
    actor.require(policy.WRITE)
    given = {name: value for name, value in wanted.items() if value is not None}
    row = selectors.row_for(actor, ticket)
    through_matter: dict[str, Any] = {
        name: given.pop(name) for name in ("title", "severity") if name in given
    }
    if through_matter:
        relay.change(
            actor,
            Change(
                matter=row.id, **through_matter, line=policy.escalation_line(_severity(through_matter, row))
            ),
        )
        if _severity(through_matter, row) != row.severity:
            relay.start_clocks(MatterKind.TICKET, {row.id: _severity(through_matter, row)})
            note(actor, [(row, "severity", str(row.severity), str(through_matter["severity"]))])
    if "tags" in given:
        given["tags"] = policy.tidy_tags(given["tags"])
    if given:
        Ticket.objects.filter(id=row.id).update(**given)
        note(actor, [(row, "changed", "", ", ".join(sorted(given)))])
    return shown(row)


def _severity(given: dict[str, Any], row: Ticket) -> int:
    return int(given.get("severity", row.severity))


@transaction.atomic
def check(actor: Actor, ticket: UUID, *, item: int, done: bool = True) -> TicketView:
    """Check or uncheck one item of the checklist (counted from 0). Raises `NoSuchItem`."""
    actor.require(policy.WRITE)
    row = _locked(actor, ticket)
    items = list(selectors.read_checklist(row))
    if not 0 <= item < len(items):
        raise NoSuchItem
    text = items[item].text
    items[item] = CheckItem(text=text, done=done, by=actor.id, at=clock.now())
    _write_items(row, items)
    note(actor, [(row, "checked" if done else "unchecked", "", text)])
    return shown(row)


@transaction.atomic
def add_items(actor: Actor, ticket: UUID, *, texts: Sequence[str]) -> TicketView:
    actor.require(policy.WRITE)
    row = _locked(actor, ticket)
    _write_items(row, [*selectors.read_checklist(row), *(CheckItem(text=text) for text in texts)])
    note(actor, [(row, "items", "", "; ".join(texts))])
    return shown(row)


def _locked(actor: Actor, ticket: UUID) -> Ticket:
    row = selectors.visible_to(actor).select_for_update().filter(id=ticket).first()
    if row is None:
        raise TicketNotFound
    return row


def _write_items(row: Ticket, items: Sequence[CheckItem]) -> None:
    policy.require_bearable_checklist(items)
    row.checklist = msgspec.to_builtins(list(items))
    row.save(update_fields=["checklist"])


@transaction.atomic
def link(actor: Actor, ticket: UUID, *, to: Link) -> TicketView:
    """Link a ticket to an order, a device, a conversation, another ticket …; linking twice is no mistake."""
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    _, made = TicketLink.objects.get_or_create(
        ticket=row, kind=to.kind, ref=to.ref, defaults={"label": to.label}
    )
    if made:
        note(actor, [(row, "linked", "", f"{to.kind}:{to.ref}")])
    return shown(row)


@transaction.atomic
def unlink(actor: Actor, ticket: UUID, *, to: Link) -> TicketView:
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    if TicketLink.objects.filter(ticket=row, kind=to.kind, ref=to.ref).delete()[0]:
        note(actor, [(row, "unlinked", f"{to.kind}:{to.ref}", "")])
    return shown(row)

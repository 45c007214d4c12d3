"""The door of tickets: one ticket system for every department and partner."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Interval, MaxLen

from jieli.kernel.actor import Actor
from jieli.kernel.capabilities import capability
from jieli.relay import facade as relay
from jieli.relay.contracts import Code, Holder, Severity, Short
from jieli.tickets import opening, policy, selectors, services, writing
from jieli.tickets.contracts import Link, Prose, Stage, TicketDetail, TicketView, Title, Word

views = selectors.by_ids
linked_to = selectors.linked_to
counts = selectors.counts
confirm = services.confirm

Seconds = Annotated[int, Interval(ge=1, le=366 * 24 * 3600)]
Index = Annotated[int, Interval(ge=0, le=1000)]
Words = Annotated[list[Word], MaxLen(20)]
Items = Annotated[list[Title], MaxLen(100)]
Links = Annotated[list[Link], MaxLen(50)]


def get(actor: Actor, ticket: UUID) -> TicketDetail:
    """Raises `TicketNotFound` for one that the actor may not see."""
    return selectors.detail(actor, ticket)


@capability("tickets.open", permission=policy.WRITE, rest="POST /tickets", tool=True)
def open_ticket(
    actor: Actor,
    *,
    title: Title,
    severity: Severity,
    description: Prose = "",
    category: Word = "",
    person: UUID | None = None,
    conversation: UUID | None = None,
    queue: Code = policy.QUEUE,
    holder: Holder | None = None,
    due_at: datetime | None = None,
    order_no: Word = "",
    device_serial: Word = "",
    sku: Word = "",
    tags: Words = [],  # noqa: B006 - a default of the declared input, copied and never changed
    checklist: Items = [],  # noqa: B006 - as above
    links: Links = [],  # noqa: B006 - as above
) -> TicketView:
    """Open a ticket, also out of a conversation, whose person and context it takes along (severity 1 is the gravest)."""
    relay.require_sensible_due(due_at)
    return opening.open_ticket(
        actor,
        title=title,
        severity=severity,
        description=description,
        category=category,
        person=person,
        conversation=conversation,
        queue=queue,
        holder=holder,
        due_at=due_at,
        order_no=order_no,
        device_serial=device_serial,
        sku=sku,
        tags=tags,
        checklist=checklist,
        links=links,
    )


@capability("tickets.change", permission=policy.WRITE, rest="PATCH /tickets/{ticket}")
def change(
    actor: Actor,
    *,
    ticket: UUID,
    title: Title | None = None,
    severity: Severity | None = None,
    description: Prose | None = None,
    category: Word | None = None,
    order_no: Word | None = None,
    device_serial: Word | None = None,
    sku: Word | None = None,
    tags: Words | None = None,
) -> TicketView:
    """Change what a ticket says; another severity gives its clocks other targets."""
    return writing.change(
        actor,
        ticket,
        title=title,
        severity=severity,
        description=description,
        category=category,
        order_no=order_no,
        device_serial=device_serial,
        sku=sku,
        tags=tags,
    )


@capability("tickets.change_stage", permission=policy.WRITE, rest="POST /tickets/{ticket}/change-stage")
def change_stage(
    actor: Actor,
    *,
    ticket: UUID,
    stage: Stage,
    partner: Word = "",
    due_at: datetime | None = None,
    why: Short = "",
) -> TicketView:
    """Begin to work on a ticket, or wait for its customer or for a partner (named by `partner`)."""
    relay.require_sensible_due(due_at)
    return services.change_stage(actor, ticket, stage, partner=partner, due_at=due_at, why=why)


@capability("tickets.assign", permission=policy.WRITE, rest="POST /tickets/{ticket}/assign")
def assign(
    actor: Actor,
    *,
    ticket: UUID,
    to: Holder,
    why: Short,
    summary: Prose = "",
    due_at: datetime | None = None,
    accept_within_s: Seconds | None = None,
) -> TicketView:
    """Hand a ticket to a colleague, a queue, an expert or a partner, with its context."""
    relay.require_sensible_due(due_at)
    return services.assign(
        actor, ticket, to, why=why, summary=summary[:4000], due_at=due_at, accept_within_s=accept_within_s
    )


@capability("tickets.accept", permission=policy.WRITE, rest="POST /tickets/{ticket}/accept", idempotent=True)
def accept(actor: Actor, *, ticket: UUID) -> TicketView:
    """Say yes to a ticket that was offered with an accept limit."""
    return services.accept(actor, ticket)


@capability("tickets.solve", permission=policy.WRITE, rest="POST /tickets/{ticket}/solve", tool=True)
def solve(actor: Actor, *, ticket: UUID, resolution: Prose, force: bool = False) -> TicketView:
    """Say how a ticket was solved; the customer may object, and silence closes it."""
    return services.solve(actor, ticket, resolution=resolution, force=force)


@capability("tickets.close", permission=policy.WRITE, rest="POST /tickets/{ticket}/close")
def close(actor: Actor, *, ticket: UUID, outcome: Code) -> TicketView:
    """Close a ticket for good, with its outcome."""
    return services.close(actor, ticket, outcome=outcome)


@capability("tickets.reopen", permission=policy.WRITE, rest="POST /tickets/{ticket}/reopen")
def reopen(actor: Actor, *, ticket: UUID, why: Short) -> TicketView:
    """Work on a solved or closed ticket again."""
    return services.reopen(actor, ticket, why=why)


@capability("tickets.comment", permission=policy.WRITE, rest="POST /tickets/{ticket}/comments", tool=True)
def comment(actor: Actor, *, ticket: UUID, text: Prose, internal: bool = True) -> TicketView:
    """Write to a ticket; customers see what is not internal."""
    return writing.comment(actor, ticket, text=text, internal=internal)


@capability("tickets.check", permission=policy.WRITE, rest="POST /tickets/{ticket}/check")
def check(actor: Actor, *, ticket: UUID, item: Index, done: bool = True) -> TicketView:
    """Check or uncheck an item of a ticket's checklist, counted from 0."""
    return writing.check(actor, ticket, item=item, done=done)


@capability("tickets.add_items", permission=policy.WRITE, rest="POST /tickets/{ticket}/items")
def add_items(actor: Actor, *, ticket: UUID, texts: Items) -> TicketView:
    """Add items to a ticket's checklist."""
    return writing.add_items(actor, ticket, texts=texts)


@capability("tickets.link", permission=policy.WRITE, rest="POST /tickets/{ticket}/links")
def link(actor: Actor, *, ticket: UUID, to: Link) -> TicketView:
    """Link a ticket to an order, a parcel, a device, a conversation, another ticket or an article."""
    return writing.link(actor, ticket, to=to)


@capability("tickets.unlink", permission=policy.WRITE, rest="POST /tickets/{ticket}/unlink")
def unlink(actor: Actor, *, ticket: UUID, to: Link) -> TicketView:
    """Take a link away again."""
    return writing.unlink(actor, ticket, to=to)


def answer(actor: Actor, *, ticket: UUID, text: str) -> TicketView:
    """The customer writes to their own ticket."""
    policy.require_customer(actor)
    return writing.comment(actor, ticket, text=text)


def object_to(actor: Actor, *, ticket: UUID, why: str) -> TicketView:
    """The customer says that it is not solved."""
    policy.require_customer(actor)
    return services.reopen(actor, ticket, why=why)

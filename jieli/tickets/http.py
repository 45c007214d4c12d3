from typing import Annotated, Any
from uuid import UUID

from annotated_types import Interval, MaxLen, MinLen, Predicate
from django.http import HttpRequest
from ninja import Query, Router, Schema

from jieli.kernel import capabilities, http
from jieli.relay.contracts import Holder, HolderKind, Severity, storable
from jieli.tickets import facade, policy, selectors
from jieli.tickets.contracts import MyTicket, Prose, Stage, TicketCounts, TicketDetail, TicketView, Word

router = Router(tags=["tickets"])


class TicketFilter(Schema):
    stage: Stage | None = None
    severity: Severity | None = None
    person: UUID | None = None
    conversation: UUID | None = None
    category: Word | None = None
    order_no: Word | None = None
    holder_kind: HolderKind | None = None
    holder_id: Annotated[str, MaxLen(64), Predicate(storable)] = ""
    open: bool = False
    q: Annotated[str, MaxLen(100), Predicate(storable)] = ""
    cursor: Annotated[str, MaxLen(60)] = ""
    limit: Annotated[int, Interval(ge=1, le=100)] = http.PAGE


@router.get("/tickets", response=http.Page[TicketView], operation_id="tickets_list")
def tickets(request: HttpRequest, wanted: Query[TicketFilter]) -> dict[str, Any]:
    """Tickets, newest first; `q` looks into number, order, device and title."""
    actor = http.actor_of(request)
    actor.require(policy.READ)
    names = ("stage", "severity", "person", "conversation", "category", "order_no")
    rows = selectors.wanted(
        actor,
        q=wanted.q.strip(),
        open_only=wanted.open,
        holder=Holder(wanted.holder_kind, wanted.holder_id) if wanted.holder_kind else None,
        **{name: value for name in names if (value := getattr(wanted, name)) is not None},
    )
    return http.page(rows, wanted.cursor, selectors.views, limit=wanted.limit)


@router.get("/ticket-counts", response=TicketCounts, operation_id="tickets_counts")
def counts(request: HttpRequest) -> TicketCounts:
    actor = http.actor_of(request)
    actor.require(policy.READ)
    return facade.counts(actor)


@router.get("/tickets/{ticket}", response=TicketDetail, operation_id="tickets_get")
def ticket(request: HttpRequest, ticket: UUID) -> TicketDetail:
    actor = http.actor_of(request)
    actor.require(policy.READ)
    return facade.get(actor, ticket)


class Answer(Schema):
    text: Annotated[Prose, MinLen(1)]


@router.get("/my-tickets", response=http.Page[MyTicket], operation_id="my_tickets_list")
def my_tickets(request: HttpRequest, cursor: Annotated[str, MaxLen(60)] = "") -> dict[str, Any]:
    """The customer's own tickets, newest first."""
    actor = http.actor_of(request)
    policy.require_customer(actor)
    return http.page(selectors.visible_to(actor), cursor, selectors.mine)


@router.post("/my-tickets/{ticket}/answer", response=MyTicket, operation_id="my_tickets_answer")
def answer(request: HttpRequest, ticket: UUID, body: Answer) -> MyTicket:
    actor = http.actor_of(request)
    facade.answer(actor, ticket=ticket, text=body.text)
    return selectors.mine([selectors.row_for(actor, ticket)])[0]


@router.post("/my-tickets/{ticket}/confirm", response=MyTicket, operation_id="my_tickets_confirm")
def confirm(request: HttpRequest, ticket: UUID) -> MyTicket:
    """Agree that it is solved."""
    actor = http.actor_of(request)
    facade.confirm(actor, ticket)
    return selectors.mine([selectors.row_for(actor, ticket)])[0]


@router.post("/my-tickets/{ticket}/object", response=MyTicket, operation_id="my_tickets_object")
def object_to(request: HttpRequest, ticket: UUID, body: Answer) -> MyTicket:
    """Say that it is not solved: the ticket goes back to whoever worked on it."""
    actor = http.actor_of(request)
    facade.object_to(actor, ticket=ticket, why=body.text[:200])
    return selectors.mine([selectors.row_for(actor, ticket)])[0]


capabilities.mount(router, of="jieli.tickets")

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet

from jieli.governance import facade as governance
from jieli.kernel.actor import Actor, ActorKind
from jieli.relay import facade as relay
from jieli.relay.contracts import Holder, MatterState, SlaClockView
from jieli.tickets import policy
from jieli.tickets.contracts import (
    CheckItem,
    Comment,
    Link,
    LinkKind,
    MyTicket,
    Stage,
    Step,
    TicketCounts,
    TicketDetail,
    TicketView,
)
from jieli.tickets.errors import TicketNotFound
from jieli.tickets.models import Ticket, TicketComment, TicketHistory, TicketLink


def visible_to(actor: Actor) -> "QuerySet[Ticket]":
    if actor.kind is ActorKind.CUSTOMER:
        return Ticket.objects.filter(person__in=relay.own_ids(actor))
    return Ticket.objects.all() if actor.may(policy.READ) else Ticket.objects.none()


def row_for(actor: Actor, ticket: UUID) -> Ticket:
    row = visible_to(actor).filter(id=ticket).first()
    if row is None:
        raise TicketNotFound
    return row


def wanted(
    actor: Actor,
    *,
    q: str = "",
    open_only: bool = False,
    holder: Holder | None = None,
    tag: str = "",
    **equal: Any,
) -> "QuerySet[Ticket]":
    """Tickets that the actor may see; `equal` names columns (stage, severity, person, conversation, category …)."""
    rows = visible_to(actor).filter(**equal)
    if open_only:
        rows = rows.exclude(stage=Stage.CLOSED)
    if q:
        rows = rows.filter(
            Q(number__iexact=q) | Q(order_no__iexact=q) | Q(device_serial__iexact=q) | Q(title__icontains=q)
        )
    if holder is not None:
        rows = rows.filter(id__in=[matter.id for matter in relay.held_by([holder])])
    return rows


def views(rows: Sequence[Ticket]) -> list[TicketView]:
    """Two queries more than the rows themselves: their matters and their clocks."""
    ids = [row.id for row in rows]
    matters, clocks = relay.states(ids), relay.clocks_of(ids)
    return [_view(row, matters[row.id], clocks[row.id]) for row in rows]


def by_ids(ids: Iterable[UUID]) -> list[TicketView]:
    return views(list(Ticket.objects.filter(id__in=list(ids))))


def _view(row: Ticket, matter: MatterState, clocks: Sequence[SlaClockView]) -> TicketView:
    return TicketView(
        id=row.id,
        number=row.number,
        title=governance.mask_text(row.title),
        description=governance.mask_text(row.description),
        category=row.category,
        severity=row.severity,
        stage=Stage(row.stage),
        person=row.person,
        conversation=row.conversation,
        order_no=row.order_no,
        device_serial=row.device_serial,
        sku=row.sku,
        tags=tuple(row.tags),
        checklist=read_checklist(row),
        resolution=governance.mask_text(row.resolution),
        reopened=row.reopened,
        created_at=row.created_at,
        solved_at=row.solved_at,
        matter=matter,
        clocks=tuple(clocks),
    )


def read_checklist(row: Ticket) -> tuple[CheckItem, ...]:
    return msgspec.convert(row.checklist, tuple[CheckItem, ...])


def detail(actor: Actor, ticket: UUID) -> TicketDetail:
    row = row_for(actor, ticket)
    return TicketDetail(
        ticket=views([row])[0],
        links=tuple(_link(link) for link in TicketLink.objects.filter(ticket=row).order_by("id")),
        comments=tuple(_comment(one) for one in TicketComment.objects.filter(ticket=row).order_by("id")),
        history=tuple(_step(step) for step in TicketHistory.objects.filter(ticket=row).order_by("id")),
    )


def linked_to(kind: LinkKind, ref: str) -> list[TicketView]:
    """Tickets about an order, a device or another thing, newest first."""
    return views(list(Ticket.objects.filter(links__kind=kind, links__ref=ref).order_by("-id")))


def counts(actor: Actor) -> TicketCounts:
    rows = visible_to(actor).exclude(stage=Stage.CLOSED)
    by_stage = dict(rows.values_list("stage").annotate(Count("id")).order_by())
    by_severity = dict(rows.values_list("severity").annotate(Count("id")).order_by())
    breached = relay.breached(rows.values_list("id", flat=True))
    return TicketCounts(
        by_stage={stage: by_stage.get(stage, 0) for stage in Stage if stage is not Stage.CLOSED},
        by_severity={str(severity): by_severity.get(severity, 0) for severity in (1, 2, 3, 4)},
        breached=len(breached),
    )


def mine(rows: Sequence[Ticket]) -> list[MyTicket]:
    """What the tickets' own customers see: no internal comments, no names of staff."""
    comments: dict[UUID, list[Comment]] = {row.id: [] for row in rows}
    for one in TicketComment.objects.filter(ticket__in=rows, internal=False).order_by("id"):
        comments[one.ticket_id].append(_comment(one, by_name="", by_id=None))
    return [
        MyTicket(
            id=row.id,
            number=row.number,
            title=row.title,
            stage=Stage(row.stage),
            resolution=row.resolution,
            created_at=row.created_at,
            comments=tuple(comments[row.id]),
        )
        for row in rows
    ]


def _link(row: TicketLink) -> Link:
    return Link(kind=LinkKind(row.kind), ref=row.ref, label=row.label)


def _comment(row: TicketComment, **instead: Any) -> Comment:
    shown = {"by_name": row.by_name, "by_id": row.by_id} | instead
    text = governance.mask_text(row.text)
    return Comment(id=row.id, text=text, internal=row.internal, by_kind=row.by_kind, at=row.at, **shown)


def _step(row: TicketHistory) -> Step:
    return Step(
        what=row.what,
        before=governance.mask_text(row.before),
        after=governance.mask_text(row.after),
        by_kind=row.by_kind,
        by_id=row.by_id,
        at=row.at,
    )

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from annotated_types import MaxLen, MinLen, Predicate

from jieli.relay.contracts import MatterState, SlaClockView, storable

TicketId = NewType("TicketId", UUID)

Title = Annotated[str, MinLen(1), MaxLen(200), Predicate(storable)]
Word = Annotated[str, MaxLen(60), Predicate(storable)]
Prose = Annotated[str, MaxLen(8000), Predicate(storable)]


class Stage(StrEnum):
    """`solved`: the customer may still say that it is not; silence closes it."""

    NEW = "new"
    WORKING = "working"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_PARTNER = "waiting_partner"
    SOLVED = "solved"
    CLOSED = "closed"


class LinkKind(StrEnum):
    ORDER = "order"
    PARCEL = "parcel"
    DEVICE = "device"
    CONVERSATION = "conversation"
    TICKET = "ticket"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    kind: LinkKind
    ref: Word
    label: Annotated[str, MaxLen(200), Predicate(storable)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    text: str
    done: bool = False
    by: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An `internal` one is never shown to the customer."""

    id: UUID
    text: str
    internal: bool
    by_kind: str
    by_id: UUID | None
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of a ticket's history: `what` was it (opened, stage, severity, comment, checked, linked …)."""

    what: str
    before: str
    after: str
    by_kind: str
    by_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket with the matter it stands on; `matter.changed` frames replace `matter`, `ticket.changed` all of it."""

    id: UUID
    number: str
    title: str
    description: str
    category: str
    severity: int
    stage: Stage
    person: UUID | None
    conversation: UUID | None
    order_no: str
    device_serial: str
    sku: str
    tags: tuple[str, ...]
    checklist: tuple[CheckItem, ...]
    resolution: str
    reopened: int
    created_at: datetime
    solved_at: datetime | None
    matter: MatterState
    clocks: tuple[SlaClockView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDetail:
    ticket: TicketView
    links: tuple[Link, ...]
    comments: tuple[Comment, ...]
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCounts:
    """Open tickets by stage and by severity, and those past an SLA time."""

    by_stage: dict[str, int]
    by_severity: dict[str, int]
    breached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTicket:
    """A ticket as its customer may see it."""

    id: UUID
    number: str
    title: str
    stage: Stage
    resolution: str
    created_at: datetime
    comments: tuple[Comment, ...]

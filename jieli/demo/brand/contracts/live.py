from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from jieli.demo.brand.contracts.words import Words


class SessionState(StrEnum):
    SCHEDULED = "scheduled"
    ON_AIR = "on_air"
    ENDED = "ended"


class PromiseKind(StrEnum):
    GIFT = "gift"
    PRICE_PROTECTION = "price_protection"
    SHIP_WITHIN = "ship_within"
    FREE_INSTALL = "free_install"
    EXTENDED_WARRANTY = "extended_warranty"


class DueFrom(StrEnum):
    """The moment from which a promise's clock runs."""

    ORDER_PAID = "order_paid"
    DELIVERED = "delivered"
    INSTALL_BOOKED = "install_booked"
    WARRANTY_END = "warranty_end"


@dataclass(frozen=True, slots=True)
class Room:
    key: str
    name: Words
    platform: str
    host: str
    line: str


@dataclass(frozen=True, slots=True)
class OnAir:
    """`minute` counts from the start of the session."""

    sku: str
    minute: int
    live_price: Decimal
    script: Words


@dataclass(frozen=True, slots=True)
class DueRule:
    start: DueFrom
    hours: int


@dataclass(frozen=True, slots=True)
class HostPromise:
    """What a host said on air, word for word, and what it binds the brand to."""

    key: str
    session: str
    sku: str
    kind: PromiseKind
    said_at: datetime
    words: Words
    condition: Words
    due: DueRule


class OwedState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Owed:
    """A host's promise to one buyer; `due_at` is None while the moment it counts from has not come."""

    promise: str
    order: str
    customer: str
    made_at: datetime
    due_at: datetime | None
    state: OwedState
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LiveSession:
    key: str
    room: str
    title: Words
    state: SessionState
    starts_at: datetime
    ends_at: datetime
    on_air: tuple[OnAir, ...]

"""What crosses the door of live: rooms, sessions, what was on air, and what hosts promised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class SessionState(StrEnum):
    SCHEDULED = "scheduled"
    ON_AIR = "on_air"
    ENDED = "ended"


class PromiseKind(StrEnum):
    GIFT = "gift"
    PRICE = "price"
    SHIP_BY = "ship_by"
    INSTALL = "install"
    WARRANTY = "warranty"
    OTHER = "other"


class DueAfter(StrEnum):
    """The moment from which a host's promise runs."""

    ORDER_PAID = "order_paid"
    DELIVERED = "delivered"
    SESSION_END = "session_end"


@dataclass(frozen=True, slots=True)
class DueRule:
    after: DueAfter
    within_h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    key: str
    name: str
    host: str
    platform: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A SKU in a session: `position` is the number of its link, `price` yuan as a decimal string, `names` are what
    customers may call it."""

    sku: str
    position: int
    price: str
    on_air_from: datetime | None = None
    on_air_to: datetime | None = None
    script: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPromise:
    """What the host said, word for word; without `sku` it holds for the whole session. `evidence` says where to see
    it (recording, second)."""

    key: str
    kind: PromiseKind
    words: str
    said_at: datetime
    due: DueRule
    sku: str = ""
    conditions: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    key: str
    room: Room
    title: str
    starts_at: datetime
    ends_at: datetime
    state: SessionState
    items: tuple[Item, ...] = ()
    promises: tuple[HostPromise, ...] = ()
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session with all that belongs to it; imported again under the same `key`, it replaces what was there."""

    key: str
    room: str
    title: str
    starts_at: datetime
    ends_at: datetime
    items: tuple[Item, ...] = ()
    promises: tuple[HostPromise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    id: UUID
    key: str
    room: str
    room_name: str
    host: str
    title: str
    starts_at: datetime
    ends_at: datetime
    state: SessionState
    items: int
    promises: int


@dataclass(frozen=True, slots=True)
class OnAir:
    session: Session
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known besides the words: the room a customer came from, SKUs found in the message or the order."""

    room: str = ""
    skus: tuple[str, ...] = ()
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMention:
    """What a customer probably means. `score` 0..1; `reasons` are `code:words`, strongest first; `item` is None when
    only the session is clear; `promises` are those of the kinds that the customer's words name, or all."""

    session: Session
    item: Item | None
    promises: tuple[HostPromise, ...]
    score: float
    reasons: tuple[str, ...]

    @property
    def sku(self) -> str:
        return self.item.sku if self.item else ""

    @property
    def room(self) -> Room:
        return self.session.room

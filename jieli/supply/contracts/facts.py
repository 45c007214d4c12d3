import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class FactKind(StrEnum):
    ORDER = "order"
    PARCEL = "parcel"
    STOCK = "stock"
    RETURN = "return"
    REFUND = "refund"
    PROMOTION = "promotion"
    PRODUCT = "product"
    INVOICE = "invoice"
    WARRANTY = "warranty"


class UnknownReason(StrEnum):
    """Why there is no fact. `no_key`: the question names neither key nor owner; `not_theirs`: the key exists, but
    belongs to somebody else than the person asked for."""

    NO_SOURCE = "no_source"
    NO_KEY = "no_key"
    SLOW = "slow"
    BROKEN = "broken"
    RESTING = "resting"
    NOT_THEIRS = "not_theirs"


class Circuit(StrEnum):
    """`open`: the source failed too often and is left alone for a while; `half_open`: one question tries it again."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class OwnerKey:
    """By what a source knows a person: the kind of identity, and the keyed hash of its value."""

    kind: str
    blind: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What `source` vouched for at `as_of`.

    `value` is plain JSON in the shape of its kind (contracts/values.py): moments are ISO 8601 with an offset,
    amounts decimal strings in yuan. Names, phones and addresses in it are masked.
    """

    kind: FactKind
    key: str
    value: Mapping[str, Any]
    source: str
    as_of: datetime
    simulated: bool = False

    @property
    def seal(self) -> str:
        return seal_of(self.value)


def seal_of(value: Mapping[str, Any]) -> str:
    """A short fingerprint of a fact's value: whoever quotes the fact keeps it, and it can be checked later."""
    text = json.dumps(dict(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Quote:
    """A fact as an answer of the moment `at` named it. `asked`: it only says that the source was asked, in vain."""

    kind: str
    key: str
    source: str
    as_of: datetime | None
    seal: str
    at: datetime
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """No fact now: who was asked, when, and by when an answer is expected (None: asking again will not help).

    `last_known` are facts too old to answer with as if they were current; they may be shown with their age.
    """

    kind: FactKind
    key: str
    source: str
    asked_at: datetime
    back_by: datetime | None
    reason: UnknownReason
    last_known: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: by `key` (a number, a SKU; for parcels, returns, refunds and invoices the order's number works
    too), or everything of the kind that belongs to `person`. With both, only what belongs to the person is told."""

    person: UUID | None
    kind: FactKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`unknown` is None when the sources answered; then no facts means: there is nothing."""

    facts: list[Fact] = field(default_factory=list)
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """SKU → its names and aliases. The same object is returned until `version` changes."""

    version: str
    products: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source and how it is doing; `pulled` and `pushed` say when it last gave something that way."""

    name: str
    kind: str
    title: str
    kinds: tuple[FactKind, ...]
    enabled: bool
    simulated: bool
    circuit: Circuit
    last_ok_at: datetime | None
    last_error_at: datetime | None
    last_error: str
    latency_ms: int | None
    pushed_at: datetime | None
    push_path: str


@dataclass(frozen=True, slots=True)
class PushResult:
    """`ignored` facts were older than what is already known."""

    accepted: int
    ignored: int

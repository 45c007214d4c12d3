"""What sources and importers hand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from jieli.supply.contracts.facts import FactKind, OwnerKey

OwnerKind = Literal["phone", "email", "account", "wechat_unionid", "wechat_openid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFact:
    """A fact as a source hands it in: `value` already in the shape of its kind, `private` what only a reveal shows
    (receiver, phone, address in full), `owners` whom it belongs to."""

    kind: FactKind
    key: str
    value: Mapping[str, Any]
    as_of: datetime
    private: Mapping[str, str] = field(default_factory=dict)
    owners: frozenset[OwnerKey] = frozenset()
    person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedFact:
    """One fact in a push: `value` in the shape of its kind, `owner` by whom it is known (in full; stored as hashes),
    `private` what is stored sealed and shown masked. Without `as_of` it holds as of now."""

    kind: FactKind
    value: dict[str, Any]
    as_of: Annotated[datetime, Meta(tz=True)] | None = None
    owner: dict[OwnerKind, Annotated[str, Meta(max_length=200)]] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushBatch:
    facts: Annotated[list[PushedFact], Meta(max_length=1000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEntry:
    """One record of the demo's mini ERP; `order` is the order that it is part of, `owner` a blind index."""

    kind: FactKind
    key: str
    value: Mapping[str, Any]
    person: UUID | None = None
    owner: str = ""
    private: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoChange:
    """`patch` replaces top-level fields of the record's value; `track` is added to a parcel's tracks."""

    kind: FactKind
    key: str
    patch: Mapping[str, Any] = field(default_factory=dict)
    track: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """`settings` are those of the source's manifest; `kinds` what it is asked for."""

    name: str
    kind: str
    kinds: tuple[FactKind, ...]
    title: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

PersonId = NewType("PersonId", UUID)
IdentityId = NewType("IdentityId", UUID)
MergeId = NewType("MergeId", UUID)
ConflictId = NewType("ConflictId", UUID)


class IdentityKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    WECHAT_OPENID = "wechat_openid"
    WECHAT_UNIONID = "wechat_unionid"
    ACCOUNT = "account"
    DEVICE = "device"
    WEB_VISITOR = "web_visitor"
    OPEN_SENDER = "open_sender"
    CTI_CALLER = "cti_caller"
    CONTACT = "contact"  # one contact by itself, made here when nothing in it says who it was


class Tier(StrEnum):
    NORMAL = "normal"
    SILVER = "silver"
    GOLD = "gold"
    BLACK = "black"


class Confidence(StrEnum):
    """`certain`: verified or given by the platform; `likely`: a strong key as told; `hint`: weak, never merges."""

    CERTAIN = "certain"
    LIKELY = "likely"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a contact says about its sender.

    `namespace` is the app, shop or channel inside which the value means one person; it is empty for phones,
    e-mails, devices and unionids. `verified`: its owner proved it (login, SMS code, platform). `strong`: the channel
    vouches that it is the sender's own (caller number, registered owner of a device), not merely mentioned.
    """

    kind: IdentityKind
    namespace: str
    value: str
    verified: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """The first key is the channel's own sender key. `source` names channel and message, for the evidence."""

    keys: tuple[Key, ...]
    name: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolution:
    """`person` is canonical; `own` is the one the channel key belongs to, which a merge may have joined to it: rows
    kept under `own` need no repair when that merge is undone. `linked` are keys linked now."""

    person: PersonId
    created: bool
    linked: tuple[IdentityId, ...]
    conflict: bool
    own: PersonId


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`name` is None for whoever has not revealed it. `id` is canonical."""

    id: PersonId
    name_masked: str
    name: str | None
    tier: Tier
    locale: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityView:
    id: IdentityId
    person: PersonId
    kind: IdentityKind
    namespace: str
    masked: str
    strong: bool
    verified: bool
    why: str
    confidence: Confidence
    since: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class EvidenceView:
    identity: IdentityId
    person: PersonId
    source: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trait:
    value: Any
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonView:
    card: PersonCard
    identities: tuple[IdentityView, ...]
    traits: Mapping[str, Trait]
    merges: tuple["MergeView", ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Revealed:
    """`value` may be shown until `until`; then the screen masks it again."""

    person: PersonId
    field: str
    value: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two values of a kind of which one person has one: `left` and `right` are masked."""

    kind: IdentityKind
    namespace: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    survivor: PersonCard
    absorbed: PersonCard
    identities: tuple[IdentityView, ...]
    contradictions: tuple[Contradiction, ...]
    journey_entries: int
    kept_apart: bool


@dataclass(frozen=True, slots=True)
class MergeView:
    id: MergeId
    survivor: PersonId
    absorbed: PersonId
    identities: tuple[IdentityId, ...]
    by: str
    why: str
    automatic: bool
    at: datetime
    undone_at: datetime | None


class ConflictState(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    APART = "apart"


class ConflictCause(StrEnum):
    CONTRADICTING_KEYS = "contradicting_keys"
    MERGE_UNDONE = "merge_undone"
    UNLINKED = "unlinked"


@dataclass(frozen=True, slots=True)
class ConflictView:
    """`right` is None when a key contradicts the person it came with and belongs to nobody yet."""

    id: ConflictId
    left: PersonCard
    right: PersonCard | None
    kind: IdentityKind
    namespace: str
    masked: str
    cause: ConflictCause
    state: ConflictState
    at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJourneyEntry:
    """`code` names a sentence of the screens' words and `params` fill it. With `once`, a second entry of the same
    module and `once` is left out."""

    person: UUID
    at: datetime
    kind: str
    code: str
    module: str
    params: Mapping[str, Any] = field(default_factory=dict)
    ref: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class JourneyLine:
    id: UUID
    person: PersonId
    at: datetime
    kind: str
    code: str
    params: Mapping[str, Any]
    ref: str
    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A known customer from another system; the keys were checked there."""

    keys: tuple[Key, ...]
    name: str
    source: str
    at: datetime
    tier: Tier = Tier.NORMAL
    locale: str = "zh-hans"
    tags: tuple[str, ...] = ()
    traits: Mapping[str, Any] = field(default_factory=dict)

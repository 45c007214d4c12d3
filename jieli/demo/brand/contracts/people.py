from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jieli.demo.brand.contracts.words import Words


class Tier(StrEnum):
    NORMAL = "normal"
    SILVER = "silver"
    GOLD = "gold"
    BLACK = "black"


class IdentityKind(StrEnum):
    PHONE = "phone"
    OPENID_OFFICIAL = "openid_official"
    OPENID_MINI = "openid_mini"
    UNIONID = "unionid"
    ACCOUNT = "account"
    EMAIL = "email"
    DEVICE = "device"


class ConflictKind(StrEnum):
    HOUSEHOLD_PHONE = "household_phone"
    RECYCLED_PHONE = "recycled_phone"
    SHARED_EMAIL = "shared_email"
    RESOLD_DEVICE = "resold_device"
    TWO_UNIONIDS = "two_unionids"


@dataclass(frozen=True, slots=True)
class Identity:
    """A key by which a person is recognised; `app` is the WeChat app for openids, otherwise empty."""

    kind: IdentityKind
    value: str
    app: str
    verified: bool
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Address:
    province: str
    city: str
    district: str
    street: str
    receiver: str
    phone: str

    @property
    def line(self) -> str:
        return f"{self.province}{self.city}{self.district}{self.street}"


@dataclass(frozen=True, slots=True)
class Customer:
    """`household` groups people who live at one address; empty for those who live alone."""

    key: str
    name: str
    nickname: str
    tier: Tier
    language: str
    joined_at: datetime
    points: int
    marketing_consent: bool
    household: str
    identities: tuple[Identity, ...]
    addresses: tuple[Address, ...]
    traits: tuple[str, ...]

    def identity(self, kind: IdentityKind) -> str | None:
        return next((one.value for one in self.identities if one.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Device:
    serial: str
    sku: str
    customer: str
    order: str
    bought_at: datetime
    warranty_until: datetime


@dataclass(frozen=True, slots=True)
class IdentityConflict:
    """Two customers hold one identity (or one customer holds two that exclude each other): a human decides."""

    key: str
    kind: ConflictKind
    identity: IdentityKind
    value: str
    customers: tuple[str, ...]
    reason: Words

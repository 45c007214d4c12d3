"""The brand's customers as One-ID imports them, with the keys that channels will bring."""

from collections.abc import Mapping

from jieli.demo.brand.contracts import Customer, DemoBrand
from jieli.demo.brand.contracts import Identity as Held
from jieli.demo.brand.contracts import IdentityKind as Kind
from jieli.identity import facade as identity
from jieli.identity.contracts import IdentityKind, Key, NewPerson, PersonId, Tier
from jieli.kernel.actor import SYSTEM

CRM, SHOP = "crm", "shop"
SOURCE = "demo:crm"
_NAMES = {
    Kind.PHONE: (IdentityKind.PHONE, ""),
    Kind.UNIONID: (IdentityKind.WECHAT_UNIONID, ""),
    Kind.ACCOUNT: (IdentityKind.ACCOUNT, SHOP),
    Kind.EMAIL: (IdentityKind.EMAIL, ""),
    Kind.DEVICE: (IdentityKind.DEVICE, ""),
}


def load(brand: DemoBrand) -> Mapping[str, PersonId]:
    """Whom each customer of the brand is. Idempotent."""
    found = identity.import_persons(SYSTEM, [_person(one) for one in brand.customers])
    return dict(zip((one.key for one in brand.customers), found, strict=True))


def _person(one: Customer) -> NewPerson:
    """Two records of the CRM are never joined by themselves: what they share becomes a conflict for a human."""
    member = Key(IdentityKind.ACCOUNT, CRM, one.key, verified=True, strong=True)
    return NewPerson(
        keys=(member, *map(key_of, one.identities)),
        name=one.name,
        source=SOURCE,
        at=one.joined_at,
        tier=Tier(one.tier.value),
        locale="en" if one.language == "en" else "zh-hans",
        tags=one.traits,
        traits={
            "nickname": one.nickname,
            "points": one.points,
            "city": one.addresses[0].city,
            "household": one.household,
            "since": one.joined_at.date().isoformat(),
        },
    )


def key_of(held: Held) -> Key:
    """As reception's contacts will bring it: openids within their app, accounts within the shop. The registered
    phone is the member's own; an e-mail or a device counts once it was verified."""
    if held.kind in (Kind.OPENID_MINI, Kind.OPENID_OFFICIAL):
        return Key(IdentityKind.WECHAT_OPENID, held.app, held.value, verified=True, strong=True)
    kind, namespace = _NAMES[held.kind]
    strong = held.verified or held.kind is Kind.PHONE
    return Key(kind, namespace, held.value, verified=held.verified, strong=strong)

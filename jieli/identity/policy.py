"""Which keys recognise a person, which exclude each other, and how sure a key is. Pure."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from jieli.identity import normalise
from jieli.identity.contracts import Confidence, IdentityKind, Key

DECIDER = "one-id@1"

Slot = tuple[IdentityKind, str]
"""A kind and its namespace: where one person has one value, or may have several."""

_GIVEN_BY_PLATFORM = frozenset(
    {
        IdentityKind.WECHAT_OPENID,
        IdentityKind.WECHAT_UNIONID,
        IdentityKind.WEB_VISITOR,
        IdentityKind.OPEN_SENDER,
        IdentityKind.CTI_CALLER,
        IdentityKind.CONTACT,
    }
)
# One person has one of each per namespace. Two phones, e-mails, browsers or devices are nothing unusual.
EXCLUSIVE = frozenset({IdentityKind.WECHAT_UNIONID, IdentityKind.WECHAT_OPENID, IdentityKind.ACCOUNT})
# Used by whoever sits at them.
_SHARED = frozenset(
    {IdentityKind.WEB_VISITOR, IdentityKind.CTI_CALLER, IdentityKind.DEVICE, IdentityKind.PHONE}
)
_TRUST = (
    IdentityKind.WECHAT_UNIONID,
    IdentityKind.ACCOUNT,
    IdentityKind.WECHAT_OPENID,
    IdentityKind.PHONE,
    IdentityKind.EMAIL,
    IdentityKind.DEVICE,
    IdentityKind.CTI_CALLER,
    IdentityKind.OPEN_SENDER,
    IdentityKind.WEB_VISITOR,
    IdentityKind.CONTACT,
)


@dataclass(frozen=True, slots=True)
class ReadKey:
    """A key as it is looked up: `blind` is equal for equal (kind, namespace, value)."""

    kind: IdentityKind
    namespace: str
    value: str
    blind: str
    strong: bool
    verified: bool
    weakness: str

    @property
    def slot(self) -> Slot:
        return (self.kind, self.namespace)


def is_strong(key: Key, normal: normalise.Normal) -> bool:
    """Whether the key means one person: given by a platform, proved, or vouched for by the channel, and of a value
    that can mean one person at all. A device counts only for its registered owner."""
    if normal.weakness:
        return False
    return key.kind in _GIVEN_BY_PLATFORM or key.verified or key.strong


def is_exclusive(kind: IdentityKind) -> bool:
    return kind in EXCLUSIVE


def is_shared(kind: IdentityKind) -> bool:
    return kind in _SHARED


def contradictions(left: Mapping[Slot, Set[str]], right: Mapping[Slot, Set[str]]) -> list[Slot]:
    """Slots of which one person has one value, filled differently on both sides."""
    return sorted(
        slot
        for slot, values in left.items()
        if is_exclusive(slot[0]) and values and right.get(slot) and values != right[slot]
    )


def trust(key: ReadKey) -> tuple[bool, int]:
    """Sorts the keys that a person may be recognised by: proved ones first, then by how personal the kind is."""
    return (not key.verified, _TRUST.index(key.kind))


def survivor(sizes: Iterable[tuple[int, UUID]]) -> UUID:
    """Of several persons the one with most strong keys stays; of equals the oldest (ids are UUIDv7)."""
    return min(sizes, key=lambda one: (-one[0], one[1]))[1]


def conflict_once(left: UUID, right: UUID | None, blind: str) -> str:
    first, second = sorted([str(left), str(right or "")])
    return f"{first}:{second}:{blind}"


def confidence(*, kind: IdentityKind, strong: bool, verified: bool) -> Confidence:
    if not strong:
        return Confidence.HINT
    if verified or kind in {IdentityKind.WECHAT_OPENID, IdentityKind.WECHAT_UNIONID}:
        return Confidence.CERTAIN
    return Confidence.LIKELY

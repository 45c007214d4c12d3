"""Makes a fact of what an outside system sent: checked, masked, with its owners as keyed hashes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jieli.governance import facade as governance
from jieli.supply import owners, policy, shapes
from jieli.supply.contracts import FactKind, RawFact
from jieli.supply.errors import FactUnusable

_MASKS = {
    "receiver": ("receiver_masked", governance.mask_name),
    "phone": ("phone_masked", governance.mask_phone),
    "address": ("address_masked", governance.mask_address),
    "title": ("title_masked", governance.mask_name),
}
_LONGEST_PRIVATE = 1000


def fact(
    kind: FactKind,
    value: Mapping[str, Any],
    *,
    as_of: datetime,
    owner: Mapping[Any, str],
    private: Mapping[str, str],
    namespaces: Mapping[str, str],
    now: datetime,
) -> RawFact:
    """Raises `FactUnusable` for a value of another shape, an unusable key, or a moment that is still to come."""
    if as_of > now + policy.CLOCK_SKEW:
        raise FactUnusable(f"{kind}: “as_of” is in the future.")
    hidden = _private(private)
    shown = shapes.checked(kind, _with_masks(kind, value, hidden))
    key = shapes.key_of(kind, shown)
    if not policy.can_be_a_key(key):
        raise FactUnusable(f"{kind}: its key cannot be used.")
    return RawFact(
        kind=kind,
        key=key,
        value=shown,
        as_of=min(as_of, now),
        private=hidden,
        owners=owners.keys(_phone_of(hidden) | dict(owner), namespaces),
    )


def _private(given: Mapping[str, str]) -> dict[str, str]:
    strange = sorted(set(given) - set(_MASKS))
    if strange:
        raise FactUnusable(f"“private” may hold {', '.join(_MASKS)}; not {strange[0]}.")
    for name, text in given.items():
        if len(text) > _LONGEST_PRIVATE or not text.isprintable():
            raise FactUnusable(f"“private.{name}” is too long, or holds characters that are no text.")
    return {name: text for name, text in given.items() if text}


def _phone_of(private: Mapping[str, str]) -> dict[str, str]:
    """The receiver's phone says whose it is, unless the source names the buyer's."""
    return {"phone": private["phone"]} if "phone" in private else {}


def _with_masks(kind: FactKind, value: Mapping[str, Any], private: Mapping[str, str]) -> dict[str, Any]:
    made = {field: mask(private[name]) for name, (field, mask) in _MASKS.items() if name in private}
    return dict(value) | made

"""Checks what a source sends against the shape of its kind, before anything of it is stored."""

from collections.abc import Mapping
from typing import Any

import msgspec

from jieli.supply.contracts import VALUES, FactKind
from jieli.supply.errors import FactUnusable

_LARGEST = 64 * 1024
_KEY_FIELD = {
    FactKind.PARCEL: "tracking",
    FactKind.STOCK: "sku",
    FactKind.PRODUCT: "sku",
    FactKind.PROMOTION: "code",
    FactKind.WARRANTY: "serial",
}


def checked(kind: FactKind, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value with only the fields of its kind; raises `FactUnusable` naming the first field that does not fit."""
    try:
        found: dict[str, Any] = msgspec.to_builtins(msgspec.convert(dict(value), VALUES[kind]))
        encoded = msgspec.json.encode(found)
    except msgspec.ValidationError as error:
        raise FactUnusable(f"{kind}: {error}") from None
    except (UnicodeEncodeError, TypeError, ValueError):
        raise FactUnusable(f"{kind}: holds text or numbers that JSON cannot carry.") from None
    if b"\\u0000" in encoded:
        raise FactUnusable(f"{kind}: holds a NUL character.")
    if len(encoded) > _LARGEST:
        raise FactUnusable(f"{kind}: is larger than {_LARGEST // 1024} KiB.")
    return found


def key_of(kind: FactKind, value: Mapping[str, Any]) -> str:
    """The key under which a checked value is known: its order number, tracking number, SKU, code or serial."""
    return str(value[_KEY_FIELD.get(kind, "number")])


def order_of(value: Mapping[str, Any]) -> str:
    return str(value.get("order", ""))

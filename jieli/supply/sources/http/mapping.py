"""From another system's JSON to the value of a fact, by a mapping that operations write.

A field is a path ("data.items.0.no"), or an object: {"from": path, "as": "text|money|fen|time|int|float|bool",
"map": {"10": "paid"}, "default": …}, or {"from": path, "each": {field: …}} for lists, or {"fields": {…}} for an
object made from this level, or {"const": …}. What the answer does not hold is left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from jieli.supply.errors import FactUnusable

_MISSING = object()
_MILLISECONDS = 10**11
_DEPTH = 6


def at(value: Any, path: str) -> Any:
    """The value at a dotted path, or a marker that is not `None` when there is none; "" is the value itself."""
    for step in filter(None, path.split(".")):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return _MISSING
    return value


def is_missing(value: Any) -> bool:
    return value is _MISSING or value is None or value == ""


def mapped(fields: Mapping[str, Any], source: Any, *, zone: ZoneInfo, depth: int = 0) -> dict[str, Any]:
    """Raises `FactUnusable` naming the field that cannot be read as it should."""
    if depth > _DEPTH:
        raise FactUnusable("The mapping is nested too deeply.")
    made = {name: _field(name, spec, source, zone, depth) for name, spec in fields.items()}
    return {name: value for name, value in made.items() if value is not _MISSING}


def _field(name: str, spec: Any, source: Any, zone: ZoneInfo, depth: int) -> Any:
    if isinstance(spec, str):
        spec = {"from": spec}
    if "const" in spec:
        return spec["const"]
    if "fields" in spec:
        return (
            mapped(spec["fields"], at(source, spec.get("from", "")), zone=zone, depth=depth + 1) or _MISSING
        )
    value = at(source, spec.get("from", name))
    if is_missing(value):
        return spec.get("default", _MISSING)
    if "each" in spec:
        return _each(name, spec["each"], value, zone, depth)
    if "map" in spec:
        return spec["map"].get(str(value), spec.get("default", str(value)))
    return converted(name, spec.get("as", ""), value, zone)


def _each(name: str, spec: Any, value: Any, zone: ZoneInfo, depth: int) -> list[Any]:
    if not isinstance(value, list):
        raise FactUnusable(f"{name}: a list was expected.")
    if isinstance(spec, str):
        found = (at(one, spec) for one in value)
        return [one for one in found if not is_missing(one)]
    return [mapped(spec, one, zone=zone, depth=depth + 1) for one in value]


def converted(name: str, kind: str, value: Any, zone: ZoneInfo) -> Any:
    if not kind:
        return value
    try:
        return _CONVERT[kind](value, zone)
    except (ValueError, TypeError, InvalidOperation, OverflowError, OSError):
        raise FactUnusable(f"{name}: {str(value)[:60]!r} cannot be read as {kind}.") from None


def _money(value: Any, _zone: ZoneInfo) -> str:
    amount = Decimal(str(value))
    if not amount.is_finite():
        raise ValueError(value)
    return format(amount.quantize(Decimal("0.01")), "f")


def _fen(value: Any, zone: ZoneInfo) -> str:
    return _money(Decimal(str(value)) / 100, zone)


def _time(value: Any, zone: ZoneInfo) -> str:
    """ISO 8601, or seconds or milliseconds since 1970; a moment without an offset is in the source's zone."""
    if isinstance(value, int | float) or str(value).isdigit():
        number = float(value)
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC).isoformat()
    moment = datetime.fromisoformat(str(value).strip().replace("/", "-"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def _bool(value: Any, _zone: ZoneInfo) -> bool:
    return str(value).lower() in {"1", "true", "yes", "y", "是"}


_CONVERT: Mapping[str, Callable[[Any, ZoneInfo], Any]] = {
    "text": lambda value, _zone: str(value),
    "money": _money,
    "fen": _fen,
    "time": _time,
    "int": lambda value, _zone: int(Decimal(str(value))),
    "float": lambda value, _zone: float(value),
    "bool": _bool,
}
CONVERSIONS = frozenset(_CONVERT)

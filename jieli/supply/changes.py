"""What moved between two values of a fact, as events."""

from collections.abc import Mapping
from typing import Any

from jieli.supply import policy
from jieli.supply.contracts import FactKind, RawFact
from jieli.supply.events import ParcelMoved, StockChanged


def between(
    before: Mapping[str, Any] | None, after: RawFact, source: str
) -> list[ParcelMoved | StockChanged]:
    if after.kind is FactKind.PARCEL:
        return _parcel(before, after, source)
    if after.kind is FactKind.STOCK:
        return _stock(before, after, source)
    return []


def _parcel(
    before: Mapping[str, Any] | None, after: RawFact, source: str
) -> list[ParcelMoved | StockChanged]:
    was = policy.parcel_position(before) if before else ("", "")
    is_now = policy.parcel_position(after.value)
    if was == is_now:
        return []
    order = str(after.value.get("order", ""))
    return [ParcelMoved(after.key, order, was[0], is_now[0], is_now[1], source, after.person)]


def _stock(before: Mapping[str, Any] | None, after: RawFact, source: str) -> list[ParcelMoved | StockChanged]:
    was = policy.available(before) if before else None
    is_now = policy.available(after.value)
    return [] if was == is_now else [StockChanged(after.key, was, is_now, source)]

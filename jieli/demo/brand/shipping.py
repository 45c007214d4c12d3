"""Parcels of an order: warehouse, carrier, tracking number, track and the promised arrival."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from jieli.demo.brand import catalogue, people, tracks
from jieli.demo.brand.contracts.catalogue import Sku, Warehouse
from jieli.demo.brand.contracts.people import Address
from jieli.demo.brand.contracts.trade import (
    Carrier,
    OrderLine,
    OrderState,
    Parcel,
    ParcelState,
    Production,
    TrackPoint,
)
from jieli.demo.brand.policies import Policies
from jieli.demo.brand.recipes import Recipe
from jieli.demo.brand.tracks import Route

# Which warehouse serves which province; everything not named here leaves from Jiaxing.
_SERVED_FROM = {
    "hn": {"广东省", "广西壮族自治区", "海南省", "福建省", "湖南省", "云南省"},
    "hb": {"北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "山东省", "河南省"},
    "xn": {
        "四川省",
        "重庆市",
        "贵州省",
        "西藏自治区",
        "陕西省",
        "甘肃省",
        "青海省",
        "宁夏回族自治区",
        "新疆维吾尔自治区",
    },
    "db": {"辽宁省", "吉林省", "黑龙江省"},
}
_FALLBACK = "hd"
_EVENING_UTC = 12  # 20:00 in Shanghai


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a parcel before it belongs to an order."""

    carrier_seed: float
    track: tuple[TrackPoint, ...]


@cache
def _warehouses() -> dict[str, Warehouse]:
    return {one.key: one for one in catalogue.warehouses()}


@cache
def _zones() -> dict[str, str]:
    return {one.city: one.zone for one in people.cities()}


@cache
def _carriers(*, oversized: bool) -> tuple[Carrier, ...]:
    return tuple(one for one in tracks.carriers() if one.oversized is oversized)


def route_for(receiver: Address, goods: tuple[Sku, ...]) -> Route:
    lines = {sku.line for sku in goods}
    near = next((key for key, served in _SERVED_FROM.items() if receiver.province in served), _FALLBACK)
    place = _warehouses()[near]
    if not lines <= set(place.serves):
        place = _warehouses()[_FALLBACK]
    return Route(place.key, place.city, receiver, _zones()[receiver.city])


def draft(
    rng: random.Random, route: Route, recipe: Recipe, last: datetime, *, not_before: datetime | None
) -> Draft | None:
    """A parcel's way that ends at `last`; with `not_before` it begins at least three hours after that."""
    if recipe.parcel is None:
        return None
    track = tracks.track(rng, route, recipe.parcel, recipe.exception, last)
    if not_before is not None:
        track = tracks.squeezed(track, not_before + timedelta(hours=3))
    return Draft(rng.random(), track)


def promised(
    policies: Policies, route: Route, goods: tuple[Sku, ...], paid: datetime, made: Production | None
) -> datetime:
    """When the brand said it would arrive: by 20:00 Shanghai time of the last day of its policy."""
    if made:
        return made.due_at
    days = {"near": policies.near_days, "far": policies.far_days, "remote": policies.remote_days}[route.zone]
    if any(sku.oversized for sku in goods):
        days = max(days, policies.oversized_days)
    day = paid + timedelta(hours=policies.ship_hours / 2, days=days)
    return datetime(day.year, day.month, day.day, _EVENING_UTC, tzinfo=UTC)


def parcels(
    rng: random.Random,
    order: str,
    lines: tuple[OrderLine, ...],
    skus: dict[str, Sku],
    recipe: Recipe,
    route: Route,
    shipped: Draft | None,
    arrival: datetime,
) -> tuple[Parcel, ...]:
    """One parcel for everything; of a partly shipped order the last line is still in the warehouse."""
    if shipped is None or recipe.parcel is None:
        return ()
    packed = lines[:-1] if recipe.state is OrderState.PARTLY_SHIPPED else lines
    fleet = _carriers(oversized=any(skus[one.sku].oversized for one in packed))
    carrier = fleet[int(shipped.carrier_seed * len(fleet))]
    delivered = shipped.track[-1].at if recipe.parcel is ParcelState.DELIVERED else None
    return (
        Parcel(
            key=f"{order}-1",
            order=order,
            carrier=carrier.key,
            tracking_no=tracks.tracking_number(rng, carrier),
            state=recipe.parcel,
            exception=recipe.exception,
            skus=tuple(one.sku for one in packed),
            warehouse=route.warehouse,
            created_at=shipped.track[0].at,
            promised_at=arrival,
            delivered_at=delivered,
            track=shipped.track,
        ),
    )

"""What carriers say on a parcel's way, and when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jieli.demo.brand import data
from jieli.demo.brand.contracts.people import Address
from jieli.demo.brand.contracts.trade import Carrier, ParcelException, ParcelState, TrackPoint
from jieli.demo.brand.contracts.words import Words

_P, _X = ParcelState, ParcelException
_HUB_HOURS = {"near": 10.0, "far": 30.0, "remote": 72.0}


@dataclass(frozen=True, slots=True)
class Route:
    """From a warehouse's city to an address; `zone` is how far that is."""

    warehouse: str
    from_city: str
    to: Address
    zone: str


@dataclass(frozen=True, slots=True)
class _Step:
    state: ParcelState
    hours: float
    place: str
    what: Words


def carriers() -> tuple[Carrier, ...]:
    rows = data.table("warehouses")["carriers"]
    return tuple(
        Carrier(key, Words(zh, en), hotline, pattern, oversized)
        for key, zh, en, hotline, pattern, oversized in rows
    )


def tracking_number(rng: random.Random, carrier: Carrier) -> str:
    return "".join(str(rng.randint(0, 9)) if sign == "#" else sign for sign in carrier.pattern)


def track(
    rng: random.Random, route: Route, state: ParcelState, exception: ParcelException | None, last: datetime
) -> tuple[TrackPoint, ...]:
    """The points up to `state`, timed backwards from the last one."""
    steps = [*_until(state, route), *_odd_end(state, exception, route)]
    slower = rng.uniform(0.85, 1.25)
    moments = [step.hours * slower for step in steps]
    return tuple(
        TrackPoint(last - timedelta(hours=moments[-1] - hours), step.place, step.state, step.what)
        for step, hours in zip(steps, moments, strict=True)
    )


def squeezed(track: tuple[TrackPoint, ...], start: datetime) -> tuple[TrackPoint, ...]:
    """The same way in less time, where it would have begun before `start`."""
    first, last = track[0].at, track[-1].at
    if first >= start or last <= start:
        return track
    share = (last - start) / (last - first)
    return tuple(replace(one, at=last - (last - one.at) * share) for one in track)


def _until(state: ParcelState, route: Route) -> Iterator[_Step]:
    way = _way(route)
    if state is _P.RETURNED:
        return iter(way[:-1])
    if state is _P.EXCEPTION:
        return iter(way[:4])
    return (step for step in way if _rank(step.state) <= _rank(state))


def _rank(state: ParcelState) -> int:
    return list(_P).index(state)


def _way(route: Route) -> list[_Step]:
    there, here, hub = route.to.city, route.from_city, _HUB_HOURS[route.zone]
    door = f"{there}{route.to.district}"
    return [
        _Step(_P.LABEL_CREATED, 0, here, Words("仓库已打单，等待快递揽收", "Label created, waiting for pick-up")),
        _Step(_P.PICKED_UP, 4, here, Words(f"{here}已揽收", "Picked up by the carrier")),
        _Step(_P.IN_TRANSIT, 7, here, Words(f"快件离开{here}转运中心，发往{there}", "Left the origin hub")),
        _Step(_P.IN_TRANSIT, 7 + hub, there, Words(f"快件到达{there}转运中心", "Reached the destination hub")),
        _Step(_P.OUT_FOR_DELIVERY, 15 + hub, door, Words(f"快件到达{door}营业点，快递员正在派送", "Out for delivery")),
        _Step(_P.DELIVERED, 20 + hub, door, Words("已签收，感谢使用", "Delivered and signed for")),
    ]  # fmt: skip


def _odd_end(state: ParcelState, exception: ParcelException | None, route: Route) -> list[_Step]:
    hub, there = _HUB_HOURS[route.zone], route.to.city
    if state is _P.RETURNED:
        return [
            _Step(_P.RETURNED, 40 + hub, there, Words("快件退回途中", "On its way back")),
            _Step(
                _P.RETURNED, 60 + 2 * hub, route.from_city, Words("退件已到仓签收", "Back in the warehouse")
            ),
        ]
    if exception is None or exception is _X.STUCK:
        return []
    return [_Step(_P.EXCEPTION, 18 + hub, there, _ODD[exception])]


_ODD = {
    _X.LOST: Words("快件在转运中心查找中，疑似遗失", "Being searched for in the hub, probably lost"),
    _X.DAMAGED: Words("外包装破损，已登记异常", "Packaging damaged, exception registered"),
    _X.REFUSED: Words("收件人拒收，等待处理", "The receiver refused it, waiting for instructions"),
    _X.ADDRESS_PROBLEM: Words("地址不详，联系不上收件人", "Address incomplete, receiver not reached"),
}

"""What each buyer of a livestream is owed by the host's words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from jieli.demo.brand.contracts.live import DueFrom, HostPromise, Owed, OwedState, PromiseKind
from jieli.demo.brand.contracts.trade import Order, OrderState, ParcelState


def owed(promises: tuple[HostPromise, ...], orders: tuple[Order, ...], now: datetime) -> tuple[Owed, ...]:
    """One row for every order placed in a session about whose goods its host promised something."""
    return tuple(
        _owed(promise, order, now)
        for order in orders
        if order.session and order.paid_at
        for promise in _about(promises, order)
    )


def _about(promises: tuple[HostPromise, ...], order: Order) -> Iterator[HostPromise]:
    bought = {line.sku for line in order.lines}
    for one in promises:
        if one.session == order.session and one.sku in bought:
            yield one


def _owed(promise: HostPromise, order: Order, now: datetime) -> Owed:
    starts = _counts_from(promise.due.start, order)
    due = starts + timedelta(hours=promise.due.hours) if starts else None
    kept_at = _left_at(order) if promise.kind is PromiseKind.SHIP_WITHIN else None
    return Owed(
        promise=promise.key,
        order=order.number,
        customer=order.customer,
        made_at=promise.said_at,
        due_at=due,
        state=_state(due, kept_at, now),
        settled_at=kept_at,
    )


def _counts_from(start: DueFrom, order: Order) -> datetime | None:
    """Bookings are made later, in the product itself, so a clock that runs from one has not started."""
    if start is DueFrom.ORDER_PAID:
        return order.paid_at
    if start is DueFrom.DELIVERED and order.state is OrderState.DELIVERED:
        return order.parcels[0].delivered_at
    return None


def _left_at(order: Order) -> datetime | None:
    points = (point for parcel in order.parcels for point in parcel.track)
    return next((point.at for point in points if point.state is ParcelState.PICKED_UP), None)


def _state(due: datetime | None, kept_at: datetime | None, now: datetime) -> OwedState:
    if kept_at is not None and due is not None:
        return OwedState.KEPT if kept_at <= due else OwedState.BROKEN
    return OwedState.BROKEN if due is not None and due < now else OwedState.OPEN

"""Livestreams with what their hosts promised, and what each buyer is owed by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from jieli.demo.brand.contracts import DemoBrand, DueFrom, LiveSession, Order, Owed, OwedState, PromiseKind
from jieli.demo.brand.contracts import HostPromise as Promised
from jieli.identity.contracts import PersonId
from jieli.kernel.actor import SYSTEM
from jieli.live import facade as live
from jieli.live.contracts import DueAfter, DueRule, HostPromise, Item, NewSession, Room
from jieli.live.contracts import PromiseKind as Kind
from jieli.promises import facade as promises
from jieli.promises.contracts import MadeBy, NewPromise, Promise, PromiseState
from jieli.promises.contracts import PromiseKind as Ledger

_KINDS = {
    PromiseKind.GIFT: (Kind.GIFT, Ledger.GIFT),
    PromiseKind.PRICE_PROTECTION: (Kind.PRICE, Ledger.PRICE),
    PromiseKind.SHIP_WITHIN: (Kind.SHIP_BY, Ledger.SHIP_BY),
    PromiseKind.FREE_INSTALL: (Kind.INSTALL, Ledger.INSTALL),
    PromiseKind.EXTENDED_WARRANTY: (Kind.WARRANTY, Ledger.WARRANTY),
}
_PAID_TO_DELIVERED = timedelta(days=7)


def load(brand: DemoBrand, persons: Mapping[str, PersonId]) -> None:
    live.import_rooms(
        [
            Room(key=one.key, name=one.name.zh, name_en=one.name.en, host=one.host, platform=one.platform)
            for one in brand.rooms
        ]
    )
    live.import_sessions([_session(one, brand) for one in brand.sessions])
    said = {one.key: one for one in brand.promises}
    bought = {one.number: one for one in brand.orders}
    made = promises.record_many(
        SYSTEM,
        [_owed(one, said[one.promise], bought[one.order], persons[one.customer]) for one in brand.owed],
    )
    for one, row in zip(brand.owed, made, strict=True):
        _settle(one, row)


def _session(one: LiveSession, brand: DemoBrand) -> NewSession:
    return NewSession(
        key=one.key,
        room=one.room,
        title=one.title.zh,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        items=_items(one, {sku.code: sku.aliases for sku in brand.skus}),
        promises=tuple(_promise(each, one) for each in brand.promises if each.session == one.key),
    )


def _items(session: LiveSession, names: Mapping[str, tuple[str, ...]]) -> tuple[Item, ...]:
    """Each item is on air until the next one begins."""
    shown = sorted(session.on_air, key=lambda one: one.minute)
    starts = [session.starts_at + timedelta(minutes=one.minute) for one in shown]
    return tuple(
        Item(
            sku=one.sku,
            position=position,
            price=str(one.live_price),
            on_air_from=begins,
            on_air_to=ends,
            script=one.script.zh,
            names=names[one.sku],
        )
        for position, (one, (begins, ends)) in enumerate(
            zip(shown, pairwise([*starts, session.ends_at]), strict=True), 1
        )
    )


def _promise(one: Promised, session: LiveSession) -> HostPromise:
    """A visit is booked when the goods are there, so a clock that runs from the booking counts from delivery."""
    return HostPromise(
        key=one.key,
        kind=_KINDS[one.kind][0],
        words=one.words.zh,
        said_at=one.said_at,
        due=DueRule(
            DueAfter.ORDER_PAID if one.due.start is DueFrom.ORDER_PAID else DueAfter.DELIVERED, one.due.hours
        ),
        sku=one.sku,
        conditions=one.condition.zh,
        evidence={"recording": session.key, "second": int((one.said_at - session.starts_at).total_seconds())},
    )


def _owed(one: Owed, said: Promised, order: Order, person: PersonId) -> NewPromise:
    return NewPromise(
        person=person,
        what=said.words.zh,
        kind=_KINDS[said.kind][1],
        made_by=MadeBy.HOST,
        made_by_id=said.session,
        made_at=one.made_at,
        due_at=one.due_at or _expected(said, order),
        order=one.order,
        evidence={"session": said.session, "promise": said.key, "assumed_delivery": one.due_at is None},
        once=f"live:{one.promise}:{one.order}",
    )


def _expected(said: Promised, order: Order) -> datetime:
    """Until the goods are delivered, the promise is due as if they came when they should."""
    coming = [parcel.promised_at for parcel in order.parcels]
    start = max(coming, default=(order.paid_at or order.placed_at) + _PAID_TO_DELIVERED)
    return start + timedelta(hours=said.due.hours)


def _settle(one: Owed, row: Promise) -> None:
    if row.state is not PromiseState.OPEN:
        return
    if one.state is OwedState.KEPT:
        promises.settle(SYSTEM, promise=row.id, evidence={"order": one.order, "source": "demo"})
    elif one.state is OwedState.BROKEN:
        promises.break_(SYSTEM, promise=row.id, why="到期仍未兑现（演示数据）")

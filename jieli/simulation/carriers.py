"""Carriers bring the demo ERP's parcels a step further, as their scanners would."""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import close_old_connections

from jieli.demo.contracts import DemoBrand, Order, ParcelState
from jieli.kernel import clock
from jieli.supply import facade as supply
from jieli.supply.contracts import Ask, DemoChange, Fact, FactKind

_NEXT = {
    ParcelState.LABEL_CREATED: (ParcelState.PICKED_UP, "快件已揽收"),
    ParcelState.PICKED_UP: (ParcelState.IN_TRANSIT, "快件已发往下一站"),
    ParcelState.IN_TRANSIT: (ParcelState.OUT_FOR_DELIVERY, "快递员正在派送，请保持电话畅通"),
    ParcelState.OUT_FOR_DELIVERY: (ParcelState.DELIVERED, "快件已签收"),
}


class Carriers:
    def __init__(self, shown: DemoBrand, seed: int) -> None:
        moving = [
            (order, parcel.tracking_no)
            for order in shown.orders
            for parcel in order.parcels
            if parcel.state in _NEXT
        ]
        random.Random(f"{seed}:carriers").shuffle(moving)
        self._turns: Iterator[tuple[Order, str]] = iter(moving)

    def move_one(self) -> bool:
        """Whether a parcel moved on. Reads its state first: an earlier drill may have moved it already."""
        close_old_connections()
        for order, tracking in self._turns:
            [found] = supply.lookup_many([Ask(None, FactKind.PARCEL, tracking)])
            if isinstance(found, list) and found and (step := _step(found[0], order, clock.now())):
                return supply.change_demo(step) > 0
        return False


def _step(parcel: Fact, order: Order, now: datetime) -> list[DemoChange] | None:
    state = ParcelState(parcel.value["state"])
    if state not in _NEXT:
        return None
    after, words = _NEXT[state]
    patch: dict[str, Any] = {"state": after.value}
    track = {"at": now.isoformat(), "place": order.receiver.city, "text": words, "state": after.value}
    changes = []
    if after is ParcelState.DELIVERED:
        patch["delivered_at"] = now.isoformat()
        if len(order.parcels) == 1:
            changes.append(DemoChange(kind=FactKind.ORDER, key=order.number, patch={"state": "delivered"}))
    return [DemoChange(kind=FactKind.PARCEL, key=parcel.key, patch=patch, track=track), *changes]

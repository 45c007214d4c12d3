"""What happened to customers before today: the first lines of their journeys."""

from collections.abc import Iterator, Mapping
from itertools import islice

from jieli.demo.brand.contracts import DemoBrand, Order
from jieli.identity import facade as identity
from jieli.identity.contracts import NewJourneyEntry, PersonId

MODULE = "demo"
_BATCH = 4000


def load(brand: DemoBrand, persons: Mapping[str, PersonId]) -> None:
    waiting = _entries(brand, persons)
    while batch := list(islice(waiting, _BATCH)):
        identity.append(batch)


def _entries(brand: DemoBrand, persons: Mapping[str, PersonId]) -> Iterator[NewJourneyEntry]:
    buyer = {order.number: persons[order.customer] for order in brand.orders}
    for order in brand.orders:
        yield from _of_order(order, persons[order.customer])
    for back in brand.returns:
        yield NewJourneyEntry(
            person=buyer[back.order],
            at=back.requested_at,
            kind="return",
            code="return_asked",
            module=MODULE,
            params={"number": back.number, "order": back.order, "reason": back.reason.zh},
            ref=back.number,
            once=f"return_asked:{back.number}",
        )


def _of_order(order: Order, person: PersonId) -> Iterator[NewJourneyEntry]:
    yield NewJourneyEntry(
        person=person,
        at=order.placed_at,
        kind="order",
        code="order_placed",
        module=MODULE,
        params={"number": order.number, "amount": str(order.payable), "source": order.source.value},
        ref=order.number,
        once=f"order_placed:{order.number}",
    )
    for parcel in order.parcels:
        if parcel.delivered_at:
            yield NewJourneyEntry(
                person=person,
                at=parcel.delivered_at,
                kind="parcel",
                code="parcel_delivered",
                module=MODULE,
                params={"number": parcel.tracking_no, "order": order.number},
                ref=parcel.tracking_no,
                once=f"parcel_delivered:{parcel.tracking_no}",
            )

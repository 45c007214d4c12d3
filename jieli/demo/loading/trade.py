"""Orders and their parcels as records of the demo's mini ERP: masked to read, whole only for a reveal."""

from collections.abc import Iterator, Mapping
from typing import Any

from jieli.demo.brand.contracts import Carrier, DemoBrand, Order, Parcel, Production
from jieli.governance import facade as governance
from jieli.identity.contracts import PersonId
from jieli.supply.contracts import DemoEntry, FactKind

_STAGES = {
    "measuring": "量尺",
    "design": "出图",
    "materials": "备料",
    "cutting": "开料",
    "edging": "封边",
    "inspection": "质检",
    "finished": "完工",
}


def entries(brand: DemoBrand, persons: Mapping[str, PersonId]) -> Iterator[DemoEntry]:
    names = {one.code: one.name.zh for one in brand.skus}
    carriers = {one.key: one for one in brand.carriers}
    for order in brand.orders:
        person = persons[order.customer]
        yield _order(order, person, names)
        for parcel in order.parcels:
            yield _parcel(parcel, person, carriers[parcel.carrier])


def _order(one: Order, person: PersonId, names: Mapping[str, str]) -> DemoEntry:
    receiver = one.receiver
    value = given(
        number=one.number,
        state=one.state.value,
        placed_at=one.placed_at.isoformat(),
        paid_at=one.paid_at and one.paid_at.isoformat(),
        promised_at=one.ship_due_at and one.ship_due_at.isoformat(),
        amount=str(one.payable),
        lines=[
            given(
                sku=line.sku,
                name=names[line.sku],
                qty=line.quantity,
                price=str(line.unit_price),
                lot=line.lot,
            )
            for line in one.lines
        ],
        receiver_masked=governance.mask_name(receiver.receiver),
        phone_masked=governance.mask_phone(receiver.phone),
        address_masked=governance.mask_address(receiver.line),
        parcels=[parcel.tracking_no for parcel in one.parcels],
        production=one.production and _production(one.production),
        channel=one.source.value,
        session=one.session,
        promotion=one.promotion,
        payment=one.payment,
        note=one.note,
    )
    whole = {"receiver": receiver.receiver, "phone": receiver.phone, "address": receiver.line}
    return DemoEntry(kind=FactKind.ORDER, key=one.number, value=value, person=person, private=whole)


def _production(one: Production) -> dict[str, Any]:
    return given(
        stage=_STAGES[one.stage.value],
        done=[{"stage": _STAGES[step.stage.value], "at": step.at.isoformat()} for step in one.done],
        due_at=one.due_at.isoformat(),
        late_reason=one.late_reason and one.late_reason.zh,
        parameters=dict(one.parameters),
    )


def _parcel(one: Parcel, person: PersonId, carrier: Carrier) -> DemoEntry:
    value = given(
        tracking=one.tracking_no,
        carrier=carrier.name.zh,
        carrier_phone=carrier.hotline,
        state=one.state.value,
        order=one.order,
        skus=list(one.skus),
        tracks=[
            {"at": at.at.isoformat(), "place": at.place, "text": at.what.zh, "state": at.state.value}
            for at in one.track
        ],
        promised_at=one.promised_at.isoformat(),
        delivered_at=one.delivered_at and one.delivered_at.isoformat(),
        exception=one.exception and one.exception.value,
        exception_text=one.exception and one.track[-1].what.zh,
    )
    return DemoEntry(kind=FactKind.PARCEL, key=one.tracking_no, value=value, person=person)


def given(**fields: Any) -> dict[str, Any]:
    """What a source does not know it leaves out; empty lists say that there is nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "")}

"""Returns, refunds (those of price protection among them) and invoices as records of the demo's mini ERP."""

from collections.abc import Iterator, Mapping

from jieli.demo.brand.contracts import DemoBrand, Invoice, InvoiceKind, PriceCase, Refund, Return
from jieli.demo.loading.trade import given
from jieli.governance import facade as governance
from jieli.identity.contracts import PersonId
from jieli.supply.contracts import DemoEntry, FactKind

_REFUND_STATES = {
    "requested": "requested",
    "approved": "processing",
    "paid": "succeeded",
    "rejected": "rejected",
}


def entries(brand: DemoBrand, persons: Mapping[str, PersonId]) -> Iterator[DemoEntry]:
    buyer = {order.number: persons[order.customer] for order in brand.orders}
    yield from (_return(one, buyer[one.order]) for one in brand.returns)
    yield from (_refund(one, buyer[one.order]) for one in brand.refunds)
    yield from (_price_case(one, buyer[one.order]) for one in brand.price_cases)
    yield from (_invoice(one, buyer[one.order]) for one in brand.invoices)


def _return(one: Return, person: PersonId) -> DemoEntry:
    value = given(
        number=one.number,
        order=one.order,
        type=one.kind.value,
        state=one.state.value,
        asked_at=one.requested_at.isoformat(),
        due_at=one.due_at.isoformat(),
        skus=[one.sku],
        reason=one.reason.zh,
        tracking=one.tracking_no,
    )
    return DemoEntry(kind=FactKind.RETURN, key=one.number, value=value, person=person)


def _refund(one: Refund, person: PersonId) -> DemoEntry:
    value = given(
        number=one.number,
        order=one.order,
        amount=str(one.amount),
        state=one.state.value,
        asked_at=one.requested_at.isoformat(),
        due_at=one.due_at.isoformat(),
        done_at=one.done_at and one.done_at.isoformat(),
        to=one.to.zh,
    )
    return DemoEntry(kind=FactKind.REFUND, key=one.number, value=value, person=person)


def _price_case(one: PriceCase, person: PersonId) -> DemoEntry:
    value = {
        "number": one.number,
        "order": one.order,
        "amount": str(one.difference),
        "state": _REFUND_STATES[one.state.value],
        "asked_at": one.requested_at.isoformat(),
        "to": "原支付账户（价保退差）",
    }
    return DemoEntry(kind=FactKind.REFUND, key=one.number, value=value, person=person)


def _invoice(one: Invoice, person: PersonId) -> DemoEntry:
    personal = one.kind is InvoiceKind.PERSONAL
    value = given(
        number=one.number,
        order=one.order,
        amount=str(one.amount),
        state=one.state.value,
        type=one.kind.value,
        title_masked=governance.mask_name(one.title) if personal else one.title,
        issued_at=one.issued_at and one.issued_at.isoformat(),
    )
    private = given(title=one.title, tax_no=one.tax_no, email=one.email)
    return DemoEntry(kind=FactKind.INVOICE, key=one.number, value=value, person=person, private=private)

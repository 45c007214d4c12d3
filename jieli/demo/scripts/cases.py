"""Which customers and orders of the brand fit a case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from jieli.demo.brand.contracts import (
    Customer,
    DemoBrand,
    InvoiceState,
    Order,
    OrderState,
    ParcelException,
    ParcelState,
    Refund,
    RefundState,
    ReturnState,
    Sku,
)
from jieli.demo.scripts.contracts import Case


@dataclass(frozen=True, slots=True)
class Pick:
    """One customer, goods and order that fit; `slots` are the texts that only this case knows."""

    customer: Customer
    sku: Sku
    order: Order | None
    slots: dict[str, str] = field(default_factory=dict)


class Stage:
    """The brand's rows by case, found once."""

    def __init__(self, brand: DemoBrand) -> None:
        self.brand = brand
        self._skus = {one.code: one for one in brand.skus}
        self._customers = {one.key: one for one in brand.customers}
        self._orders = {one.number: one for one in brand.orders}
        self._picks: dict[tuple[Case, str], tuple[Pick, ...]] = {}

    def picks(self, case: Case, about: str) -> tuple[Pick, ...]:
        """Everything that fits, in the brand's order; empty when the brand has no such case."""
        key = (case, about)
        if key not in self._picks:
            found = self._found(case)
            self._picks[key] = tuple(one for one in found if _is_about(one.sku, about))
        return self._picks[key]

    def _found(self, case: Case) -> Iterator[Pick]:
        if case is Case.ANY_SKU:
            return self._shoppers()
        if case in _ORDER_TESTS:
            return self._of_orders(_ORDER_TESTS[case])
        return _SPECIAL[case](self)

    def _shoppers(self) -> Iterator[Pick]:
        """People who have not bought what they ask about: goods in turn, customers in turn."""
        people = self.brand.customers
        for index, sku in enumerate(self.brand.skus * 3):
            yield Pick(people[index * 31 % len(people)], sku, None)

    def _of_orders(self, fits: Callable[[Order, DemoBrand], bool]) -> Iterator[Pick]:
        for order in self.brand.orders:
            if fits(order, self.brand):
                yield from (self.pick(order, line.sku) for line in order.lines)

    def pick(self, order: Order, sku: str, **slots: str) -> Pick:
        return Pick(self._customers[order.customer], self._skus[sku], order, slots)

    def refunds(self, state: RefundState) -> Iterator[Pick]:
        for one in self.brand.refunds:
            if one.state is state:
                order = self._orders[one.order]
                yield self.pick(order, order.lines[0].sku, **_refund_slots(one))

    def failed_returns(self) -> Iterator[Pick]:
        for one in self.brand.returns:
            if one.state is ReturnState.INSPECTION_FAILED:
                yield self.pick(self._orders[one.order], one.sku, return_no=one.number)

    def price_cases(self) -> Iterator[Pick]:
        for one in self.brand.price_cases:
            yield self.pick(self._orders[one.order], one.sku, amount=str(one.difference))

    def failed_invoices(self) -> Iterator[Pick]:
        for one in self.brand.invoices:
            if one.state is InvoiceState.FAILED:
                order = self._orders[one.order]
                yield self.pick(order, order.lines[0].sku)

    def owned(self) -> Iterator[Pick]:
        for one in self.brand.devices:
            yield self.pick(self._orders[one.order], one.sku, device=one.serial)

    def live_orders(self, *, late: bool) -> Iterator[Pick]:
        said = {(one.session, one.sku): one.words.zh for one in self.brand.promises}
        for order in self.brand.orders:
            words = said.get((order.session, order.lines[0].sku))
            if words and late is _is_late(order, self.brand):
                yield self.pick(order, order.lines[0].sku, words=words)


def _refund_slots(refund: Refund) -> dict[str, str]:
    return {"refund_no": refund.number, "return_no": refund.return_number, "amount": str(refund.amount)}


def _is_about(sku: Sku, about: str) -> bool:
    kind, _, key = about.partition(":")
    return not about or key == {"line": sku.line, "category": sku.category, "product": sku.product}[kind]


def _is_late(order: Order, brand: DemoBrand) -> bool:
    return order.state is OrderState.PAID and order.ship_due_at is not None and order.ship_due_at < brand.now


def _state(state: OrderState) -> Callable[[Order, DemoBrand], bool]:
    return lambda order, _: order.state is state


def _parcel(state: ParcelState) -> Callable[[Order, DemoBrand], bool]:
    return lambda order, _: bool(order.parcels) and order.parcels[0].state is state


def _exception(kind: ParcelException) -> Callable[[Order, DemoBrand], bool]:
    return lambda order, _: bool(order.parcels) and order.parcels[0].exception is kind


def _in_production(order: Order, _: DemoBrand) -> bool:
    return order.state is OrderState.IN_PRODUCTION


def _overdue_production(order: Order, brand: DemoBrand) -> bool:
    return order.state is OrderState.IN_PRODUCTION and bool(
        order.production and order.production.due_at < brand.now
    )


_ORDER_TESTS: dict[Case, Callable[[Order, DemoBrand], bool]] = {
    Case.UNPAID: _state(OrderState.PENDING_PAYMENT),
    Case.PAID: lambda order, brand: order.state is OrderState.PAID and not _is_late(order, brand),
    Case.PAID_LATE: _is_late,
    Case.PARTLY: _state(OrderState.PARTLY_SHIPPED),
    Case.IN_TRANSIT: _parcel(ParcelState.IN_TRANSIT),
    Case.OUT_FOR_DELIVERY: _parcel(ParcelState.OUT_FOR_DELIVERY),
    Case.DELIVERED: _state(OrderState.DELIVERED),
    Case.LOST: _exception(ParcelException.LOST),
    Case.DAMAGED: _exception(ParcelException.DAMAGED),
    Case.REFUSED: _exception(ParcelException.REFUSED),
    Case.ADDRESS_PROBLEM: _exception(ParcelException.ADDRESS_PROBLEM),
    Case.STUCK: _exception(ParcelException.STUCK),
    Case.WARDROBE: _in_production,
    Case.WARDROBE_LATE: _overdue_production,
}
_SPECIAL: dict[Case, Callable[[Stage], Iterator[Pick]]] = {
    Case.OWNED: Stage.owned,
    Case.RETURN_FAILED: Stage.failed_returns,
    Case.REFUND_PROCESSING: lambda stage: stage.refunds(RefundState.PROCESSING),
    Case.REFUND_DONE: lambda stage: stage.refunds(RefundState.SUCCEEDED),
    Case.PRICE_CASE: Stage.price_cases,
    Case.INVOICE_FAILED: Stage.failed_invoices,
    Case.LIVE_ORDER: lambda stage: stage.live_orders(late=False),
    Case.LIVE_LATE: lambda stage: stage.live_orders(late=True),
}

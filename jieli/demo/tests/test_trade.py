import re
from datetime import timedelta

from jieli.demo.brand.contracts import (
    DemoBrand,
    InvoiceState,
    Order,
    OrderState,
    OwedState,
    Parcel,
    ParcelException,
    ParcelState,
    PriceCase,
    PriceCaseState,
    ProductionStage,
    PromiseKind,
    RefundState,
    Return,
    ReturnKind,
    ReturnState,
)


def parcels(lumora: DemoBrand) -> list[tuple[Order, Parcel]]:
    return [(order, parcel) for order in lumora.orders for parcel in order.parcels]


def test_every_state_is_there(lumora: DemoBrand) -> None:
    sent = [parcel for _, parcel in parcels(lumora)]
    assert {one.state for one in lumora.orders} == set(OrderState)
    assert {one.state for one in sent} == set(ParcelState)
    assert {one.exception for one in sent} == {None, *ParcelException}
    assert {one.production.stage for one in lumora.orders if one.production} == set(ProductionStage)
    assert {one.state for one in lumora.returns} == set(ReturnState)
    assert {one.kind for one in lumora.returns} == set(ReturnKind)
    assert {one.state for one in lumora.refunds} == set(RefundState)
    assert {one.state for one in lumora.price_cases} == set(PriceCaseState)
    assert {one.state for one in lumora.invoices} == set(InvoiceState)


def test_references_resolve(lumora: DemoBrand) -> None:
    skus, customers = {one.code for one in lumora.skus}, {one.key for one in lumora.customers}
    carriers, warehouses = {one.key for one in lumora.carriers}, {one.key for one in lumora.warehouses}
    promotions = {one.code for one in lumora.promotions} | {""}
    sessions = {one.key for one in lumora.sessions} | {""}
    for order in lumora.orders:
        assert order.customer in customers
        assert order.promotion in promotions
        assert order.session in sessions
        assert {line.sku for line in order.lines} <= skus
    for order, parcel in parcels(lumora):
        assert parcel.order == order.number
        assert parcel.carrier in carriers
        assert parcel.warehouse in warehouses
        assert set(parcel.skus) <= {line.sku for line in order.lines}
    orders = {one.number for one in lumora.orders}
    for rows in (lumora.returns, lumora.refunds, lumora.price_cases, lumora.invoices, lumora.devices):
        assert {one.order for one in rows} <= orders
    returns = {one.number for one in lumora.returns} | {""}
    assert {one.return_number for one in lumora.refunds} <= returns


def test_amounts_add_up(lumora: DemoBrand) -> None:
    for order in lumora.orders:
        assert order.goods == sum(line.amount for line in order.lines)
        assert order.payable == order.goods - order.discount + order.freight
        assert order.payable > 0


def test_a_track_runs_forward_from_payment_to_now(lumora: DemoBrand) -> None:
    for order, parcel in parcels(lumora):
        moments = [one.at for one in parcel.track]
        assert order.paid_at is not None
        assert order.paid_at <= moments[0], order.number
        assert moments == sorted(moments)
        assert moments[-1] <= lumora.now


def test_a_parcel_is_where_its_track_ends(lumora: DemoBrand) -> None:
    for _, parcel in parcels(lumora):
        if parcel.exception is ParcelException.STUCK:
            silent = lumora.now - parcel.track[-1].at
            assert silent > timedelta(hours=lumora.policies.stuck_hours)
        else:
            assert parcel.track[-1].state is parcel.state
        assert (parcel.delivered_at is not None) is (parcel.state is ParcelState.DELIVERED)


def test_tracking_numbers_follow_their_carrier(lumora: DemoBrand) -> None:
    patterns = {one.key: one.pattern.replace("#", r"\d") for one in lumora.carriers}
    used = set()
    for _, parcel in parcels(lumora):
        assert re.fullmatch(patterns[parcel.carrier], parcel.tracking_no)
        used.add(parcel.carrier)
    assert used == set(patterns)


def test_order_numbers_carry_their_local_day(lumora: DemoBrand) -> None:
    for order in lumora.orders:
        day = order.placed_at + timedelta(hours=8)
        assert re.fullmatch(rf"LM{day:%Y%m%d}\d{{8}}", order.number)


def test_after_sales_come_after_delivery(lumora: DemoBrand) -> None:
    arrived = {order.number: parcel.delivered_at for order, parcel in parcels(lumora)}
    asked: list[Return | PriceCase] = [*lumora.returns, *lumora.price_cases]
    for one in asked:
        at = arrived[one.order]
        assert at is not None
        assert at < one.requested_at <= lumora.now
    assert all(one.requested_at <= one.changed_at <= lumora.now for one in lumora.returns)
    assert all(one.done_at is None or one.requested_at <= one.done_at <= lumora.now for one in lumora.refunds)


def test_price_cases_out_of_time_are_rejected(lumora: DemoBrand) -> None:
    placed = {one.number: one.placed_at for one in lumora.orders}
    late = [
        one
        for one in lumora.price_cases
        if one.requested_at - placed[one.order] > timedelta(days=one.within_days)
    ]
    assert late
    assert {one.state for one in late} == {PriceCaseState.REJECTED}


def test_made_to_measure_orders_know_what_is_made_and_why_it_is_late(lumora: DemoBrand) -> None:
    made = [one.production for one in lumora.orders if one.production]
    assert all(len(one.parameters) >= 20 for one in made)
    overdue = [one for one in made if one.due_at < lumora.now and one.stage is not ProductionStage.FINISHED]
    assert overdue
    assert all(one.late_reason for one in overdue)


def test_every_promise_is_said_in_a_session_about_goods_on_air(lumora: DemoBrand) -> None:
    sessions = {one.key: one for one in lumora.sessions}
    assert {one.kind for one in lumora.promises} == set(PromiseKind)
    for one in lumora.promises:
        session = sessions[one.session]
        shown = {item.sku: item.minute for item in session.on_air}
        minute = (one.said_at - session.starts_at) / timedelta(minutes=1)
        assert one.sku in shown
        assert shown[one.sku] <= minute < (session.ends_at - session.starts_at) / timedelta(minutes=1)
        assert one.due.hours > 0
        assert one.words.zh
        assert one.words.en
        assert one.condition.zh


def test_buyers_of_a_session_are_owed_what_the_host_promised(lumora: DemoBrand) -> None:
    promises = {one.key: one for one in lumora.promises}
    orders = {one.number: one for one in lumora.orders}
    assert {one.state for one in lumora.owed} == set(OwedState)
    for one in lumora.owed:
        promise, order = promises[one.promise], orders[one.order]
        assert order.session == promise.session
        assert promise.sku in {line.sku for line in order.lines}
        assert order.customer == one.customer
        assert one.state is not OwedState.KEPT or (
            one.settled_at and one.due_at and one.settled_at <= one.due_at
        )
        assert one.state is not OwedState.OPEN or one.due_at is None or one.due_at >= lumora.now


def test_live_orders_paid_the_live_price(lumora: DemoBrand) -> None:
    shown = {(one.key, item.sku): item.live_price for one in lumora.sessions for item in one.on_air}
    for order in lumora.orders:
        if order.session:
            assert all(line.unit_price == shown[order.session, line.sku] for line in order.lines)


def test_live_goods_exist_and_orders_came_from_the_past_session(lumora: DemoBrand) -> None:
    skus = {one.code: one for one in lumora.skus}
    for session in lumora.sessions:
        assert session.room in {one.key for one in lumora.rooms}
        assert all(item.live_price < skus[item.sku].price for item in session.on_air)
    bought = [one for one in lumora.orders if one.session]
    past = next(one for one in lumora.sessions if one.key == "LS-PAST")
    assert len(bought) > 100
    assert all(past.starts_at <= one.placed_at <= past.ends_at for one in bought)

"""Invoices of paid orders: personal, company and special VAT."""

import random
from datetime import datetime, timedelta

from jieli.demo.brand.contracts.aftersale import Invoice, InvoiceKind, InvoiceState
from jieli.demo.brand.contracts.trade import Order, OrderState
from jieli.demo.brand.policies import Policies


def invoices(
    rng: random.Random, policies: Policies, orders: tuple[Order, ...], now: datetime
) -> tuple[Invoice, ...]:
    paid = [one for one in orders if one.paid_at and one.state is not OrderState.CANCELLED]
    return tuple(
        _invoice(rng, policies, order, index, now)
        for index, order in enumerate(rng.sample(paid, len(paid) // 4))
    )


def _invoice(rng: random.Random, policies: Policies, order: Order, index: int, now: datetime) -> Invoice:
    kind = rng.choices(tuple(InvoiceKind), weights=(70, 24, 6))[0]
    asked = min(
        (order.paid_at or order.placed_at) + timedelta(hours=rng.uniform(0.1, 90)), now - timedelta(minutes=3)
    )
    overdue = now - asked > timedelta(hours=policies.invoice_hours)
    state = rng.choices(
        (InvoiceState.ISSUED, InvoiceState.FAILED, InvoiceState.REPLACED), weights=(90, 4, 6)
    )[0]
    state = state if overdue else InvoiceState.REQUESTED
    company = kind is not InvoiceKind.PERSONAL
    return Invoice(
        number=f"IV{asked:%Y%m%d}{index:06d}",
        order=order.number,
        kind=kind,
        title=f"演示企业{index % 97:02d}有限公司" if company else order.receiver.receiver,
        tax_no=f"91000000DEMO{index:06d}" if company else "",
        amount=order.payable,
        state=state,
        requested_at=asked,
        issued_at=asked + timedelta(hours=rng.uniform(0.2, policies.invoice_hours - 1))
        if overdue and state is not InvoiceState.FAILED
        else None,
        email=f"invoice{index:05d}@example.cn",
    )

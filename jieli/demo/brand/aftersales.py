"""Goods that come back, and the money that goes back."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from jieli.demo.brand.contracts.aftersale import (
    Refund,
    RefundState,
    Return,
    ReturnKind,
    ReturnState,
)
from jieli.demo.brand.contracts.catalogue import Line, Sku
from jieli.demo.brand.contracts.trade import Order, OrderState
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies

_DELIVERED = {OrderState.DELIVERED, OrderState.COMPLETED}
SETTLED = timedelta(hours=6)  # nobody asks for anything back sooner
_REASONS = (
    (Words("尺码不合适", "Size does not fit"), False),  # first: only said of clothes
    (Words("七天无理由", "No reason (seven days)"), False),
    (Words("质量问题", "Quality defect"), True),
    (Words("颜色与页面不符", "Colour differs from the page"), True),
    (Words("收到时破损", "Damaged on arrival"), True),
    (Words("发错商品", "Wrong item sent"), True),
)
_TO = {
    "wechat_pay": Words("微信零钱", "WeChat balance"),
    "alipay": Words("支付宝余额", "Alipay balance"),
    "unionpay": Words("银行卡", "bank card"),
    "instalment": Words("分期账户", "instalment account"),
}
# What a return's state says about its refund; states not named have none yet.
_REFUND_OF = {
    ReturnState.INSPECTING: (RefundState.REQUESTED,),
    ReturnState.INSPECTION_FAILED: (RefundState.REJECTED,),
    ReturnState.DONE: (
        RefundState.APPROVED,
        RefundState.PROCESSING,
        RefundState.SUCCEEDED,
        RefundState.SUCCEEDED,
        RefundState.FAILED,
    ),
}
_WITH_PARCEL = {
    ReturnState.IN_TRANSIT,
    ReturnState.INSPECTING,
    ReturnState.INSPECTION_FAILED,
    ReturnState.REPLACEMENT_SENT,
    ReturnState.DONE,
}


def arrived(orders: Iterable[Order]) -> list[tuple[Order, datetime]]:
    """Orders in their customer's hands, and since when."""
    return [
        (one, one.parcels[0].delivered_at)
        for one in orders
        if one.state in _DELIVERED and one.parcels and one.parcels[0].delivered_at
    ]


def returns(
    rng: random.Random, policies: Policies, orders: tuple[Order, ...], skus: dict[str, Sku], now: datetime
) -> tuple[Return, ...]:
    """About one in fourteen delivered orders, every state in turn."""
    fitting = [
        (one, at)
        for one, at in arrived(orders)
        if now - at > SETTLED and not skus[one.lines[0].sku].made_to_order
    ]
    chosen = rng.sample(fitting, len(fitting) // 14)
    states = list(ReturnState)
    return tuple(
        _return(
            rng, policies, order, at, index, states[index % len(states)], skus[order.lines[0].sku].line, now
        )
        for index, (order, at) in enumerate(chosen)
    )


def _return(
    rng: random.Random,
    policies: Policies,
    order: Order,
    at: datetime,
    index: int,
    state: ReturnState,
    line: Line,
    now: datetime,
) -> Return:
    reason, ours = rng.choice(_REASONS if line is Line.APPAREL else _REASONS[1:])
    asked = min(
        at + timedelta(days=rng.uniform(0.2, policies.return_days - 0.2)), now - timedelta(minutes=20)
    )
    changed = min(asked + timedelta(days=rng.uniform(0.1, 3)), now - timedelta(minutes=5))
    moving = state in _WITH_PARCEL
    return Return(
        number=f"RT{asked:%Y%m%d}{index:06d}",
        order=order.number,
        sku=order.lines[0].sku,
        kind=_kind(rng, state),
        state=state,
        reason=reason,
        requested_at=asked,
        changed_at=changed,
        due_at=changed + timedelta(days=policies.inspection_days),
        carrier="sf" if moving else "",
        tracking_no=f"SF1{rng.randint(0, 10**12 - 1):012d}" if moving else "",
        freight_by_brand=ours,
    )


def _kind(rng: random.Random, state: ReturnState) -> ReturnKind:
    if state is ReturnState.REPLACEMENT_SENT:
        return ReturnKind.EXCHANGE
    if state in _REFUND_OF:
        return ReturnKind.RETURN
    return rng.choices(tuple(ReturnKind), weights=(6, 3, 1))[0]


def refunds(
    rng: random.Random,
    policies: Policies,
    orders: tuple[Order, ...],
    sent_back: tuple[Return, ...],
    now: datetime,
) -> tuple[Refund, ...]:
    """Refunds of returned goods, and of paid orders that were cancelled."""
    book = {one.number: one for one in orders}
    found: list[Refund] = []
    for back in sent_back:
        states = _REFUND_OF.get(back.state)
        if states:
            state = states[len(found) % len(states)]
            order = book[back.order]
            amount = next(line.amount for line in order.lines if line.sku == back.sku)
            found.append(
                _refund(policies, order, back.number, amount, state, back.changed_at, back.reason, now)
            )
    cancelled = Words("发货前取消", "Cancelled before shipping")
    for order in orders:
        if order.state is OrderState.CANCELLED and order.paid_at and not order.parcels:
            asked = min(order.paid_at + timedelta(minutes=rng.randint(5, 55)), now)
            recent = now - asked < timedelta(hours=policies.refund_wallet_hours)
            state = RefundState.PROCESSING if recent else RefundState.SUCCEEDED
            found.append(_refund(policies, order, "", order.payable, state, asked, cancelled, now))
    return tuple(found)


def _refund(
    policies: Policies,
    order: Order,
    return_number: str,
    amount: Decimal,
    state: RefundState,
    asked: datetime,
    reason: Words,
    now: datetime,
) -> Refund:
    card = order.payment in {"unionpay", "instalment"}
    due = asked + (
        timedelta(days=policies.refund_card_days) if card else timedelta(hours=policies.refund_wallet_hours)
    )
    done = min(due - timedelta(hours=2), now) if state is RefundState.SUCCEEDED else None
    return Refund(
        number=f"RF{order.number[2:]}",
        order=order.number,
        return_number=return_number,
        amount=amount,
        to=_TO[order.payment],
        state=state,
        requested_at=asked,
        due_at=due,
        done_at=done,
        reason=reason,
    )

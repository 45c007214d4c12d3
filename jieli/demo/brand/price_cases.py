"""Orders whose goods became cheaper soon after."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from jieli.demo.brand.aftersales import SETTLED, arrived
from jieli.demo.brand.contracts.aftersale import PriceCase, PriceCaseState
from jieli.demo.brand.contracts.trade import Order
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies

_CENT = Decimal("0.01")


def price_cases(
    rng: random.Random, policies: Policies, orders: tuple[Order, ...], now: datetime
) -> tuple[PriceCase, ...]:
    """Orders whose goods became cheaper; what was asked for too late is rejected."""
    fitting = [(one, at) for one, at in arrived(orders) if SETTLED < now - at < timedelta(days=60)]
    cases = []
    for index, (order, at) in enumerate(rng.sample(fitting, len(fitting) // 25)):
        within = policies.live_price_protection_days if order.session else policies.price_protection_days
        asked = min(at + timedelta(days=rng.uniform(1, within * 1.4)), now - timedelta(hours=1))
        cases.append(_price_case(rng, order, index, asked, within))
    return tuple(cases)


def _price_case(rng: random.Random, order: Order, index: int, asked: datetime, within: int) -> PriceCase:
    line = order.lines[0]
    paid = (line.amount / line.quantity).quantize(_CENT)
    lower = (paid * Decimal(rng.randint(80, 95)) / 100).quantize(_CENT)
    in_time = asked - order.placed_at <= timedelta(days=within)
    state = list(PriceCaseState)[index % 3] if in_time else PriceCaseState.REJECTED
    reason = (
        Words("在价保期内降价", "The price fell within the protected days")
        if in_time
        else Words(f"申请超过 {within} 天价保期", f"Asked after the {within} protected days")
    )
    number = f"PP{asked:%Y%m%d}{index:06d}"
    difference = (paid - lower) * line.quantity
    return PriceCase(number, order.number, line.sku, paid, lower, difference, state, asked, within, reason)

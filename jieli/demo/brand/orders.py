"""Orders with their lines, amounts, parcels and production."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from jieli.demo.brand import recipes, shipping
from jieli.demo.brand.contracts.aftersale import Eligibility, Promotion
from jieli.demo.brand.contracts.catalogue import Sku
from jieli.demo.brand.contracts.live import LiveSession
from jieli.demo.brand.contracts.people import Customer, Tier
from jieli.demo.brand.contracts.trade import Order, OrderLine, OrderState, Production, ProductionStage, Source
from jieli.demo.brand.policies import Policies
from jieli.demo.brand.production import production
from jieli.demo.brand.recipes import Recipe

_MADE_TO_ORDER_EVERY = 40
_LIVE_EVERY = 25
_PAYMENTS = ("wechat_pay", "alipay", "unionpay", "instalment")
_LIVE_MENU = tuple(
    one
    for one in recipes.READY_MADE
    if one.exception is None and one.state in {OrderState.PAID, OrderState.SHIPPED, OrderState.DELIVERED}
)
_OTHER_SOURCES = tuple(one for one in Source if one is not Source.LIVESTREAM)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Shop:
    """What orders are made of."""

    now: datetime
    policies: Policies
    customers: tuple[Customer, ...]
    ready_made: tuple[Sku, ...]
    made_to_order: tuple[Sku, ...]
    promotions: tuple[Promotion, ...]
    past_session: LiveSession
    skus: dict[str, Sku]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One order before its amounts: who buys what, in which state, and when the last thing happened."""

    index: int
    recipe: Recipe
    customer: Customer
    goods: tuple[Sku, ...]
    last: datetime
    placed: datetime | None = None
    session: str = ""
    live_price: Decimal | None = None


def orders(rng: random.Random, shop: Shop, count: int) -> tuple[Order, ...]:
    made = [_order(rng, shop, plan) for plan in _plans(rng, shop, count)]
    return tuple(sorted(made, key=lambda one: one.placed_at))


def _plans(rng: random.Random, shop: Shop, count: int) -> Iterator[_Plan]:
    """The first orders go through every recipe once; after that the weights decide."""
    must = [*recipes.READY_MADE, *recipes.MADE_TO_ORDER]
    for index in range(count):
        customer = _buyer(rng, shop.customers, index)
        if index >= len(must) and index % _LIVE_EVERY == 0:
            yield _live_plan(rng, shop, index, customer)
            continue
        recipe = must[index] if index < len(must) else _recipe(rng, index)
        goods = _basket(rng, shop, recipe)
        yield _Plan(index, recipe, customer, goods, shop.now - timedelta(hours=rng.uniform(*recipe.hours)))


def _recipe(rng: random.Random, index: int) -> Recipe:
    menu: Sequence[Recipe] = (
        recipes.MADE_TO_ORDER if index % _MADE_TO_ORDER_EVERY == 1 else recipes.READY_MADE
    )
    return rng.choices(menu, weights=[one.weight for one in menu])[0]


def _buyer(rng: random.Random, customers: tuple[Customer, ...], index: int) -> Customer:
    """Everyone buys once, in turn; after that the better customers buy more often."""
    if index < len(customers):
        return customers[index]
    first, second = rng.choice(customers), rng.choice(customers)
    tiers = list(Tier)
    return max(first, second, key=lambda one: tiers.index(one.tier))


def _basket(rng: random.Random, shop: Shop, recipe: Recipe) -> tuple[Sku, ...]:
    if recipe.stage is not None:
        return (rng.choice(shop.made_to_order),)
    wanted = 2 if recipe.state is OrderState.PARTLY_SHIPPED else rng.choice((1, 1, 1, 2, 3))
    return tuple(rng.sample(shop.ready_made, wanted))


def _live_plan(rng: random.Random, shop: Shop, index: int, customer: Customer) -> _Plan:
    """An order from the past livestream: placed while its goods were on air, somewhere on its way by now."""
    session = shop.past_session
    shown = rng.choice([one for one in session.on_air if not shop.skus[one.sku].made_to_order])
    placed = session.starts_at + timedelta(minutes=shown.minute + rng.uniform(0, 20))
    waited = (shop.now - placed) / timedelta(hours=1)
    recipe = rng.choices(_LIVE_MENU, weights=[one.weight for one in _LIVE_MENU])[0]
    last = shop.now - timedelta(hours=rng.uniform(0.2, min(waited / 3, recipe.hours[1])))
    return _Plan(
        index, recipe, customer, (shop.skus[shown.sku],), last, placed, session.key, shown.live_price
    )


def _order(rng: random.Random, shop: Shop, plan: _Plan) -> Order:
    recipe, receiver = plan.recipe, rng.choice(plan.customer.addresses)
    route = shipping.route_for(receiver, plan.goods)
    shipped = shipping.draft(rng, route, recipe, plan.last, not_before=plan.placed)
    placed = plan.placed or _placed(rng, recipe, shipped, plan.last)
    paid = (
        None
        if recipe.state is OrderState.PENDING_PAYMENT
        else placed + timedelta(seconds=rng.randint(20, 600))
    )
    lines = _lines(rng, plan, packed=shipped is not None)
    number = f"LM{placed + timedelta(hours=8):%Y%m%d}{plan.index * 7919 % 100_000_000:08d}"
    made = _production(rng, shop, plan, paid)
    goods = sum((one.amount for one in lines), Decimal(0))
    promotion = _promotion(shop, plan, goods, placed)
    reduction = promotion.reduction if promotion else Decimal(0)
    freight = _freight(shop.policies, goods - reduction, route.zone)
    ship_due = paid + timedelta(hours=shop.policies.ship_hours) if paid and not made else None
    arrival = shipping.promised(shop.policies, route, plan.goods, paid or placed, made)
    return Order(
        number=number,
        customer=plan.customer.key,
        state=recipe.state,
        source=Source.LIVESTREAM if plan.session else rng.choice(_OTHER_SOURCES),
        session=plan.session,
        placed_at=placed,
        paid_at=paid,
        ship_due_at=ship_due,
        goods=goods,
        discount=reduction,
        freight=freight,
        payable=goods - reduction + freight,
        promotion=promotion.code if promotion else "",
        payment="" if paid is None else _payment(rng, shop.policies, goods - reduction + freight),
        receiver=receiver,
        note=rng.choice(("", "", "", "请提前打电话", "放门口即可", "工作日晚上送")),
        lines=lines,
        parcels=shipping.parcels(rng, number, lines, shop.skus, recipe, route, shipped, arrival),
        production=made,
    )


def _placed(rng: random.Random, recipe: Recipe, shipped: shipping.Draft | None, last: datetime) -> datetime:
    if recipe.stage is not None:
        done = list(ProductionStage).index(recipe.stage)
        ready = shipped.track[0].at if shipped else last
        return ready - timedelta(days=rng.uniform(3, 7) * done + rng.uniform(0, 4))
    if shipped is not None:
        return shipped.track[0].at - timedelta(hours=rng.uniform(3, 44))
    return last - timedelta(hours=rng.uniform(1, 20) if recipe.state is OrderState.CANCELLED else 0)


def _lines(rng: random.Random, plan: _Plan, *, packed: bool) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            sku=sku.code,
            quantity=1 if sku.oversized else rng.choice((1, 1, 1, 2)),
            unit_price=(plan.live_price or sku.price).quantize(_CENT),
            discount=Decimal(0),
            lot=rng.choice(sku.lots).number if packed else "",
        )
        for sku in plan.goods
    )


def _promotion(shop: Shop, plan: _Plan, goods: Decimal, placed: datetime) -> Promotion | None:
    """The best coupon for everyone that was valid when the order was placed."""
    lines = {str(sku.line) for sku in plan.goods}
    fitting = [
        one
        for one in shop.promotions
        if one.eligible is Eligibility.EVERYONE
        and one.starts_at <= placed < one.ends_at
        and goods >= one.threshold
        and (not one.lines or lines <= set(one.lines))
        and (not one.skus or all(sku.code in one.skus for sku in plan.goods))
    ]
    return max(fitting, key=lambda one: (one.reduction, one.code), default=None)


def _payment(rng: random.Random, policies: Policies, payable: Decimal) -> str:
    return rng.choice(_PAYMENTS if payable >= policies.instalment_from else _PAYMENTS[:-1])


def _freight(policies: Policies, goods: Decimal, zone: str) -> Decimal:
    if zone == "remote" and goods < policies.free_shipping_from:
        return Decimal(policies.remote_freight)
    return Decimal(0 if goods >= policies.free_shipping_from else policies.freight)


def _production(rng: random.Random, shop: Shop, plan: _Plan, paid: datetime | None) -> Production | None:
    if plan.recipe.stage is None or paid is None:
        return None
    return production(rng, shop.policies, plan.recipe.stage, paid, plan.last, shop.now)

"""Puts the whole brand together from its files, a seed and a moment."""

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from jieli.demo.brand import (
    aftersales,
    catalogue,
    conflicts,
    devices,
    invoices,
    knowledge,
    live,
    owed,
    people,
    price_cases,
    promotions,
    staff,
    tracks,
)
from jieli.demo.brand import orders as trade
from jieli.demo.brand.contracts.aftersale import Promotion
from jieli.demo.brand.contracts.brand import DemoBrand
from jieli.demo.brand.contracts.catalogue import Sku
from jieli.demo.brand.contracts.live import LiveSession, SessionState
from jieli.demo.brand.contracts.people import Customer
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies

_SHANGHAI = timezone(timedelta(hours=8))


class _Range(NamedTuple):
    """What the shop shows, before anyone bought anything."""

    skus: tuple[Sku, ...]
    promotions: tuple[Promotion, ...]
    sessions: tuple[LiveSession, ...]


def build(seed: int = 7, *, now: datetime, customers: int = 2000, orders: int = 8000) -> DemoBrand:
    """The brand as it stands at `now` (aware); the same arguments always give the same brand.

    Fewer orders than there are recipes leave some states out; ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be an aware datetime")
    now = now.astimezone(UTC)
    policies, midnight = Policies(), brand_midnight(now)
    today = now.astimezone(_SHANGHAI).date()
    skus = catalogue.skus(_rng(seed, "skus"), policies, today)
    shown = _Range(skus, promotions.promotions(skus, midnight), live.sessions(now, midnight))
    crowd = people.customers(_rng(seed, "people"), customers, now)
    bought = trade.orders(_rng(seed, "orders"), _shop(now, policies, shown, crowd), orders)
    book = {one.code: one for one in skus}
    owned = devices.devices(bought, book)
    crowd, disputed = conflicts.with_conflicts(
        _rng(seed, "conflicts"), conflicts.with_devices(crowd, owned), now
    )
    promised = live.promises(shown.sessions)
    sent_back = aftersales.returns(_rng(seed, "returns"), policies, bought, book, now)
    return DemoBrand(
        key="lumora",
        name=Words("拾光里", "Lumora"),
        now=now,
        policies=policies,
        categories=catalogue.categories(),
        skus=skus,
        warehouses=catalogue.warehouses(),
        stock=catalogue.stock(_rng(seed, "stock"), skus, today),
        customers=crowd,
        conflicts=disputed,
        devices=owned,
        carriers=tracks.carriers(),
        orders=bought,
        returns=sent_back,
        refunds=aftersales.refunds(_rng(seed, "refunds"), policies, bought, sent_back, now),
        price_cases=price_cases.price_cases(_rng(seed, "prices"), policies, bought, now),
        invoices=invoices.invoices(_rng(seed, "invoices"), policies, bought, now),
        promotions=shown.promotions,
        articles=knowledge.articles(policies, midnight),
        paths=knowledge.paths(policies),
        saved_replies=knowledge.saved_replies(policies),
        sensitive_words=knowledge.sensitive_words(),
        bot_texts=knowledge.bot_texts(policies),
        skills=staff.skills(),
        teams=staff.teams(),
        calendars=staff.calendars(today),
        staff=staff.staff(),
        rooms=live.rooms(),
        sessions=shown.sessions,
        promises=promised,
        owed=owed.owed(promised, bought, now),
    )


def brand_midnight(now: datetime) -> datetime:
    """The start, in UTC, of the day in Shanghai that `now` falls in."""
    return now.astimezone(_SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _rng(seed: int, area: str) -> random.Random:
    """Each area draws its own numbers, so that a change in one leaves the others as they were."""
    return random.Random(f"{seed}:{area}")


def _shop(now: datetime, policies: Policies, shown: _Range, crowd: tuple[Customer, ...]) -> trade.Shop:
    return trade.Shop(
        now=now,
        policies=policies,
        customers=crowd,
        ready_made=tuple(one for one in shown.skus if not one.made_to_order),
        made_to_order=tuple(one for one in shown.skus if one.made_to_order),
        promotions=shown.promotions,
        past_session=next(one for one in shown.sessions if one.state is SessionState.ENDED),
        skus={one.code: one for one in shown.skus},
    )

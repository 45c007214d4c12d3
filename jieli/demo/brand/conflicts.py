"""Identities that two customers claim: what the conflict queue is filled with."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from jieli.demo.brand.contracts.people import (
    ConflictKind,
    Customer,
    Device,
    Identity,
    IdentityConflict,
    IdentityKind,
)
from jieli.demo.brand.contracts.words import Words

_REASONS = {
    ConflictKind.HOUSEHOLD_PHONE: Words(
        "两位家庭成员用同一个手机号收货，微信 unionid 不同，应是同一户而不是同一人。",
        "Two members of one household receive goods under one phone; their unionids differ, so they are not one person.",
    ),
    ConflictKind.RECYCLED_PHONE: Words(
        "号码换过主人：旧账号停用两年以上，新账号用同一号码注册。",
        "The number changed hands: the old account slept for over two years, a new one registered with it.",
    ),
    ConflictKind.SHARED_EMAIL: Words(
        "两个账号填了同一个邮箱，都没有验证。", "Two accounts gave the same e-mail; neither verified it."
    ),
    ConflictKind.RESOLD_DEVICE: Words(
        "设备二手转让：序列号先后绑定在两位客户名下。",
        "The device was sold on: its serial was bound to two customers one after the other.",
    ),
    ConflictKind.TWO_UNIONIDS: Words(
        "同一已验证手机号下出现两个 unionid，可能换了微信号，也可能是代下单。",
        "One verified phone shows two unionids: a new WeChat account, or someone ordering for another.",
    ),
}


def with_devices(people: tuple[Customer, ...], devices: tuple[Device, ...]) -> tuple[Customer, ...]:
    """Every bound device becomes one more identity of its owner."""
    owned: dict[str, list[Identity]] = {}
    for device in devices:
        one = Identity(IdentityKind.DEVICE, device.serial, "", True, device.bought_at)
        owned.setdefault(device.customer, []).append(one)
    return tuple(replace(one, identities=(*one.identities, *owned.get(one.key, ()))) for one in people)


def with_conflicts(
    rng: random.Random, people: tuple[Customer, ...], now: datetime
) -> tuple[tuple[Customer, ...], tuple[IdentityConflict, ...]]:
    """Plants about three conflicts per hundred customers, all kinds alike, and says where they are."""
    book = {one.key: one for one in people}
    order = rng.sample(sorted(book), len(book))
    found: list[IdentityConflict] = []
    rounds = max(1, len(people) // 160)
    for kind in list(ConflictKind) * rounds:
        conflict = _plant(kind, book, order, len(found) + 1, now)
        if conflict:
            found.append(conflict)
    return tuple(book.values()), tuple(found)


def _plant(
    kind: ConflictKind, book: dict[str, Customer], order: list[str], number: int, now: datetime
) -> IdentityConflict | None:
    wanted, fits = _CLAIMS[kind]
    giver = _take(book, order, lambda one: one.identity(wanted) is not None and fits(one))
    if giver is None:
        return None
    taker = _take(book, order, lambda one: fits(one) and _pairs(kind, giver, one))
    if taker is None:
        return None
    value = giver.identity(wanted) or ""
    claimed = Identity(
        wanted, value, "", kind is not ConflictKind.SHARED_EMAIL, now - timedelta(days=number % 40)
    )
    book[taker.key] = replace(taker, identities=(*taker.identities, claimed))
    return IdentityConflict(f"X{number:04d}", kind, wanted, value, (giver.key, taker.key), _REASONS[kind])


def _take(book: dict[str, Customer], order: list[str], fits: Callable[[Customer], bool]) -> Customer | None:
    key = next((key for key in order if fits(book[key])), None)
    if key is None:
        return None
    order.remove(key)
    return book[key]


def _pairs(kind: ConflictKind, giver: Customer, taker: Customer) -> bool:
    at_home = bool(giver.household) and giver.household == taker.household
    return at_home is (kind is ConflictKind.HOUSEHOLD_PHONE)


def _anyone(_: Customer) -> bool:
    return True


def _has_unionid(one: Customer) -> bool:
    return one.identity(IdentityKind.UNIONID) is not None


def _lives_with_others(one: Customer) -> bool:
    return bool(one.household) and _has_unionid(one)


_CLAIMS: dict[ConflictKind, tuple[IdentityKind, Callable[[Customer], bool]]] = {
    ConflictKind.HOUSEHOLD_PHONE: (IdentityKind.PHONE, _lives_with_others),
    ConflictKind.RECYCLED_PHONE: (IdentityKind.PHONE, _anyone),
    ConflictKind.SHARED_EMAIL: (IdentityKind.EMAIL, _anyone),
    ConflictKind.RESOLD_DEVICE: (IdentityKind.DEVICE, _anyone),
    ConflictKind.TWO_UNIONIDS: (IdentityKind.PHONE, _has_unionid),
}

"""Customers with their many identities, and the ones a human must tell apart."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jieli.demo.brand import data
from jieli.demo.brand.contracts.people import (
    Address,
    Customer,
    Identity,
    IdentityKind,
    Tier,
)

OFFICIAL_APP = "wxdemo0lumora0oa"
MINI_APP = "wxdemo0lumora0mp"
PHONE_PATTERN = r"199000\d{5}"
_STAFF_PHONES_FROM = 90_000
_HOUSEHOLD_SHARE = 0.12
_HEX = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class City:
    province: str
    city: str
    zone: str
    districts: tuple[str, ...]


def cities() -> tuple[City, ...]:
    rows = data.table("people")["cities"]
    return tuple(City(province, city, zone, tuple(districts)) for province, city, zone, districts in rows)


def phone(index: int) -> str:
    """The demo's invented mobile number `index` (0…99,999): well formed, and all in one block."""
    if not 0 <= index < 100_000:
        raise ValueError(f"the demo has 100,000 phone numbers, not number {index}")
    return f"199000{index:05d}"


def staff_phone(index: int) -> str:
    return phone(_STAFF_PHONES_FROM + index)


def customers(rng: random.Random, count: int, now: datetime) -> tuple[Customer, ...]:
    made: list[Customer] = []
    for index in range(count):
        one = _customer(rng, index, now)
        if made and rng.random() < _HOUSEHOLD_SHARE:
            made[-1], one = _move_together(made[-1], one)
        made.append(one)
    return tuple(made)


def _customer(rng: random.Random, index: int, now: datetime) -> Customer:
    name = _name(index)
    joined = now - timedelta(days=rng.randint(200, 900), minutes=rng.randint(0, 1440))
    number = phone(index)
    tier = rng.choices(tuple(Tier), weights=(70, 18, 9, 3))[0]
    book = data.table("people")
    return Customer(
        key=f"C{index + 1:06d}",
        name=name,
        nickname=f"{rng.choice(book['nick_head'])}{rng.choice(book['nick_tail'])}",
        tier=tier,
        language="en" if rng.random() < 0.03 else "zh",
        joined_at=joined,
        points=rng.randint(
            0, {Tier.NORMAL: 900, Tier.SILVER: 4000, Tier.GOLD: 15000, Tier.BLACK: 60000}[tier]
        ),
        marketing_consent=rng.random() < 0.6,
        household="",
        identities=_identities(rng, index, number, joined),
        addresses=tuple(_address(rng, name, number) for _ in range(rng.choice((1, 1, 1, 2)))),
        traits=tuple(sorted(rng.sample(book["traits"], rng.choice((0, 1, 1, 2))))),
    )


def _name(index: int) -> str:
    """Every pair of invented surname and given name once, in an order that mixes both."""
    book = data.table("people")
    surnames, given = book["surnames"], book["given"]
    return str(surnames[index % len(surnames)] + given[(index // len(surnames) + index) % len(given)])


def _identities(rng: random.Random, index: int, number: str, joined: datetime) -> tuple[Identity, ...]:
    found = [Identity(IdentityKind.PHONE, number, "", rng.random() < 0.8, joined)]

    def add(share: float, kind: IdentityKind, value: str, app: str = "", *, verified: bool = True) -> None:
        if rng.random() < share:
            found.append(Identity(kind, value, app, verified, joined + timedelta(days=rng.randint(0, 30))))

    add(0.75, IdentityKind.OPENID_MINI, f"m{_token(rng, 27)}", MINI_APP)
    add(0.5, IdentityKind.OPENID_OFFICIAL, f"o{_token(rng, 27)}", OFFICIAL_APP)
    if any(one.app for one in found):
        add(0.9, IdentityKind.UNIONID, f"u{_token(rng, 27)}")
        add(0.35, IdentityKind.ACCOUNT, f"lumora{index + 1:06d}")
    else:
        add(1.0, IdentityKind.ACCOUNT, f"lumora{index + 1:06d}")
    domain = rng.choice(("example.com", "example.cn"))
    add(0.45, IdentityKind.EMAIL, f"guest{index + 1:06d}@{domain}", verified=rng.random() < 0.5)
    return tuple(found)


def _token(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_HEX, k=length))


def _address(rng: random.Random, receiver: str, number: str) -> Address:
    book = data.table("people")
    place = rng.choice(cities())
    house = f"{rng.choice(book['streets'])}{rng.randint(1, 999)}号{rng.choice(book['estates'])}"
    flat = f"{rng.randint(1, 30)}幢{rng.randint(1, 33)}0{rng.randint(1, 4)}室"
    return Address(place.province, place.city, rng.choice(place.districts), house + flat, receiver, number)


def _move_together(first: Customer, second: Customer) -> tuple[Customer, Customer]:
    """Two customers of one home: the same household and address, each under the own name and phone."""
    household = first.household or f"H{first.key[1:]}"
    home = replace(first.addresses[0], receiver=second.name, phone=second.addresses[0].phone)
    return (
        replace(first, household=household),
        replace(second, household=household, addresses=(home, *second.addresses[1:])),
    )

"""The brand as a whole: same arguments, same brand; nothing in it could be mistaken for a real person."""

import re
from datetime import datetime, timedelta, timezone

import phonenumbers
import pytest

from jieli.demo import brand
from jieli.demo.brand import people
from jieli.demo.brand.contracts import DemoBrand, Line, SessionState
from jieli.demo.tests.conftest import NOW

_MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?!\d)")
_EMAIL = re.compile(r"[\w.]+@[\w.]+")
_CJK = re.compile(r"[\u4e00-\u9fff]")


def small(**changes: object) -> DemoBrand:
    arguments: dict[str, object] = {"seed": 7, "now": NOW, "customers": 150, "orders": 400} | changes
    return brand.build(**arguments)  # type: ignore[arg-type]


def test_same_arguments_give_the_same_brand() -> None:
    assert small() == small()


def test_another_seed_gives_other_orders_but_the_same_knowledge() -> None:
    one, other = small(), small(seed=8)
    assert one.orders != other.orders
    assert one.articles == other.articles


def test_the_zone_in_which_now_is_told_changes_nothing() -> None:
    assert small(now=NOW.astimezone(timezone(timedelta(hours=8)))) == small()


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        small(now=datetime(2026, 11, 21))  # noqa: DTZ001 the naive moment is the point


@pytest.mark.parametrize("hour", [0, 4, 15, 16, 23])
def test_at_any_hour_one_session_is_over_one_on_air_one_to_come(hour: int) -> None:
    shown = small(now=NOW.replace(hour=hour, minute=1)).sessions
    assert [one.state for one in shown] == [SessionState.ENDED, SessionState.ON_AIR, SessionState.SCHEDULED]


def test_it_is_as_large_as_promised(lumora: DemoBrand) -> None:
    assert len(lumora.skus) >= 300
    assert {one.line for one in lumora.skus} == set(Line)
    assert len(lumora.customers) >= 2000
    assert len(lumora.orders) >= 8000
    assert len(lumora.carriers) >= 12
    assert len(lumora.articles) >= 120
    assert len(lumora.paths) >= 8
    assert len(lumora.saved_replies) >= 40


def test_every_phone_is_an_invented_one_that_still_normalises(lumora: DemoBrand) -> None:
    found = set(_MOBILE.findall(repr(lumora)))
    assert len(found) >= 2000
    assert all(re.fullmatch(people.PHONE_PATTERN, one) for one in found)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(one, "CN")) for one in sorted(found)[:50])


def test_every_address_of_e_mail_is_an_example(lumora: DemoBrand) -> None:
    found = set(_EMAIL.findall(repr(lumora)))
    assert found
    assert {one.split("@")[1].rstrip(".") for one in found} == {"example.com", "example.cn"}


def test_codes_and_numbers_are_unique(lumora: DemoBrand) -> None:
    for rows in (
        [one.code for one in lumora.skus],
        [one.key for one in lumora.customers],
        [one.number for one in lumora.orders],
        [one.serial for one in lumora.devices],
        [one.number for one in lumora.refunds],
        [one.number for one in lumora.returns],
        [one.key for one in lumora.articles],
        [one.login for one in lumora.staff],
        [one.phone for one in lumora.staff],
    ):
        assert len(rows) == len(set(rows))


def test_nothing_sellable_always_has_a_restock_date(lumora: DemoBrand) -> None:
    empty = [one for one in lumora.stock if one.available == 0]
    assert empty
    assert all(one.restock_on and one.restock_on > NOW.date() for one in empty)


def test_goods_are_named_in_both_languages(lumora: DemoBrand) -> None:
    for sku in lumora.skus:
        assert _CJK.search(sku.name.zh)
        assert not _CJK.search(sku.name.en), sku.code
        assert not any(_CJK.search(one.value.en + one.name.en) for one in sku.attributes), sku.code
        assert sku.aliases
        assert sku.price > 0

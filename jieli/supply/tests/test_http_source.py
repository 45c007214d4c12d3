"""A source outside: mapped, cached, slow, broken, silent, left alone, asked again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, IdentityKind, Key
from jieli.kernel import jobs
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.models import Event, Job
from jieli.supply import facade as supply
from jieli.supply import pulling
from jieli.supply.contracts import Ask, Circuit, Fact, FactKind, NewSource, Unknown, UnknownReason
from jieli.supply.models import FactRow
from jieli.supply.tests import erp as erps
from jieli.supply.tests.conftest import NOW, order
from jieli.supply.tests.erp import Erp, reply

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1"])]

PARCELS = {
    "by_key": "/waybill/{key}",
    "items": "data",
    "as_of": "updated",
    "fields": {
        "tracking": "no",
        "carrier": {"const": "顺丰"},
        "state": {"from": "st", "map": {"30": "in_transit", "80": "delivered"}},
        "eta": {"from": "eta", "as": "time"},
        "tracks": {
            "from": "routes",
            "each": {"at": {"from": "t", "as": "time"}, "place": "city", "text": "remark"},
        },
    },
    "owner": {"phone": "to.mobile"},
    "private": {"receiver": "to.name", "address": "to.addr"},
}
WAYBILL = {
    "no": "SF9",
    "st": 30,
    "updated": 1794982200000,
    "eta": "2026-11-19 18:00:00",
    "routes": [{"t": "2026/11/18 14:00", "city": "杭州", "remark": "离开杭州转运中心"}],
    "to": {"name": "林小满", "mobile": "13800000001", "addr": "浙江省杭州市西湖区拾光路 1 号"},
}


@pytest.fixture
def erp() -> Iterator[Erp]:
    with erps.running() as running:
        yield running


@pytest.fixture
def source(erp: Erp) -> Erp:
    settings = {
        "base_url": erp.url,
        "auth_header": "X-Key",
        "auth_value": "s3cret",
        "pulls": {"parcel": PARCELS},
    }
    supply.create_source(
        SYSTEM, NewSource(name="carrier", kind="http", kinds=(FactKind.PARCEL,), settings=settings)
    )
    return erp


def ask(key: str = "SF9", budget_s: float = 5.0) -> list[Fact] | Unknown:
    [found] = supply.lookup_many([Ask(None, FactKind.PARCEL, key)], budget_s=budget_s)
    return found


def unknown(found: list[Fact] | Unknown) -> Unknown:
    assert isinstance(found, Unknown)
    return found


def test_an_answer_is_mapped_masked_and_kept(watch: ManualClock, source: Erp) -> None:
    source.answers = lambda handler: reply(handler, {"data": WAYBILL})
    found = ask()
    assert isinstance(found, list)
    [fact] = found
    assert fact.value == {
        "tracking": "SF9",
        "carrier": "顺丰",
        "state": "in_transit",
        "eta": "2026-11-19T18:00:00+08:00",
        "tracks": [{"at": "2026-11-18T14:00:00+08:00", "place": "杭州", "text": "离开杭州转运中心"}],
    }
    assert fact.as_of.isoformat() == "2026-11-18T06:10:00+00:00"
    assert (fact.source, fact.simulated) == ("carrier", False)
    assert source.requests == [("/waybill/SF9", "s3cret")]
    row = FactRow.objects.get()
    assert "林小满" in row.private
    assert row.owners.get().kind == "phone"

    assert ask() == found, "from the snapshot"
    assert len(source.requests) == 1
    watch.shift(timedelta(minutes=3))
    ask()
    assert len(source.requests) == 2, "too old to answer with"


def test_nothing_is_an_answer_and_is_remembered(watch: ManualClock, source: Erp) -> None:
    source.answers = lambda handler: reply(handler, {}, status=404)
    assert ask() == []
    assert ask() == []
    assert len(source.requests) == 1
    watch.shift(timedelta(minutes=3))
    assert ask() == []
    assert len(source.requests) == 2


def test_a_key_cannot_leave_its_place_in_the_address(source: Erp) -> None:
    ask("../../admin?x=1#")
    assert source.requests[0][0] == "/waybill/..%2F..%2Fadmin%3Fx%3D1%23"


@pytest.mark.parametrize("silence", ["hang", "drip"])
def test_a_silent_source_costs_no_more_than_the_budget(watch: ManualClock, source: Erp, silence: str) -> None:
    source.answers = lambda handler: reply(handler, {"data": WAYBILL})
    known = ask()
    watch.shift(timedelta(hours=1))
    source.answers = getattr(source, silence)
    found = unknown(ask(budget_s=0.2))
    assert found.reason is UnknownReason.SLOW
    assert found.back_by == watch.now() + timedelta(minutes=2)
    assert list(found.last_known) == known, "what was known, with its age"
    assert Job.objects.get().kind == "supply.refresh"


def test_the_answer_that_came_later_is_told(watch: ManualClock, source: Erp) -> None:
    source.answers = lambda handler: reply(handler, b"", status=500)
    unknown(ask())
    source.answers = lambda handler: reply(handler, {"data": WAYBILL})
    watch.shift(timedelta(minutes=1))
    assert jobs.run_due("supply") == 1
    assert Event.objects.get(name="supply.fact_arrived").payload["found"] is True
    assert isinstance(ask(), list)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 500),
        (b"", 429),
        (b"", 403),
        (b"<html>", 200),
        ({"data": {"no": "SF9"}}, 200),
        ({"data": WAYBILL | {"eta": "soon"}}, 200),
        ({"data": WAYBILL | {"st": 99}}, 200),
        ({"data": WAYBILL | {"updated": 4102444800}}, 200),
        (b" " * (5 * 1024 * 1024), 200),
    ],
)
def test_a_broken_answer_is_no_fact(watch: ManualClock, source: Erp, body: Any, status: int) -> None:
    source.answers = lambda handler: reply(handler, body, status)
    assert unknown(ask()).reason is UnknownReason.BROKEN
    assert not FactRow.objects.exists()


def test_a_broken_source_is_left_alone_and_tried_again(watch: ManualClock, source: Erp) -> None:
    source.answers = lambda handler: reply(handler, b"", status=500)
    for number in range(5):
        unknown(ask(f"SF{number}"))
    assert len(source.requests) == 5
    found = unknown(ask("SF6"))
    assert found.reason is UnknownReason.RESTING
    assert len(source.requests) == 5, "nobody asked it"
    [view] = supply.sources(SYSTEM)
    assert view.circuit is Circuit.OPEN
    assert "500" in view.last_error

    watch.shift(timedelta(seconds=31))
    source.answers = lambda handler: reply(handler, {"data": WAYBILL})
    supply.lookup_many([Ask(None, FactKind.PARCEL, f"T{n}") for n in range(4)], budget_s=5)
    assert len(source.requests) == 6, "one question tries it"
    assert isinstance(ask(), list)
    [view] = supply.sources(SYSTEM)
    assert view.circuit is Circuit.CLOSED


def test_one_silent_source_does_not_silence_another(erp: Erp, source: Erp) -> None:
    source.answers = source.hang
    supply.create_source(SYSTEM, NewSource(name="demo", kind="demo", kinds=(FactKind.STOCK,)))
    asks = [Ask(None, FactKind.PARCEL, f"SF{n}") for n in range(pulling.THREADS_PER_SOURCE * 3)]
    found = supply.lookup_many([*asks, Ask(None, FactKind.STOCK, "X")], budget_s=0.2)
    assert {type(one) for one in found[:-1]} == {Unknown}
    assert found[-1] == []


def test_a_source_that_only_pushes_is_never_asked(watch: ManualClock) -> None:
    supply.create_source(SYSTEM, NewSource(name="wms", kind="http", kinds=(FactKind.STOCK,)))
    [found] = supply.lookup_many([Ask(None, FactKind.STOCK, "X")])
    assert unknown(found).reason is UnknownReason.NO_SOURCE
    FactRow.objects.create(
        kind="stock",
        key="X",
        source="wms",
        value={"sku": "X", "on_hand": 1, "reserved": 0},
        as_of=NOW - timedelta(days=2),
        fetched_at=NOW,
    )
    [found] = supply.lookup_many([Ask(None, FactKind.STOCK, "X")])
    assert isinstance(found, list)
    assert found[0].as_of == NOW - timedelta(days=2)


def test_orders_are_asked_by_what_a_person_is_known_by(watch: ManualClock, erp: Erp) -> None:
    anna = person("13800000001", "u-1")
    pulls = {
        "by_owner": {"phone": "/orders?phone={value}", "account": "/orders?account={value}"},
        "by_key": "/orders/{key}",
        "items": "rows",
        "fields": {name: name for name in order("A")},
        "owner": {"phone": "mobile"},
    }
    settings = {"base_url": erp.url, "pulls": {"order": pulls}}
    supply.create_source(
        SYSTEM, NewSource(name="erp", kind="http", kinds=(FactKind.ORDER,), settings=settings)
    )
    erp.answers = lambda handler: reply(handler, {"rows": [order("A") | {"mobile": "+86 138 0000 0001"}]})
    found = supply.orders_of([anna])[anna]
    assert isinstance(found, list)
    assert [fact.key for fact in found] == ["A"], "found by two keys, told once"
    assert sorted(path for path, _ in erp.requests) == [
        "/orders?account=u-1",
        "/orders?phone=13800000001",
    ]
    supply.orders_of([anna])
    assert len(erp.requests) == 2

    bo = person("13800000002", "u-2")
    [theirs] = supply.lookup_many([Ask(bo, FactKind.ORDER, "A")])
    assert unknown(theirs).reason is UnknownReason.NOT_THEIRS
    [own] = supply.lookup_many([Ask(anna, FactKind.ORDER, "A")])
    assert isinstance(own, list)


def person(phone: str, account: str) -> UUID:
    keys = (
        Key(IdentityKind.PHONE, "", phone, verified=True, strong=True),
        Key(IdentityKind.ACCOUNT, "shop", account, verified=True, strong=True),
    )
    return identity.resolve_many([Contact(keys, "林小满", "test", NOW)])[0].person

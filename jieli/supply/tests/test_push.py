"""What a source pushes: signed, checked, masked, newest wins, moves are told."""

import json
from datetime import timedelta
from typing import Any

import pytest

from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, IdentityKind, Key
from jieli.kernel import jobs, laws, outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.models import Counter, Event
from jieli.supply import facade as supply
from jieli.supply import policy
from jieli.supply.contracts import Ask, FactKind, NewSource, PushResult
from jieli.supply.errors import FactUnusable, PushRefused
from jieli.supply.models import FactRow
from jieli.supply.tests.conftest import NOW, order, parcel

pytestmark = pytest.mark.django_db
SECRET = "push-secret"


@pytest.fixture(autouse=True)
def wms(watch: ManualClock) -> None:
    kinds = (FactKind.ORDER, FactKind.PARCEL, FactKind.STOCK)
    settings = {"push_secret": SECRET}
    supply.create_source(SYSTEM, NewSource(name="wms", kind="http", kinds=kinds, settings=settings))


def push(*facts: dict[str, Any], source: str = "wms", secret: str = SECRET, age_s: int = 0) -> PushResult:
    body = json.dumps({"facts": facts}).encode()
    return send(body, source=source, secret=secret, age_s=age_s)


def send(body: bytes, *, source: str = "wms", secret: str = SECRET, age_s: int = 0) -> PushResult:
    stamp = int(NOW.timestamp()) - age_s
    return supply.push(source, f"t={stamp},v1={policy.signature(secret, stamp, body)}", body)


def stock(on_hand: int, minutes_ago: int = 0) -> dict[str, Any]:
    value = {"sku": "X", "on_hand": on_hand, "reserved": 1}
    return {"kind": "stock", "value": value, "as_of": (NOW - timedelta(minutes=minutes_ago)).isoformat()}


def test_a_push_is_kept_and_repeating_it_changes_nothing() -> None:
    assert push(stock(5)) == PushResult(1, 0)
    assert push(stock(5)) == PushResult(1, 0)
    [found] = supply.lookup_many([Ask(None, FactKind.STOCK, "X")])
    assert isinstance(found, list)
    assert (found[0].value["on_hand"], found[0].source) == (5, "wms")
    assert Event.objects.filter(name="supply.stock_changed").count() == 1


def test_old_news_do_not_overwrite_newer_ones() -> None:
    push(stock(5))
    assert push(stock(9, minutes_ago=10)) == PushResult(0, 1)
    assert push(stock(1, minutes_ago=3), stock(2, minutes_ago=1)) == PushResult(0, 1)
    assert FactRow.objects.get().value["on_hand"] == 5


def test_a_parcel_tells_when_it_moves() -> None:
    push({"kind": "parcel", "value": parcel("SF1", "JL1")})
    push({"kind": "parcel", "value": parcel("SF1", "JL1", state="exception", exception="damaged")})
    moved = [event.payload for event in Event.objects.order_by("seq")]
    assert [(one["before"], one["state"], one["exception"]) for one in moved] == [
        ("", "in_transit", ""),
        ("in_transit", "exception", "damaged"),
    ]


def test_a_moved_parcel_is_told_in_the_journey_of_whom_it_belongs_to() -> None:
    phone = Key(IdentityKind.PHONE, "", "13800000001", verified=True, strong=True)
    [anna] = identity.resolve_many([Contact((phone,), "林小满", "test", NOW)])
    push({"kind": "parcel", "value": parcel("SF1", "JL1"), "owner": {"phone": "138 0000 0001"}})
    push({"kind": "parcel", "value": parcel("SF2"), "owner": {"phone": "13900000009"}})
    assert list(Event.objects.order_by("seq").values_list("subject", flat=True)) == [anna.person, None]
    outbox.publish()
    while jobs.run_due("supply"):
        pass
    [line] = identity.journey(anna.person, SYSTEM)
    assert (line.code, line.params) == ("parcel_in_transit", {"number": "SF1", "order": "JL1"})


def test_private_parts_are_sealed_and_shown_masked() -> None:
    private = {"receiver": "林小满", "phone": "13800000001", "address": "浙江省杭州市西湖区拾光路 1 号"}
    push({"kind": "order", "value": order("JL1"), "private": private, "owner": {"account": "u-1"}})
    [found] = supply.lookup_many([Ask(None, FactKind.ORDER, "JL1")])
    assert isinstance(found, list)
    value = found[0].value
    assert value["receiver_masked"] == "林**"
    assert value["phone_masked"] == "138****0001"
    assert value["address_masked"] == "浙江省杭州市西湖区****"
    assert not any(text in json.dumps(value, ensure_ascii=False) for text in private.values())
    assert {owner.kind for owner in FactRow.objects.get().owners.all()} == {"phone", "account"}


@pytest.mark.parametrize(
    ("source", "secret", "age_s"),
    [("wms", "wrong", 0), ("wms", "", 0), ("nobody", SECRET, 0), ("wms", SECRET, 301), ("wms", SECRET, -301)],
)
def test_what_is_not_signed_well_is_refused_and_counted(source: str, secret: str, age_s: int) -> None:
    with pytest.raises(PushRefused):
        push(stock(5), source=source, secret=secret, age_s=age_s)
    assert Counter.objects.get(name="supply.push.refused").value == 1
    assert not FactRow.objects.exists()


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", "t=1e9,v1=00", "v1=00", "t=99999999999999999999,v1=0", "t=１,v1=é"]
)
def test_signatures_that_are_none(header: str) -> None:
    with pytest.raises(PushRefused):
        supply.push("wms", header, b"{}")


def test_a_source_without_a_secret_takes_no_push() -> None:
    supply.change_source(SYSTEM, "wms", settings={"push_secret": None})
    with pytest.raises(PushRefused):
        push(stock(5), secret="")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"facts": [{"kind": "moon", "value": {}}]}',
        b'{"facts": [{"kind": "refund", "value": {}}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "X"}}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "", "on_hand": 1, "reserved": 0}}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "a\\u0000b", "on_hand": 1, "reserved": 0}}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "X", "on_hand": 1e99, "reserved": 0}}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "X", "on_hand": 1, "reserved": 0}, "as_of": "2099-01-01T00:00:00Z"}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "X", "on_hand": 1, "reserved": 0}, "as_of": "2026-01-01T00:00:00"}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "X", "on_hand": 1, "reserved": 0}, "private": {"iban": "1"}}]}',
        b'{"facts": [{"kind": "stock", "value": {"sku": "X", "on_hand": 1, "reserved": 0}, "owner": {"shoe": "1"}}]}',
        json.dumps({"facts": [stock(1)] * 1001}).encode(),
        b"[" * 100_000,
    ],
)
def test_bodies_that_cannot_be_used_are_refused_whole(body: bytes) -> None:
    with pytest.raises(FactUnusable):
        send(body)
    assert not FactRow.objects.exists()


def test_law_4_finds_facts_without_a_source_or_from_the_future() -> None:
    push(stock(5))
    assert not [breach for breach in laws.breaches() if breach.audit.startswith("supply.")]
    FactRow.objects.update(source="gone")
    assert [breach.audit for breach in laws.breaches() if breach.law == 4] == ["supply.facts_have_a_source"]
    FactRow.objects.update(source="wms", as_of=NOW + timedelta(hours=1))
    assert [breach.audit for breach in laws.breaches() if breach.law == 4] == ["supply.facts_have_an_age"]

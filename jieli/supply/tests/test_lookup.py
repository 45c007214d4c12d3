"""What is asked of the demo's own ERP, in bulk."""

import pytest
from django.db import transaction

from jieli.kernel import jobs
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden
from jieli.kernel.models import Event, Job
from jieli.supply import facade as supply
from jieli.supply.contracts import (
    Ask,
    DemoChange,
    DemoEntry,
    Fact,
    FactKind,
    NewSource,
    Unknown,
    UnknownReason,
)
from jieli.supply.errors import FactUnusable, SourceNameTaken, SourceSettingsWrong
from jieli.supply.tests.conftest import ANNA, BO, CARL, NOW, order

pytestmark = pytest.mark.django_db


def keys(answer: list[Fact] | Unknown) -> list[str]:
    assert isinstance(answer, list), answer
    return [fact.key for fact in answer]


@pytest.mark.usefixtures("demo")
def test_every_fact_says_where_it_is_from_and_how_old_it_is(watch: ManualClock) -> None:
    [found] = supply.lookup_many([Ask(ANNA, FactKind.ORDER)])
    [fact] = found if isinstance(found, list) else []
    assert (fact.key, fact.source, fact.as_of, fact.simulated) == ("JL1001", "demo", NOW, True)
    assert fact.value["amount"] == "1299.00"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (Ask(ANNA, FactKind.ORDER), ["JL1001"]),
        (Ask(CARL, FactKind.ORDER), []),
        (Ask(None, FactKind.ORDER, "JL2002"), ["JL2002"]),
        (Ask(ANNA, FactKind.PARCEL), ["SF100"]),
        (Ask(None, FactKind.PARCEL, "SF100"), ["SF100"]),
        (Ask(ANNA, FactKind.PARCEL, "JL1001"), ["SF100"]),
        (Ask(ANNA, FactKind.ORDER, "JL9"), []),
        (Ask(ANNA, FactKind.STOCK, "AP-KETTLE-1"), ["AP-KETTLE-1"]),
        (Ask(ANNA, FactKind.PROMOTION), ["D11"]),
        (Ask(None, FactKind.ORDER, "x" * 500), []),
        (Ask(None, FactKind.ORDER, "JL\x001001"), []),
        (Ask(None, FactKind.ORDER, "\ud800"), []),
    ],
)
def test_answers(ask: Ask, expected: list[str]) -> None:
    [found] = supply.lookup_many([ask])
    assert keys(found) == expected


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (Ask(BO, FactKind.ORDER, "JL1001"), UnknownReason.NOT_THEIRS),
        (Ask(BO, FactKind.PARCEL, "SF100"), UnknownReason.NOT_THEIRS),
        (Ask(BO, FactKind.STOCK), UnknownReason.NO_KEY),
        (Ask(None, FactKind.ORDER), UnknownReason.NO_KEY),
    ],
)
def test_what_cannot_be_told_is_unknown_and_not_asked_again(ask: Ask, reason: UnknownReason) -> None:
    [found] = supply.lookup_many([ask])
    assert isinstance(found, Unknown)
    assert (found.reason, found.back_by, found.last_known) == (reason, None, ())
    assert not Job.objects.exists()


def test_without_a_source_nothing_is_known() -> None:
    [found] = supply.lookup_many([Ask(ANNA, FactKind.ORDER)])
    assert isinstance(found, Unknown)
    assert found.reason is UnknownReason.NO_SOURCE


@pytest.mark.usefixtures("demo")
def test_orders_of_many_take_as_many_queries_as_of_one(django_assert_max_num_queries: object) -> None:
    supply.lookup_many([Ask(ANNA, FactKind.ORDER)])
    supply.load_demo(
        [DemoEntry(kind=FactKind.ORDER, key=f"N{n}", value=order(f"N{n}"), person=ANNA) for n in range(50)]
    )
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        found = supply.orders_of([ANNA, BO, CARL])
    assert [len(keys(found[one])) for one in (ANNA, BO, CARL)] == [51, 1, 0]


@pytest.mark.usefixtures("demo")
def test_a_lookup_inside_a_transaction_is_refused() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="before the transaction"):
        supply.lookup_many([Ask(ANNA, FactKind.ORDER)])


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("plays", ["silent", "broken"])
def test_a_silent_source_gives_unknown_now_and_the_fact_later(watch: ManualClock, plays: str) -> None:
    supply.change_source(SYSTEM, "demo", settings={"plays": plays})
    [found] = supply.lookup_many([Ask(ANNA, FactKind.ORDER)])
    assert isinstance(found, Unknown)
    assert found.source == "demo"
    assert found.back_by is not None
    assert found.back_by > found.asked_at == NOW
    supply.lookup_many([Ask(ANNA, FactKind.ORDER)])
    job = Job.objects.get(kind="supply.refresh")

    watch.shift(job.run_at - NOW)
    assert jobs.run_due("supply") == 1
    assert Job.objects.get().attempts == 1, "still silent: it is tried again"
    assert not Event.objects.filter(name="supply.fact_arrived").exists()

    supply.change_source(SYSTEM, "demo", settings={"plays": None})
    watch.shift(Job.objects.get().run_at - watch.now())
    assert jobs.run_due("supply") == 1
    assert not Job.objects.filter(kind="supply.refresh").exists()
    event = Event.objects.get(name="supply.fact_arrived")
    assert event.payload == {"kind": "order", "key": "", "person": str(ANNA), "found": True}


@pytest.mark.usefixtures("demo")
def test_a_disabled_source_is_not_asked() -> None:
    supply.change_source(SYSTEM, "demo", enabled=False)
    [found] = supply.lookup_many([Ask(ANNA, FactKind.ORDER)])
    assert isinstance(found, Unknown)


@pytest.mark.usefixtures("demo")
def test_the_catalogue_is_one_object_until_it_changes() -> None:
    first = supply.lexicon()
    assert first.products == {"AP-KETTLE-1": ("恒温电水壶", "Kettle", "烧水壶", "电水壶")}
    assert supply.lexicon() is first
    supply.forget()
    assert supply.lexicon() is first
    supply.load_demo([DemoEntry(kind=FactKind.PRODUCT, key="B", value={"sku": "B", "name": "壶"})])
    assert set(supply.lexicon().products) == {"AP-KETTLE-1", "B"}


@pytest.mark.usefixtures("demo")
def test_the_demo_moves_with_the_events_of_a_real_source() -> None:
    track = {"at": NOW.isoformat(), "place": "杭州", "text": "派送中"}
    moved = supply.change_demo(
        [
            DemoChange(kind=FactKind.PARCEL, key="SF100", patch={"state": "out_for_delivery"}, track=track),
            DemoChange(kind=FactKind.STOCK, key="AP-KETTLE-1", patch={"reserved": 12}),
            DemoChange(kind=FactKind.STOCK, key="nothing", patch={"reserved": 1}),
        ]
    )
    assert moved == 2
    parcel = Event.objects.get(name="supply.parcel_moved")
    assert parcel.subject == ANNA
    assert (parcel.payload["before"], parcel.payload["state"]) == ("in_transit", "out_for_delivery")
    stock = Event.objects.get(name="supply.stock_changed")
    assert (stock.payload["before"], stock.payload["available"]) == (7, 0)
    [found] = supply.lookup_many([Ask(ANNA, FactKind.PARCEL, "SF100")])
    assert isinstance(found, list)
    assert found[0].value["tracks"] == [track]
    supply.change_demo([DemoChange(kind=FactKind.STOCK, key="AP-KETTLE-1", patch={"name": "壶"})])
    assert Event.objects.count() == 2, "a new name is no movement of goods"


@pytest.mark.parametrize(
    "value",
    [
        {"number": "A"},
        order("A", state="flying"),
        order("A", amount=12.5),
        order("A", placed_at="2026-11-18 10:00"),
        order("A", lines=[{"sku": "X"}]),
        order("A", note="\x00"),
        order("A", note="\ud800"),
        order("A", note="长" * 1001),
    ],
)
def test_values_of_another_shape_are_refused(value: dict[str, object]) -> None:
    with pytest.raises(FactUnusable, match="order"):
        supply.load_demo([DemoEntry(kind=FactKind.ORDER, key="A", value=value)])


def test_sources_are_tried_before_they_are_kept() -> None:
    def new(**changes: object) -> NewSource:
        given: dict[str, object] = {"name": "erp", "kind": "http", "kinds": (FactKind.ORDER,)}
        return NewSource(**given | changes)  # type: ignore[arg-type]

    settings: tuple[dict[str, object], ...] = (
        {"base_url": "file:///etc"},
        {"timeout_s": 99},
        {"strange": 1},
        {"pulls": {"moon": {}}},
    )
    for wrong in settings:
        with pytest.raises(SourceSettingsWrong):
            supply.create_source(SYSTEM, new(settings=wrong))
    with pytest.raises(SourceSettingsWrong):
        supply.create_source(SYSTEM, new(kind="telepathy"))
    supply.create_source(SYSTEM, new())
    with pytest.raises(SourceNameTaken):
        supply.create_source(SYSTEM, new())


def test_rights() -> None:
    nobody = Actor(kind=ActorKind.HUMAN)
    reader = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"supply.read"}))
    for forbidden in (nobody, reader):
        with pytest.raises(Forbidden):
            supply.create_source(forbidden, NewSource(name="x", kind="demo", kinds=()))
    with pytest.raises(Forbidden):
        supply.sources(nobody)
    with pytest.raises(Forbidden):
        supply.look_up(nobody, kind=FactKind.ORDER, key="A")
    assert supply.sources(reader) == []

"""The ledger: recorded once, watched, warned about, settled once, explained."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, IdentityKind, Key
from jieli.kernel import deadlines, decisions, laws
from jieli.kernel.actor import BOT, SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden, NotFound
from jieli.kernel.ids import new_id
from jieli.kernel.models import Deadline, Event
from jieli.promises import facade as promises
from jieli.promises.contracts import PromiseKind, PromiseState, Step
from jieli.promises.errors import PromiseSettled, PromiseUnknown, PromiseWrong
from jieli.promises.models import Promise as Row
from jieli.promises.tests.conftest import ANNA, NOW, Make, new

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def state(promise: UUID) -> PromiseState:
    return promises.show(SYSTEM, promise).state


def heard() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("name", flat=True))


def advance(watch: ManualClock, by: timedelta) -> None:
    watch.shift(by)
    while deadlines.sweep():
        pass


def breaches() -> list[str]:
    return [breach.audit for breach in laws.breaches() if breach.audit.startswith("promises.")]


def test_an_open_promise_warns_and_then_breaks(make: Make, watch: ManualClock) -> None:
    promise = make(due_at=NOW + 10 * HOUR, compensation="补 20 元券", matter=new_id())
    advance(watch, 8 * HOUR - timedelta(seconds=1))
    assert heard() == ["promises.made"]
    advance(watch, timedelta(seconds=1))
    assert heard() == ["promises.made", "promises.due_soon"]
    assert Event.objects.get(name="promises.due_soon").payload["matter"] == str(promise.matter)
    assert state(promise.id) is PromiseState.OPEN
    advance(watch, 2 * HOUR)
    assert heard()[-1] == "promises.broken"
    assert Event.objects.get(name="promises.broken").payload["compensation"] == "补 20 元券"
    assert state(promise.id) is PromiseState.BROKEN
    [decision] = decisions.of(promise.id)
    assert (decision.outcome, decision.reasons) == ("broken", ("due_and_not_settled",))
    assert [one.step for one in promises.show(SYSTEM, promise.id).steps] == [
        Step.MADE,
        Step.WARNED,
        Step.BROKEN,
    ]
    assert not Deadline.objects.exists()
    assert breaches() == []


def test_a_kept_promise_is_left_in_peace(make: Make, watch: ManualClock) -> None:
    promise = make()
    settled = promises.settle(SYSTEM, promise=promise.id, evidence={"tracking": "SF1"})
    assert (settled.state, settled.settled_at) == (PromiseState.KEPT, NOW)
    advance(watch, timedelta(days=9))
    assert heard() == ["promises.made", "promises.kept"]
    assert promises.show(SYSTEM, promise.id).steps[-1].evidence == {"tracking": "SF1"}


def test_more_time_needs_a_reason_and_the_customer_to_know(make: Make, watch: ManualClock) -> None:
    phone = Key(IdentityKind.PHONE, "", "13800000001", verified=True, strong=True)
    anna = identity.resolve_many([Contact((phone,), "林小满", "test", NOW)])[0].person
    promise = make(due_at=NOW + 10 * HOUR, person=anna)
    advance(watch, 9 * HOUR)
    later = NOW + 20 * HOUR
    for given in ({"why": " ", "told": "m1"}, {"why": "雨雪", "told": ""}):
        with pytest.raises(PromiseWrong):
            promises.extend(SYSTEM, promise=promise.id, due_at=later, **given)
    for wrong in (NOW + 10 * HOUR, NOW + 9 * HOUR, NOW + timedelta(days=4000)):
        with pytest.raises(PromiseWrong):
            promises.extend(SYSTEM, promise=promise.id, due_at=wrong, why="雨雪", told="m1")
    extended = promises.extend(SYSTEM, promise=promise.id, due_at=later, why="雨雪", told="m1")
    assert extended.due_at == later
    advance(watch, 5 * HOUR)
    assert state(promise.id) is PromiseState.OPEN
    advance(watch, 6 * HOUR)
    assert state(promise.id) is PromiseState.BROKEN
    assert heard() == [f"promises.{name}" for name in ("made", "due_soon", "extended", "due_soon", "broken")]
    [shown] = promises.to_customer(SYSTEM, anna)
    assert shown.extended == 1
    told = [line.code for line in identity.journey(anna, SYSTEM)]
    assert told == ["promise_broken", "promise_extended", "promise_made"]


@pytest.mark.parametrize("end", ["settle", "break", "withdraw", "deadline"])
def test_what_happened_to_a_promise_stays(make: Make, watch: ManualClock, end: str) -> None:
    promise = make().id
    ends: dict[str, Any] = {
        "settle": lambda: promises.settle(SYSTEM, promise=promise, evidence={}),
        "break": lambda: promises.break_(SYSTEM, promise=promise, why="缺货"),
        "withdraw": lambda: promises.withdraw(SYSTEM, promise=promise, why="记错了"),
        "deadline": lambda: advance(watch, timedelta(days=1)),
    }
    ends.pop(end)()
    ends.pop("deadline", None)
    before = state(promise)
    for again in ends.values():
        with pytest.raises(PromiseSettled):
            again()
    with pytest.raises(PromiseSettled):
        promises.extend(SYSTEM, promise=promise, due_at=watch.now() + HOUR, why="x", told="y")
    assert state(promise) is before
    assert breaches() == []


def test_only_a_broken_promise_is_compensated(make: Make) -> None:
    promise = make().id
    with pytest.raises(PromiseSettled):
        promises.compensate(SYSTEM, promise=promise, compensation="20 元券")
    promises.break_(SYSTEM, promise=promise, why="缺货")
    done = promises.compensate(SYSTEM, promise=promise, compensation="20 元券", evidence={"coupon": "C1"})
    assert (done.state, done.compensation) == (PromiseState.BROKEN, "20 元券")
    assert heard()[-1] == "promises.compensated"


def test_a_message_handled_twice_promises_once(make: Make) -> None:
    given = [new(once="m1:0"), new(once="m1:0", what="again"), new(once="m2:0"), new()]
    first = promises.record_many(BOT, given)
    again = promises.record_many(BOT, given[:3])
    assert [one.id for one in again] == [one.id for one in first[:3]]
    assert len({one.id for one in first}) == 3
    assert Row.objects.count() == 3
    assert Event.objects.count() == 3


def test_recording_many_takes_as_many_queries_as_one(make: Make) -> None:
    make()
    counts = []
    for size in (1, 40):
        with CaptureQueriesContext(connection) as seen:
            promises.record_many(BOT, [new(once=f"{size}:{n}") for n in range(size)])
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert Deadline.objects.count() == 2 * (1 + 1 + 40)


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": " "},
        {"due_at": NOW},
        {"due_at": NOW - HOUR},
        {"due_at": NOW + timedelta(days=5000)},
        {"made_at": NOW + 11 * HOUR, "due_at": NOW + 10 * HOUR},
    ],
)
def test_a_promise_without_a_time_to_come_is_none(make: Make, wrong: dict[str, Any]) -> None:
    with pytest.raises(PromiseWrong):
        make(**wrong)
    assert not Row.objects.exists()


def test_a_promise_heard_of_after_its_time_breaks_at_once(make: Make, watch: ManualClock) -> None:
    promise = make(made_at=NOW - 3 * HOUR, due_at=NOW - HOUR)
    advance(watch, timedelta(0))
    assert state(promise.id) is PromiseState.BROKEN


def test_rights(make: Make) -> None:
    promise = make().id
    nobody = Actor(kind=ActorKind.HUMAN)
    agent = Actor(
        kind=ActorKind.HUMAN, id=new_id(), permissions=frozenset({"promise.record", "promise.read"})
    )
    recorded = promises.record(agent, person=ANNA, what="明天回电", kind=PromiseKind.REPLY, due_at=NOW + HOUR)
    assert (recorded.made_by, recorded.made_by_id) == ("agent", str(agent.id))
    for call in (
        lambda: promises.record_many(nobody, [new()]),
        lambda: promises.show(nobody, promise),
        lambda: promises.of_person(nobody, ANNA),
        lambda: promises.due_soon(nobody),
        lambda: promises.counts(nobody),
        lambda: promises.settle(agent, promise=promise, evidence={}),
        lambda: promises.break_(agent, promise=promise, why="x"),
        lambda: promises.withdraw(agent, promise=promise, why="x"),
        lambda: promises.extend(agent, promise=promise, due_at=NOW + 99 * HOUR, why="x", told="y"),
    ):
        with pytest.raises(Forbidden):
            call()
    with pytest.raises(PromiseUnknown):
        promises.settle(SYSTEM, promise=new_id(), evidence={})


def test_customers_see_their_own_without_what_is_internal(make: Make) -> None:
    make(made_by_id="bot@1", evidence={"message": "secret"})
    anna = Actor(kind=ActorKind.CUSTOMER, id=ANNA)
    [shown] = promises.to_customer(anna, ANNA)
    assert shown.what == "今天发货"
    assert not {"evidence", "made_by_id", "conversation", "matter"} & set(type(shown).__slots__)
    with pytest.raises(NotFound):
        promises.to_customer(anna, new_id())
    with pytest.raises(Forbidden):
        promises.to_customer(Actor(kind=ActorKind.HUMAN), ANNA)


def test_lists_and_counts(make: Make, watch: ManualClock) -> None:
    later, soon = make(due_at=NOW + 9 * HOUR), make(due_at=NOW + HOUR)
    kept = make()
    promises.settle(SYSTEM, promise=kept.id, evidence={})
    other = make(person=new_id(), due_at=NOW + 30 * HOUR)
    assert [one.id for one in promises.of_person(SYSTEM, ANNA)] == [soon.id, later.id, kept.id]
    assert [one.id for one in promises.of_person(SYSTEM, ANNA, only_open=True)] == [soon.id, later.id]
    assert [one.id for one in promises.due_soon(SYSTEM)] == [soon.id]
    assert {one: [p.id for p in some] for one, some in promises.open_of([ANNA, other.person]).items()} == {
        ANNA: [soon.id, later.id],
        other.person: [other.id],
    }
    counted = promises.counts(SYSTEM)
    assert (counted.open, counted.due_soon, counted.kept, counted.broken) == (3, 1, 1, 0)


def test_law_1_and_5_find_what_is_wrong(make: Make) -> None:
    make()
    assert breaches() == []
    Deadline.objects.all().delete()
    assert breaches() == ["promises.open_ones_are_watched"]
    Row.objects.update(evidence={}, state="broken", settled_at=NOW)
    assert breaches() == ["promises.have_evidence", "promises.broken_by_a_decision"]

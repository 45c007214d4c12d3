"""Promises under jumping clocks, dying workers and several hands at once: law 1 and law 5 stay kept."""

from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from jieli.kernel import clock, deadlines, laws
from jieli.kernel.actor import SYSTEM
from jieli.kernel.ids import new_id
from jieli.kernel.models import Deadline, Event
from jieli.promises import facade as promises
from jieli.promises import policy
from jieli.promises.contracts import MadeBy, NewPromise, PromiseKind, PromiseState
from jieli.promises.errors import PromiseSettled, PromiseWrong
from jieli.promises.models import Promise as Row

NOW = datetime(2026, 11, 18, tzinfo=UTC)
minutes = st.integers(1, 60 * 24 * 30)


@given(st.integers(1, 60 * 24 * 400).map(lambda n: timedelta(minutes=n)))
def test_warnings_leave_time_to_act(whole: timedelta) -> None:
    warned = policy.warn_at(NOW, NOW + whole)
    assert NOW + whole / 2 <= warned < NOW + whole
    left = NOW + whole - warned
    assert left >= whole * 0.2 - timedelta(seconds=1)
    assert left >= min(timedelta(hours=2), whole / 2)


class Ledger(RuleBasedStateMachine):
    """`settled` remembers how each promise ended: nothing may change that."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.watch = clock.ManualClock(NOW)
        self.stack.enter_context(clock.using(self.watch))
        self.ids: list[UUID] = []
        self.settled: dict[UUID, str] = {}
        Row.objects.all().delete()
        Deadline.objects.all().delete()
        Event.objects.all().delete()

    def teardown(self) -> None:
        self.stack.close()

    def _one(self, pick: int) -> UUID | None:
        return self.ids[pick % len(self.ids)] if self.ids else None

    @rule(due=minutes)
    def make(self, due: int) -> None:
        new = NewPromise(
            person=new_id(),
            what="发货",
            kind=PromiseKind.SHIP_BY,
            made_by=MadeBy.BOT,
            due_at=clock.now() + timedelta(minutes=due),
            evidence={"words": "发货"},
        )
        self.ids.append(promises.record_many(SYSTEM, [new])[0].id)

    @rule(pick=st.integers(0), how=st.sampled_from(["settle", "break", "withdraw"]))
    def end(self, pick: int, how: str) -> None:
        if (promise := self._one(pick)) is None:
            return
        with suppress(PromiseSettled):
            if how == "settle":
                promises.settle(SYSTEM, promise=promise, evidence={"n": 1})
            elif how == "break":
                promises.break_(SYSTEM, promise=promise, why="缺货")
            else:
                promises.withdraw(SYSTEM, promise=promise, why="误记")

    @rule(pick=st.integers(0), later=minutes)
    def extend(self, pick: int, later: int) -> None:
        if (promise := self._one(pick)) is None:
            return
        with suppress(PromiseSettled, PromiseWrong):
            due_at = clock.now() + timedelta(minutes=later)
            promises.extend(SYSTEM, promise=promise, due_at=due_at, why="雨雪", told="m1")

    @rule(by=st.integers(-60 * 24, 60 * 24 * 3))
    def jump(self, by: int) -> None:
        self.watch.shift(timedelta(minutes=by))

    @rule()
    def sweep(self) -> None:
        deadlines.sweep()

    @rule(pick=st.integers(0))
    def a_deadline_fires_twice_or_late(self, pick: int) -> None:
        if (promise := self._one(pick)) is not None:
            deadlines.put("promises.due", promise, clock.now())
            deadlines.sweep()

    @invariant()
    def laws_are_kept(self) -> None:
        assert [one for one in laws.breaches() if one.audit.startswith("promises.")] == []

    @invariant()
    def what_ended_stays_ended(self) -> None:
        for row in Row.objects.all():
            assert self.settled.get(row.id, row.state) == row.state
            if row.state != PromiseState.OPEN:
                self.settled[row.id] = row.state
            ends = Event.objects.filter(
                subject=row.id, name__in=["promises.kept", "promises.broken", "promises.withdrawn"]
            )
            assert ends.count() == (row.state != PromiseState.OPEN)

    @invariant()
    def nothing_breaks_before_its_time(self) -> None:
        due = dict(Row.objects.values_list("id", "due_at"))
        for event in Event.objects.filter(name="promises.broken", payload__by_deadline=True):
            assert event.subject is not None
            assert event.at >= due[event.subject]


class TestLedger(Ledger.TestCase, TestCase):  # type: ignore[misc,valid-type]
    settings = settings(max_examples=12, stateful_step_count=15, deadline=None)  # type: ignore[assignment]

"""Law 1, attacked: clocks that jump, workers that die in the middle, people who race. Nothing may be dropped."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jieli.kernel import clock, deadlines, outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Conflict
from jieli.kernel.models import Deadline, Decision, Event
from jieli.relay import escalation, facade, laws, ledger
from jieli.relay.contracts import BOT, GENERAL, Baton, Change, Holder, HolderKind, MatterKind
from jieli.relay.models import Handover, Matter
from jieli.relay.tests.conftest import MONDAY, new

HOLDERS = [
    BOT,
    GENERAL,
    Holder(HolderKind.ENGINEER, "e-7"),
    Holder(HolderKind.SUPPLIER, "panel-works"),
    Holder(HolderKind.CUSTOMER, "somebody"),
]
seconds = st.integers(1, 3 * 3600)


class Killed(BaseException):
    """The process is gone: nobody catches this."""


@contextmanager
def dying_at(write: int) -> Iterator[None]:
    """Let the process die at its n-th write to any of the relay's tables or to the event log."""
    left = write

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return original(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for module, name in [
            (ledger, "write"),
            (ledger, "end_holdings"),
            (ledger, "begin_holdings"),
            (ledger, "tell"),
            (deadlines, "set_many"),
            (outbox, "append"),
        ]:
            patch.setattr(module, name, guarded(getattr(module, name)))
        yield


def broken() -> list[tuple[object, str]]:
    audits = (laws.incomplete, laws.unwatched, laws.untiled)
    return [breach for audit in audits for breach in audit()]


class Relay(RuleBasedStateMachine):
    matters: Bundle[UUID] = Bundle("matters")

    def __init__(self) -> None:
        super().__init__()
        self.open: set[UUID] = set()
        self.time = clock.ManualClock(MONDAY)
        self.using = clock.using(self.time)
        self.using.__enter__()
        self.handlers, escalation._handlers = escalation._handlers, {}

    def teardown(self) -> None:
        escalation._handlers = self.handlers
        self.using.__exit__(None, None, None)
        for model in (Handover, Matter, Deadline, Event, Decision):
            model.objects.all().delete()

    @rule(target=matters, due=seconds, holder=st.sampled_from(HOLDERS))
    def open_one(self, due: int, holder: Holder) -> UUID:
        made = facade.open_matter(SYSTEM, new(due_in_s=due, holder=holder, kind=MatterKind.TASK))
        self.open.add(made.id)
        return made.id

    def changed(self, matter: UUID, holder: Holder, due: int, accept: int | None) -> None:
        now = clock.now()
        change = Change(
            matter=matter,
            holder=holder,
            due_at=now + timedelta(seconds=due),
            accept_by=now + timedelta(seconds=accept) if accept else None,
            baton=Baton(summary="x"),
        )
        if matter in self.open:
            facade.change(SYSTEM, change)
        else:
            with pytest.raises(Conflict):
                facade.change(SYSTEM, change)

    @rule(
        matter=matters, holder=st.sampled_from(HOLDERS), due=seconds, accept=st.none() | st.integers(1, 300)
    )
    def change(self, matter: UUID, holder: Holder, due: int, accept: int | None) -> None:
        self.changed(matter, holder, due, accept)

    @rule(matter=matters, holder=st.sampled_from(HOLDERS), due=seconds, write=st.integers(1, 8))
    def die_while_changing(self, matter: UUID, holder: Holder, due: int, write: int) -> None:
        with suppress(Killed), dying_at(write):
            self.changed(matter, holder, due, 30)

    @rule(matter=matters)
    def accept(self, matter: UUID) -> None:
        with suppress(Conflict):
            facade.accept(SYSTEM, matter=matter)

    @rule(matter=matters)
    def close(self, matter: UUID) -> None:
        facade.close(SYSTEM, matter, "solved")
        self.open.discard(matter)

    @rule(matter=matters, due=seconds)
    def reopen(self, matter: UUID, due: int) -> None:
        due_at = clock.now() + timedelta(seconds=due)
        change = Change(matter=matter, holder=GENERAL, next_step="assign", due_at=due_at)
        if matter in self.open:
            with pytest.raises(Conflict):
                facade.reopen(SYSTEM, change)
        else:
            facade.reopen(SYSTEM, change)
            self.open.add(matter)

    @rule(by=st.integers(-3600, 4 * 3600))
    def jump(self, by: int) -> None:
        self.time.shift(timedelta(seconds=by))

    @precondition(lambda self: self.open)
    @rule(write=st.integers(1, 12))
    def die_while_sweeping(self, write: int) -> None:
        with suppress(Killed), dying_at(write):
            deadlines.sweep()

    @rule()
    def sweep(self) -> None:
        deadlines.sweep()
        for row in Matter.objects.filter(state="open"):
            assert row.due_at is not None
            assert row.due_at > clock.now(), "somebody has it, and a time lies ahead"
            assert row.accepted_at or row.accept_by is None or row.accept_by > clock.now()
        assert not list(laws.left_lying())
        escalated = Handover.objects.filter(why__startswith="escalated").count()
        assert Decision.objects.filter(kind="relay.escalate").count() >= escalated

    @invariant()
    def nothing_is_dropped(self) -> None:
        assert set(Matter.objects.filter(state="open").values_list("id", flat=True)) == self.open
        assert not broken()


@pytest.mark.django_db
def test_nothing_is_dropped_whatever_happens() -> None:
    run_state_machine_as_test(
        Relay,
        settings=settings(
            max_examples=50,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_people_and_sweepers_that_race_drop_nothing_and_do_not_lock_each_other_out() -> None:
    matters = [
        state.id
        for state in facade.open_many(SYSTEM, [new(due_in_s=0.01, kind=MatterKind.TASK) for _ in range(4)])
    ]
    failures: list[BaseException] = []

    def in_thread(work: Callable[[random.Random], None], seed: int) -> Thread:
        def run() -> None:
            try:
                work(random.Random(seed))
            except BaseException as error:  # noqa: BLE001 - shown by the test
                failures.append(error)
            finally:
                connection.close()

        return Thread(target=run)

    def people(dice: random.Random) -> None:
        for _ in range(12):
            due = clock.now() + timedelta(milliseconds=dice.randrange(1, 50))
            chosen = dice.sample(matters, 2)
            facade.change_many(
                SYSTEM,
                [Change(matter=m, holder=dice.choice(HOLDERS), due_at=due, accept_by=due) for m in chosen],
            )

    def sweeper(_dice: random.Random) -> None:
        for _ in range(25):
            deadlines.sweep()

    threads = [in_thread(work, seed) for seed, work in enumerate([people, people, sweeper, sweeper])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert not Deadline.objects.exclude(last_error="").exists()
    assert not broken()
    assert Matter.objects.filter(state="open").count() == len(matters)

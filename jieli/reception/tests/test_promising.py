from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from jieli.kernel import clock, deadlines, jobs, laws, outbox
from jieli.kernel.actor import SYSTEM
from jieli.promises import facade as promises
from jieli.promises.contracts import MadeBy, NewPromise, PromiseKind
from jieli.reception.tests.conftest import Say, export
from jieli.relay import facade as relay
from jieli.relay.contracts import MatterKind, MatterState


def _later(time: clock.ManualClock, by: timedelta) -> None:
    time.shift(by)
    deadlines.sweep()
    outbox.publish()
    for queue in jobs.queues():
        jobs.run_due(queue)


def _promise(say: Say, handle: Callable[[], int]) -> tuple[UUID, UUID]:
    say("你好")
    handle()
    person = UUID(export()[-1]["person"])
    new = NewPromise(
        person=person,
        what="三天内退款到账",
        kind=PromiseKind.REFUND,
        made_by=MadeBy.AGENT,
        due_at=clock.now() + timedelta(days=3),
    )
    return person, promises.record_many(SYSTEM, [new])[0].id


def _task(person: UUID) -> MatterState:
    (task,) = [m for m in relay.matters_of([person], only_open=False) if m.kind is MatterKind.TASK]
    return task


def test_a_promise_gets_a_holder_before_it_breaks(
    say: Say, handle: Callable[[], int], house: clock.ManualClock
) -> None:
    person, promise = _promise(say, handle)
    _later(house, timedelta(days=2, hours=20))
    task = _task(person)
    assert task.open
    assert task.due_at == promises.show(SYSTEM, promise).due_at
    promises.settle(SYSTEM, promise=promise, evidence={"refund": "R1"})
    _later(house, timedelta(seconds=1))
    assert not _task(person).open
    assert not list(laws.breaches())


def test_a_broken_promise_is_the_supervisors_matter(
    say: Say, handle: Callable[[], int], house: clock.ManualClock
) -> None:
    person, _ = _promise(say, handle)
    _later(house, timedelta(days=2, hours=20))
    _later(house, timedelta(hours=5))
    task = _task(person)
    assert task.open
    assert task.holder.id == "supervisors"

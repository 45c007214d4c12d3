"""A silent source: the customer hears what is unknown and by when, and then hears the answer without asking again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from jieli.kernel import clock, deadlines, jobs, laws, outbox
from jieli.kernel.actor import SYSTEM
from jieli.promises import facade as promises
from jieli.promises.contracts import PromiseState
from jieli.reception.tests.conftest import Say, export
from jieli.supply import facade as supply
from jieli.supply.contracts import DemoEntry, FactKind, NewSource

PARCEL = {
    "tracking": "SF1234567890123",
    "carrier": "顺丰",
    "state": "in_transit",
    "tracks": [],
    "order": "LM2026111100000001",
}


@pytest.fixture
def silent(house: clock.ManualClock) -> Iterator[None]:
    supply.forget()
    supply.create_source(SYSTEM, NewSource(name="demo", kind="demo", kinds=tuple(FactKind)))
    supply.change_source(SYSTEM, "demo", settings={"plays": "silent"})
    yield
    supply.forget()


def _pass_time(time: clock.ManualClock, by: timedelta) -> None:
    time.shift(by)
    deadlines.sweep()
    for _ in range(3):
        outbox.publish()
        for queue in jobs.queues():
            jobs.run_due(queue)


@pytest.mark.usefixtures("silent")
def test_the_promised_answer_comes_when_the_source_speaks_again(
    say: Say, handle: Callable[[], int], house: clock.ManualClock
) -> None:
    say("我的快递到哪了")
    handle()
    (line,) = export()
    person = UUID(line["person"])
    (promise,) = promises.open_of([person])[person]
    assert line["decision"]["action"] == "answer"
    assert any(reason.startswith("unknown:parcel") for reason in line["decision"]["reasons"])
    assert not list(laws.breaches())

    supply.load_demo([DemoEntry(kind=FactKind.PARCEL, key=PARCEL["tracking"], value=PARCEL, person=person)])  # type: ignore[arg-type]
    supply.change_source(SYSTEM, "demo", settings={"plays": ""})
    for _ in range(6):
        _pass_time(house, timedelta(seconds=30))
    assert promises.show(SYSTEM, promise.id).state is PromiseState.KEPT
    assert not list(laws.breaches())

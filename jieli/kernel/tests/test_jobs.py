from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jieli.kernel import clock, jobs
from jieli.kernel.errors import Permanent, Transient
from jieli.kernel.models import Job

pytestmark = pytest.mark.django_db

runs: list[dict[str, Any]] = []
failure: list[Exception] = []


@jobs.handler("test.job", queue="test-jobs", attempts=3)
def run(payload: dict[str, Any]) -> None:
    if failure:
        raise failure[0]
    runs.append(payload)


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.ManualClock]:
    runs.clear()
    failure.clear()
    manual = clock.ManualClock(datetime(2026, 11, 11, 12, tzinfo=UTC))
    with clock.using(manual):
        yield manual


def test_a_job_runs_once_and_is_gone() -> None:
    jobs.enqueue("test.job", {"n": 1})
    assert jobs.run_due("test-jobs") == 1
    assert jobs.run_due("test-jobs") == 0
    assert runs == [{"n": 1}]
    assert not Job.objects.exists()


def test_a_unique_job_is_not_added_twice() -> None:
    jobs.enqueue("test.job", {"n": 1}, unique_key="one")
    jobs.enqueue("test.job", {"n": 2}, unique_key="one")
    jobs.run_due("test-jobs")
    assert runs == [{"n": 1}]


def test_a_job_waits_for_its_time(time: clock.ManualClock) -> None:
    jobs.enqueue("test.job", run_at=clock.now() + timedelta(minutes=5))
    assert jobs.run_due("test-jobs") == 0
    time.shift(timedelta(minutes=5))
    assert jobs.run_due("test-jobs") == 1


def test_a_transient_failure_is_tried_again_then_becomes_a_dead_letter(time: clock.ManualClock) -> None:
    failure.append(Transient("away"))
    jobs.enqueue("test.job")
    for _ in range(3):
        jobs.run_due("test-jobs")
        time.shift(timedelta(hours=1))
    (dead,) = jobs.dead()
    assert dead.attempts == 3
    assert "away" in dead.last_error
    failure.clear()
    assert jobs.retry([dead.id]) == 1
    jobs.run_due("test-jobs")
    assert len(runs) == 1


def test_a_permanent_failure_is_dead_at_once() -> None:
    failure.append(Permanent("never"))
    jobs.enqueue("test.job")
    jobs.run_due("test-jobs")
    assert len(jobs.dead()) == 1


def test_a_dead_workers_job_is_taken_over_and_the_late_worker_changes_nothing(
    time: clock.ManualClock,
) -> None:
    jobs.enqueue("test.job", {"n": 1})
    (first,) = jobs.claim("test-jobs")
    assert jobs.claim("test-jobs") == []
    time.shift(jobs.LEASE + timedelta(seconds=1))
    (second,) = jobs.claim("test-jobs")
    jobs.run(second)
    jobs.run(first)
    assert runs == [{"n": 1}]


def test_a_job_of_an_unknown_kind_is_kept_as_a_dead_letter() -> None:
    Job.objects.create(kind="gone", queue="test-jobs", run_at=clock.now())
    jobs.run_due("test-jobs")
    assert len(jobs.dead()) == 1


@pytest.mark.parametrize(("attempts", "least", "most"), [(1, 0.9, 1.1), (4, 7.2, 8.8), (40, 3240, 3960)])
def test_pauses_grow_to_an_hour(attempts: int, least: float, most: float) -> None:
    assert least <= jobs.pause_s(attempts) <= most


def test_many_run_together_and_alone_where_one_of_them_breaks() -> None:
    calls: list[list[int]] = []

    @jobs.handler_of_many("test.many", queue="test.many")
    def run(payloads: list[dict[str, object]]) -> None:
        numbers = [int(str(payload["n"])) for payload in payloads]
        calls.append(numbers)
        if 2 in numbers:
            raise ValueError("two")

    jobs.enqueue_many([jobs.NewJob(kind="test.many", payload={"n": n}) for n in (1, 2, 3)])
    assert jobs.run_due("test.many") == 3
    assert calls == [[1, 2, 3], [1], [2], [3]]
    assert [row.payload["n"] for row in Job.objects.filter(kind="test.many")] == [2]
    jobs.enqueue_many([jobs.NewJob(kind="test.many", payload={"n": n}) for n in (4, 5)])
    assert jobs.run_due("test.many") == 2
    assert calls[-1] == [4, 5]

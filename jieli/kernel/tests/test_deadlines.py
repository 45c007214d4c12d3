from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from jieli.kernel import clock, deadlines
from jieli.kernel.ids import new_id
from jieli.kernel.models import Deadline, Lease

pytestmark = pytest.mark.django_db

done: list[UUID] = []
broken: list[bool] = []


@deadlines.on_due("test.due")
def carry_out(subject: UUID) -> None:
    done.append(subject)
    Lease.objects.create(name=str(subject), holder=subject, until=clock.now())
    if broken:
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.ManualClock]:
    done.clear()
    broken.clear()
    manual = clock.ManualClock(datetime(2026, 11, 11, 12, tzinfo=UTC))
    with clock.using(manual):
        yield manual


def test_nothing_happens_before_its_time_and_once_at_it(time: clock.ManualClock) -> None:
    subject = new_id()
    deadlines.put("test.due", subject, clock.now() + timedelta(minutes=1))
    assert deadlines.sweep() == 0
    time.shift(timedelta(minutes=1))
    assert deadlines.sweep() == 1
    assert deadlines.sweep() == 0
    assert done == [subject]


def test_setting_it_again_moves_it(time: clock.ManualClock) -> None:
    subject = new_id()
    deadlines.put("test.due", subject, clock.now())
    deadlines.put("test.due", subject, clock.now() + timedelta(hours=1))
    assert deadlines.sweep() == 0
    assert Deadline.objects.count() == 1
    time.shift(timedelta(hours=2))
    assert deadlines.sweep() == 1


def test_a_cleared_deadline_never_comes() -> None:
    subject = new_id()
    deadlines.put("test.due", subject, clock.now())
    deadlines.clear("test.due", [subject])
    assert deadlines.sweep() == 0


def test_a_failing_deadline_leaves_no_effect_and_comes_again(time: clock.ManualClock) -> None:
    broken.append(True)
    subject = new_id()
    deadlines.put("test.due", subject, clock.now())
    deadlines.sweep()
    assert not Lease.objects.exists()
    broken.clear()
    time.shift(timedelta(seconds=10))
    deadlines.sweep()
    assert Lease.objects.count() == 1


def test_an_unknown_kind_is_left_for_the_version_that_knows_it() -> None:
    Deadline.objects.create(kind="future", subject=new_id(), due_at=clock.now())
    deadlines.sweep()
    assert Deadline.objects.get().due_at > clock.now()

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.kernel import clock, deadlines, outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.relay import facade, policy, sla
from jieli.relay.calendar import Calendar, Interval
from jieli.relay.contracts import (
    GENERAL,
    Change,
    Holder,
    HolderKind,
    MatterKind,
    MatterState,
    SlaClockView,
    SlaMetric,
    SlaState,
)
from jieli.relay.models import SlaPolicy
from jieli.relay.tests.conftest import new

OFFICE = Calendar(ZoneInfo("Asia/Shanghai"), ((Interval(540, 1080),),) * 5 + ((),) * 2)
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
HOUR = 3600


@pytest.mark.parametrize(
    ("severity", "respond_s", "solve_s", "calendar"),
    [
        (1, HOUR, 4 * HOUR, "always"),
        (2, 4 * HOUR, 24 * HOUR, "always"),
        (3, 8 * HOUR, 24 * HOUR, "service"),
        (4, 8 * HOUR, 40 * HOUR, "service"),
    ],
)
def test_the_four_severities(severity: int, respond_s: int, solve_s: int, calendar: str) -> None:
    found = {target.metric: (target.seconds, target.calendar) for target in policy.SLA[severity]}
    assert found == {SlaMetric.RESPOND: (respond_s, calendar), SlaMetric.SOLVE: (solve_s, calendar)}


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=6), st.integers(1, 100))
def test_a_clock_counts_the_working_time_in_which_it_ran(turns: list[tuple[int, bool]], target: int) -> None:
    """Against a count of every half hour: a worked one counts if the clock was running in it."""
    one, at, running = sla.Clock(target=target * HALF_HOUR, running_since=BEGIN), BEGIN, True
    counted = 0
    for long, runs_then in turns:
        if running:
            counted += sum(OFFICE.is_open(at + n * HALF_HOUR) for n in range(long))
        at += long * HALF_HOUR
        one = sla.resume(one, at) if runs_then else sla.pause(one, OFFICE, at)
        running = runs_then
    assert sla.used(one, OFFICE, at) == counted * HALF_HOUR
    due = sla.runs_out_at(one, OFFICE)
    assert (due is None) is not running
    if due is not None and counted < target:
        assert sla.used(one, OFFICE, due) == target * HALF_HOUR


@pytest.fixture
def matter(time: ManualClock, db: None) -> MatterState:
    made = facade.open_matter(SYSTEM, new(due_in_s=30 * 24 * HOUR))
    facade.start_clocks(MatterKind.TICKET, {made.id: 1})
    return made


def clock_of(matter: MatterState, metric: SlaMetric = SlaMetric.SOLVE) -> SlaClockView:
    return next(found for found in facade.clocks_of([matter.id])[matter.id] if found.metric is metric)


def told(matter: MatterState) -> list[tuple[str, str]]:
    return [(e.name, e.payload["metric"]) for e in outbox.of(matter.id) if e.name.startswith("sla.")]


def later(time: ManualClock, **by: float) -> None:
    time.shift(timedelta(**by))
    deadlines.sweep()


def test_it_warns_at_four_fifths_and_tells_when_it_is_broken(time: ManualClock, matter: MatterState) -> None:
    later(time, minutes=47)
    assert told(matter) == []
    later(time, minutes=1)
    assert told(matter) == [("sla.warned", "respond")]
    later(time, minutes=12)
    assert told(matter)[1:] == [("sla.breached", "respond")]
    assert clock_of(matter, SlaMetric.RESPOND).breached_at == clock.now()
    later(time, hours=9)
    assert told(matter)[2:] == [("sla.breached", "solve")], (
        "nobody looked in between: no warning after the fact"
    )


def test_it_stands_while_the_customer_has_the_baton(time: ManualClock, matter: MatterState) -> None:
    later(time, hours=1)
    facade.change(SYSTEM, Change(matter=matter.id, holder=Holder(HolderKind.CUSTOMER, str(matter.person))))
    paused = clock_of(matter)
    assert (paused.state, paused.used_s, paused.due_at) == (SlaState.PAUSED, HOUR, None)
    later(time, days=2)
    facade.change(SYSTEM, Change(matter=matter.id, holder=GENERAL))

    assert clock_of(matter).due_at == clock.now() + timedelta(hours=3)
    assert ("sla.breached", "solve") not in told(matter)


def test_stopping_in_time_is_met_and_too_late_is_broken_when_it_ran_out(
    time: ManualClock, matter: MatterState
) -> None:
    due = clock_of(matter).due_at
    time.shift(timedelta(minutes=59))
    facade.stop_clocks([matter.id], metric=SlaMetric.RESPOND)
    assert clock_of(matter, SlaMetric.RESPOND).state is SlaState.MET
    time.shift(timedelta(hours=5))  # and no sweeper came by

    facade.close(SYSTEM, matter.id, "solved")

    ended = clock_of(matter)
    assert (ended.state, ended.breached_at, ended.stopped_at) == (SlaState.BREACHED, due, clock.now())
    assert told(matter) == [("sla.breached", "solve")]
    later(time, days=1)
    assert len(told(matter)) == 1


def test_a_pause_after_the_end_does_not_hide_that_it_was_broken(
    time: ManualClock, matter: MatterState
) -> None:
    time.shift(timedelta(hours=6))
    facade.change(SYSTEM, Change(matter=matter.id, holder=Holder(HolderKind.CUSTOMER, str(matter.person))))
    assert set(told(matter)) == {("sla.breached", "respond"), ("sla.breached", "solve")}


def test_operations_set_targets_of_their_own(time: ManualClock, db: None) -> None:
    SlaPolicy.objects.create(kind="ticket", severity=1, metric="solve", seconds=2 * HOUR, calendar="always")
    own, other = facade.open_many(SYSTEM, [new(due_in_s=30 * 24 * HOUR), new(due_in_s=30 * 24 * HOUR)])
    facade.start_clocks(MatterKind.TICKET, {own.id: 1})
    facade.start_clocks(MatterKind.RETURN, {other.id: 1})
    assert clock_of(own).due_at == clock.now() + timedelta(hours=2)
    assert clock_of(other).due_at == clock.now() + timedelta(hours=4)


def test_a_clock_that_goes_backwards_takes_no_time_away(time: ManualClock, matter: MatterState) -> None:
    time.shift(timedelta(hours=-2))
    facade.change(SYSTEM, Change(matter=matter.id, holder=Holder(HolderKind.CUSTOMER, str(matter.person))))
    assert clock_of(matter).used_s == 0

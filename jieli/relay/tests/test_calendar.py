"""The calendar against a clock that is read minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieli.relay.calendar import ALL_DAY, Calendar, Hours, Interval
from jieli.relay.errors import CalendarNeverOpens

MINUTE = timedelta(minutes=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = (Interval(540, 720), Interval(780, 1080))
# Each window has a change of clocks in its middle (Apia skipped a whole day), or none.
WINDOWS = [
    ("Asia/Shanghai", datetime(2026, 2, 14, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 6, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 10, 30, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 2, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC)),
]


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    near_a_change = st.sampled_from([0, 60, 90, 120, 135, 150, 165, 180, 1439])
    starts = draw(st.lists(near_a_change | st.integers(0, 1439), max_size=3, unique=True))
    return tuple(Interval(start, start + draw(st.integers(1, 1440))) for start in sorted(starts))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    zone, begin = draw(st.sampled_from(WINDOWS))
    weekly = tuple(draw(hours()) for _ in range(7))
    days = st.dates(begin.date(), begin.date() + timedelta(days=5))
    return Calendar(ZoneInfo(zone), weekly, draw(st.dictionaries(days, hours(), max_size=3))), begin


def counted(calendar: Calendar, start: datetime, minutes: int) -> list[bool]:
    """Whether each minute from `start` on is worked, by reading the wall clock, which never counts backwards."""
    wall, worked = datetime(1, 1, 1), list[bool]()  # noqa: DTZ001 - a wall shows no zone
    for offset in range(-3 * 1440, minutes):
        shown = (start + offset * MINUTE).astimezone(calendar.zone).replace(tzinfo=None)
        wall = max(wall, shown)
        if offset >= 0:
            worked.append(_is_worked(calendar, wall))
    return worked


def _is_worked(calendar: Calendar, wall: datetime) -> bool:
    minute = wall.hour * 60 + wall.minute
    today, before = calendar.hours(wall.date()), calendar.hours(wall.date() - timedelta(days=1))
    return any(i.start <= minute < i.end for i in today) or any(
        i.start <= minute + 1440 < i.end for i in before
    )


@settings(max_examples=120, deadline=None)
@given(calendars(), st.integers(0, 3 * 1440), st.integers(0, 2 * 1440))
def test_working_between_counts_the_minutes_that_are_worked(
    drawn: tuple[Calendar, datetime], offset: int, length: int
) -> None:
    calendar, begin = drawn
    start = begin + offset * MINUTE
    worked = counted(calendar, start, length)
    assert calendar.working_between(start, start + length * MINUTE) == sum(worked) * MINUTE


@settings(max_examples=120, deadline=None)
@given(calendars(), st.integers(0, 3 * 1440), st.integers(1, 600))
def test_add_working_lands_behind_the_last_minute_that_is_needed(
    drawn: tuple[Calendar, datetime], offset: int, needed: int
) -> None:
    calendar, begin = drawn
    start = begin + offset * MINUTE
    worked = [index for index, is_worked in enumerate(counted(calendar, start, 2 * 1440)) if is_worked]
    if len(worked) >= needed:
        assert calendar.add_working(start, needed * MINUTE) == start + (worked[needed - 1] + 1) * MINUTE
        assert calendar.next_open(start) == start + worked[0] * MINUTE


@given(st.integers(0, 365 * 86400), st.integers(0, 10**9))
def test_adding_and_measuring_agree_to_the_microsecond(second: int, milliseconds: int) -> None:
    calendar = Calendar(SHANGHAI, (OFFICE,) * 5 + ((),) * 2)
    start, duration = at(2, 0) + timedelta(seconds=second), timedelta(milliseconds=milliseconds)
    end = calendar.add_working(start, duration)
    assert calendar.working_between(start, end) == duration
    if duration:
        assert calendar.working_between(start, end - timedelta(microseconds=1)) < duration


@given(
    st.sampled_from([zone for zone, _ in WINDOWS]),
    st.integers(0, 20 * 365 * 86400),
    st.integers(0, 60 * 86400),
)
def test_a_calendar_that_never_closes_counts_all_time(zone: str, since: int, seconds: int) -> None:
    always = Calendar(ZoneInfo(zone), (ALL_DAY,) * 7)
    start = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=since)
    assert always.add_working(start, timedelta(seconds=seconds)) == start + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("zone", "day", "interval", "opens", "worked"),
    [
        (
            "America/New_York",
            date(2026, 3, 8),
            Interval(150, 300),
            "2026-03-08T07:00Z",
            120,
        ),  # 02:30 is skipped
        ("America/New_York", date(2026, 3, 8), Interval(120, 180), "2026-03-09T06:00Z", 60),  # all of it is
        ("America/New_York", date(2026, 11, 1), Interval(60, 180), "2026-11-01T05:00Z", 180),  # 01:00 twice
        (
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            Interval(135, 180),
            "2026-10-03T15:30Z",
            30,
        ),  # half an hour
    ],
)
def test_a_shift_across_a_change_of_clocks(
    zone: str, day: date, interval: Interval, opens: str, worked: int
) -> None:
    calendar = Calendar(ZoneInfo(zone), ((interval,),) * 7)
    midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    opened = calendar.next_open(midnight)
    assert opened == datetime.fromisoformat(opens)
    assert calendar.working_between(opened, opened + timedelta(hours=12)) == worked * MINUTE


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(2, 9), 3, at(2, 12)),
        (at(2, 9), 4, at(2, 14)),
        (at(2, 12, 30), 1, at(2, 14)),
        (at(2, 17), 2, at(3, 10)),
        (at(6, 17), 2, at(9, 10)),  # over the weekend
        (at(2, 9), 24, at(4, 18)),
        (at(2, 20), 0, at(2, 20)),
    ],
)
def test_office_hours(start: datetime, hours: int, end: datetime) -> None:
    calendar = Calendar(SHANGHAI, (OFFICE,) * 5 + ((),) * 2)
    assert calendar.add_working(start, timedelta(hours=hours)) == end


def test_a_holiday_closes_the_shift_that_begins_on_it_but_not_the_one_before() -> None:
    night = (Interval(22 * 60, 30 * 60),)
    calendar = Calendar(SHANGHAI, (night,) * 7, {date(2026, 3, 3): ()})
    assert calendar.working_between(at(2, 0), at(5, 0)) == timedelta(hours=6 + 8 + 2)
    assert calendar.is_open(at(3, 5))
    assert not calendar.is_open(at(3, 23))


def test_a_calendar_without_hours_is_an_error_when_asked_for_a_time_and_nothing_when_measured() -> None:
    never = Calendar(SHANGHAI, ((),) * 7, {date(2020, 1, 1): ALL_DAY})
    with pytest.raises(CalendarNeverOpens):
        never.add_working(at(2, 9), timedelta(hours=1))
    with pytest.raises(CalendarNeverOpens):
        never.next_open(at(2, 9))
    assert never.working_between(at(2, 9), at(9, 9)) == timedelta(0)


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 1500), (60, 60), (0, 1441), (600, 540)])
def test_impossible_intervals_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no working interval"):
        Interval(start, end)

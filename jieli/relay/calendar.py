"""Working time as arithmetic on intervals: pure, time zone aware, exact to the microsecond.

An interval belongs to the local day it begins on and may end after midnight. Where clocks are changed, a wall time
means the first instant at which the clock shows it or has passed it: a skipped hour shortens a shift, a repeated
hour lengthens it, and intervals that touch on the wall also touch in time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jieli.relay.errors import CalendarNeverOpens

DAY_MINUTES = 24 * 60
_LONGEST_CLOSURE_DAYS = 400
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Minutes after local midnight; `end` is at most a day after `start`, and may lie on the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY_MINUTES and self.start < self.end <= self.start + DAY_MINUTES):
            raise ValueError(f"{self.start} to {self.end} is no working interval")


Hours = tuple[Interval, ...]
ALL_DAY: Hours = (Interval(0, DAY_MINUTES),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Seven days' hours from Monday, and the days that differ from them (no hours: closed)."""

    zone: ZoneInfo
    weekly: tuple[Hours, ...]
    special: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")

    def hours(self, day: date) -> Hours:
        found = self.special.get(day)
        return self.weekly[day.weekday()] if found is None else found

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when it is working time, else the next opening. Raises `CalendarNeverOpens`."""
        opens, _ = next(self._spans(at))
        return at if opens <= at else opens

    def is_open(self, at: datetime) -> bool:
        return self.working_between(at, at + timedelta(microseconds=1)) > _NOTHING

    def add_working(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant with `duration` of working time behind it since `start`. Raises `CalendarNeverOpens`."""
        left = duration
        if left <= _NOTHING:
            return start
        for opens, closes in self._spans(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise CalendarNeverOpens  # pragma: no cover - without an end the spans never run out

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; none when `end` is not later."""
        if end <= start:
            return _NOTHING
        spans = self._spans(start, end)
        return sum((min(closes, end) - opens for opens, closes in spans if opens < end), _NOTHING)

    def _spans(self, start: datetime, end: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Working time from `start` on, as spans in UTC that do not overlap.

        With `end` it stops behind it; without, it raises `CalendarNeverOpens` when nothing opens for over a year.
        """
        reached = start.astimezone(UTC)
        day = reached.astimezone(self.zone).date() - timedelta(days=2)
        closed_days = 0
        while end is None or _instant(day, 0, self.zone) < end:
            closed_days += 1
            for interval in sorted(self.hours(day)):
                opens = max(_instant(day, interval.start, self.zone), reached)
                closes = _instant(day, interval.end, self.zone)
                if opens < closes:
                    yield opens, closes
                    reached, closed_days = closes, 0
            if end is None and closed_days > _LONGEST_CLOSURE_DAYS:
                raise CalendarNeverOpens
            day += timedelta(days=1)


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The first instant at which the zone's clocks show, or have passed, this wall time."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return _end_of_gap(wall, zone, found)


def _end_of_gap(wall: datetime, zone: ZoneInfo, after: datetime) -> datetime:
    """The instant at which the clocks jumped over `wall`; zones change on whole seconds."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after

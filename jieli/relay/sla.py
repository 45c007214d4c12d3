"""An SLA clock as pure arithmetic: it counts working time, stands still while paused, and knows when it runs out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jieli.relay.calendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`used` is what had run when it last began to run (`running_since`); None there means it stands."""

    target: timedelta
    used: timedelta = timedelta(0)
    running_since: datetime | None = None


def used(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    if clock.running_since is None:
        return clock.used
    return clock.used + calendar.working_between(clock.running_since, now)


def pause(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    return replace(clock, used=used(clock, calendar, now), running_since=None)


def resume(clock: Clock, now: datetime) -> Clock:
    return clock if clock.running_since is not None else replace(clock, running_since=now)


def runs_out_at(clock: Clock, calendar: Calendar, *, share: float = 1.0) -> datetime | None:
    """When this share of the target will be used up; None while the clock stands.

    A clock that had used it up already ran out, at the latest, when it began to run again.
    """
    if clock.running_since is None:
        return None
    return calendar.add_working(clock.running_since, clock.target * share - clock.used)

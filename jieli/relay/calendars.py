"""Calendars by code: the built-in ones, those operations made, and China's public holidays."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar
from django.conf import settings
from django.db import transaction

from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid
from jieli.relay import models
from jieli.relay.calendar import ALL_DAY, DAY_MINUTES, Calendar, Hours, Interval
from jieli.relay.errors import UnknownCalendar

ALWAYS, SERVICE = "always", "service"
_OFFICE: Hours = (Interval(9 * 60, 12 * 60), Interval(13 * 60, 18 * 60))
_BUILT_IN: Mapping[str, tuple[tuple[Hours, ...], str]] = {
    ALWAYS: ((ALL_DAY,) * 7, ""),
    SERVICE: ((_OFFICE,) * 5 + ((),) * 2, "cn"),
}


def calendar(code: str) -> Calendar:
    """Raises `UnknownCalendar`."""
    return calendars([code])[code]


def calendars(codes: Iterable[str]) -> dict[str, Calendar]:
    """Several at once, in two queries. Raises `UnknownCalendar`."""
    wanted = set(codes)
    rows = {row.code: row for row in models.Calendar.objects.filter(code__in=wanted)}
    days: dict[str, dict[date, Hours]] = {}
    for day in models.CalendarDay.objects.filter(calendar__in=wanted):
        days.setdefault(day.calendar, {})[day.day] = read_hours(day.hours)
    return {code: _calendar(code, rows.get(code), days.get(code, {})) for code in wanted}


def _calendar(code: str, row: models.Calendar | None, days: Mapping[date, Hours]) -> Calendar:
    if row is not None:
        zone, weekly, holidays = row.zone, tuple(read_hours(day) for day in row.weekly), row.holidays
    elif code in _BUILT_IN:
        zone, (weekly, holidays) = settings.JIELI_TIME_ZONE, _BUILT_IN[code]
    else:
        raise UnknownCalendar(f"There is no calendar “{code}”.")
    special = _chinese_days(_make_up_hours(weekly)) if holidays == "cn" else {}
    return Calendar(ZoneInfo(zone), weekly, {**special, **days})


def _make_up_hours(weekly: Sequence[Hours]) -> Hours:
    """A make-up workday is worked like the first working day of the week."""
    return next((hours for hours in weekly if hours), ())


@lru_cache(maxsize=32)
def _chinese_days(make_up: Hours) -> dict[date, Hours]:
    """The State Council's notices as the `chinesecalendar` package keeps them: holidays, and weekends worked."""
    return dict.fromkeys(chinese_calendar.holidays, ()) | dict.fromkeys(chinese_calendar.workdays, make_up)


def holidays_known_until() -> date:
    """The last day of the last year whose public holidays are known."""
    return date(max(chinese_calendar.holidays).year, 12, 31)


def read_hours(stored: object) -> Hours:
    """[["09:00", "12:00"], ["22:00", "02:00"]] → intervals; an end not after its start is on the next day."""
    if not isinstance(stored, list):
        raise Invalid("Hours are a list of [from, to].")
    return tuple(sorted(_interval(pair) for pair in stored))


def _interval(pair: object) -> Interval:
    try:
        start, end = (_minutes(text) for text in pair)  # type: ignore[attr-defined]
        return Interval(start, end if end > start else end + DAY_MINUTES)
    except (TypeError, ValueError, AttributeError):
        raise Invalid(f"“{pair}” is no interval; write it like [“09:00”, “18:00”].") from None


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@transaction.atomic
def save(
    actor: Actor, *, code: str, weekly: Sequence[object], zone: str = "Asia/Shanghai", holidays: str = "cn"
) -> Calendar:
    """Make or replace a calendar; `weekly` is seven days' hours from Monday as `read_hours` reads them."""
    actor.require("routing.manage")
    made = Calendar(ZoneInfo(zone), tuple(read_hours(day) for day in weekly))
    models.Calendar.objects.update_or_create(
        code=code, defaults={"weekly": list(weekly), "zone": zone, "holidays": holidays}
    )
    return made


@transaction.atomic
def set_day(actor: Actor, *, code: str, day: date, hours: Sequence[object], label: str = "") -> None:
    """Let one day differ (no hours: closed), over the week and over public holidays."""
    actor.require("routing.manage")
    read_hours(list(hours))
    models.CalendarDay.objects.update_or_create(
        calendar=code, day=day, defaults={"hours": list(hours), "label": label}
    )


def add_working(code: str, start: datetime, duration: timedelta) -> datetime:
    return calendar(code).add_working(start, duration)

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Forbidden, Invalid
from jieli.relay import calendars, errors, facade
from jieli.relay.tests.conftest import agent

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(*given: int) -> datetime:
    return datetime(*given, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (shanghai(2026, 9, 30, 17), shanghai(2026, 10, 8, 10)),  # the National Day week lies between
        (shanghai(2026, 10, 9, 17), shanghai(2026, 10, 10, 10)),  # a Saturday that is worked instead
        (
            shanghai(2026, 2, 13, 17),
            shanghai(2026, 2, 14, 10),
        ),  # the Saturday before Spring Festival is worked
        (shanghai(2026, 2, 14, 17), shanghai(2026, 2, 24, 10)),
    ],
)
def test_service_hours_know_chinese_holidays_and_make_up_workdays(start: datetime, end: datetime) -> None:
    assert facade.add_working("service", start, timedelta(hours=2)) == end


def test_operations_let_a_day_differ_and_close_another() -> None:
    facade.set_calendar_day(SYSTEM, code="service", day=date(2026, 10, 1), hours=[["10:00", "16:00"]])
    facade.set_calendar_day(SYSTEM, code="service", day=date(2026, 10, 8), hours=[])
    service = facade.calendar("service")
    assert service.working_between(shanghai(2026, 10, 1), shanghai(2026, 10, 2)) == timedelta(hours=6)
    assert service.working_between(shanghai(2026, 10, 8), shanghai(2026, 10, 9)) == timedelta(0)


def test_a_calendar_of_ones_own_may_have_shifts_past_midnight() -> None:
    night = [["09:00", "12:00"], ["22:00", "02:00"]]
    facade.save_calendar(SYSTEM, code="night", weekly=[night] * 7, holidays="")
    opened = facade.calendar("night").working_between(shanghai(2026, 3, 2, 12), shanghai(2026, 3, 3, 12))
    assert opened == timedelta(hours=4 + 3)


@pytest.mark.parametrize(
    "hours",
    ["09:00", [["09:00"]], [["25:00", "26:00"]], [["nine", "ten"]], [[9, 10]], [None], [["-1:00", "02:00"]]],
)
def test_hours_that_cannot_be_read_are_refused(hours: Any) -> None:
    with pytest.raises(Invalid):
        calendars.read_hours(hours)


def test_an_unknown_calendar_and_an_unwelcome_editor_are_refused() -> None:
    with pytest.raises(errors.UnknownCalendar):
        facade.calendar("nowhere")
    with pytest.raises(Forbidden):
        facade.set_calendar_day(agent(), code="service", day=date(2026, 1, 1), hours=[])

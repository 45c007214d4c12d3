from collections.abc import Iterator
from datetime import timedelta

from jieli.kernel import clock
from jieli.kernel.doctor import Finding, Health, examines
from jieli.relay import calendars

_SOON = timedelta(days=45)


@examines
def holidays() -> Iterator[Finding]:
    """China's holidays of a year are announced in the autumn before it; working times need them in time."""
    until = calendars.holidays_known_until()
    if clock.now().date() + _SOON <= until:
        yield Finding(Health.OK, f"Public holidays are known until {until}.")
    else:
        yield Finding(
            Health.WARNING,
            f"Public holidays are known until {until} only; later working days are counted by the week.",
            "Update the package “chinesecalendar”, or enter the days that differ in the calendars.",
        )

"""Times as other systems tell them."""

from datetime import UTC, datetime

from jieli.kernel import clock

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 1e11


def read(said: datetime | float | None) -> datetime:
    """ISO 8601, or seconds or milliseconds since 1970; without a zone it is UTC. Raises `ValueError`."""
    if said is None:
        return clock.now()
    try:
        found = said if isinstance(said, datetime) else _from_number(said)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, OSError, ValueError):
        raise ValueError("the time is out of range") from None
    if found < _FIRST:
        raise ValueError("the time lies before the year 2000")
    return found


def _from_number(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS_FROM else number, UTC)

"""The one source of the present. Aware UTC everywhere; `travel` lets tests and drills move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """Stands still until moved; `shift` may go backwards, as real clocks do."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def shift(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


_current: Clock = SystemClock()


def now() -> datetime:
    """The present as an aware UTC datetime."""
    return _current.now()


@contextmanager
def using(clock: Clock) -> Iterator[Clock]:
    """Put another clock in charge, for every thread of this process, while the block runs."""
    global _current  # noqa: PLW0603 - one clock per process is the point
    previous, _current = _current, clock
    try:
        yield clock
    finally:
        _current = previous

"""Fixtures that several modules' tests share: a bare installation, people who act, a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from jieli.kernel import clock


@pytest.fixture
def manual_clock() -> Iterator[clock.ManualClock]:
    """Wednesday, 11 November 2026, 20:00 in Shanghai; `shift` moves it."""
    manual = clock.ManualClock(datetime(2026, 11, 11, 12, tzinfo=UTC))
    with clock.using(manual):
        yield manual

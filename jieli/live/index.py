"""Recent sessions, kept per process: a mention must not cost a query for every message."""

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

from jieli.kernel import clock, wake
from jieli.live import policy, selectors
from jieli.live.contracts import Session

WAKE = "live.changed"
LOOK_BACK = timedelta(days=60)
_LOOK_AHEAD = timedelta(days=14)
_KEEP_S = 30.0

_lock = threading.Lock()
_sessions: tuple[Session, ...] = ()
_until = 0.0


def sessions(at: datetime) -> tuple[Session, ...]:
    """Sessions of the last two months and the next two weeks, each with its state as of `at`."""
    global _sessions, _until  # noqa: PLW0603 - a process-wide cache
    with _lock:
        if time.monotonic() >= _until:
            now = clock.now()
            _sessions = tuple(selectors.sessions_between(now - LOOK_BACK, now + _LOOK_AHEAD))
            _until = time.monotonic() + _KEEP_S
        found = _sessions
    return tuple(replace(one, state=policy.state(one.starts_at, one.ends_at, at)) for one in found)


def forget() -> None:
    global _until  # noqa: PLW0603
    with _lock:
        _until = 0.0


wake.watch(WAKE, forget)

"""Wake-ups: "there is something new", within the process at once, to other processes over the bus.

A wake-up carries no data and may be lost or doubled; whoever is woken looks into the database, and looks there
now and then anyway.
"""

import threading
from collections.abc import Callable

from jieli.kernel import bus

_lock = threading.Condition()
_counts: dict[str, int] = {}
_watchers: dict[str, list[Callable[[], None]]] = {}
_PREFIX = "wake:"


def ring(name: str) -> None:
    ring_here(name)
    bus.current().publish(_PREFIX + name)


def ring_here(name: str) -> None:
    with _lock:
        _counts[name] = _counts.get(name, 0) + 1
        _lock.notify_all()
        watchers = list(_watchers.get(name, ()))
    for watcher in watchers:
        watcher()


def count(name: str) -> int:
    with _lock:
        return _counts.get(name, 0)


def wait(name: str, *, seen: int, timeout: float) -> int:
    """Sleep until the name rings again (its count passes `seen`) or `timeout` seconds; returns the count now."""
    with _lock:
        _lock.wait_for(lambda: _counts.get(name, 0) > seen, timeout)
        return _counts.get(name, 0)


def watch(name: str, callback: Callable[[], None]) -> Callable[[], None]:
    """Call back, in the ringing thread, at each ring; returns how to stop."""
    with _lock:
        _watchers.setdefault(name, []).append(callback)

    def stop() -> None:
        with _lock:
            _watchers[name].remove(callback)

    return stop


def _heard(message: str) -> None:
    if message.startswith(_PREFIX):
        ring_here(message.removeprefix(_PREFIX))


def connect() -> None:
    """Begin to hear other processes. Call once per long-lived process."""
    bus.current().listen(_heard)

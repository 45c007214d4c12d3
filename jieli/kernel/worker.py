"""The loops that do the work behind the front: each in its own thread, woken at once, looking by itself now and then."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import monotonic

from django.db import DatabaseError, connections

from jieli.kernel import deadlines, garbage, jobs, leases, outbox, wake
from jieli.kernel.ids import new_id

log = logging.getLogger(__name__)

Turn = Callable[[], int]
_MOST_BACKOFF_S = 5.0
_MOST_REST_S = 0.1


@dataclass(frozen=True, slots=True)
class Loop:
    """`turn` does some work and returns how much; when it was nothing, the loop sleeps until `wakes` rings.

    After a turn that did something but less than `full`, it rests as long as the turn took, so that more gathers for
    the next one: turns cost much by themselves and little for each thing they do. `finish` is called once, at the end.
    """

    name: str
    turn: Turn
    wakes: str
    idle_s: float = 1.0
    full: int = 0
    finish: Callable[[], object] | None = None


_extra: list[Callable[[], list[Loop]]] = []


def register(make: Callable[[], list[Loop]]) -> None:
    """A module adds loops of its own (reception, assignment)."""
    _extra.append(make)


def loops() -> list[Loop]:
    lease = leases.Kept("outbox.publisher", new_id(), ttl=timedelta(seconds=6))

    def publish() -> int:
        return outbox.publish() if lease.mine() else 0

    made = [
        Loop("publish", publish, outbox.WAKE_WRITTEN, 0.5, outbox.PUBLISH_AT_ONCE),
        Loop("deadlines", deadlines.sweep, deadlines.WAKE, 0.5),
    ]
    made += [
        Loop(f"jobs:{q}", partial(jobs.run_due, q), jobs.wake_name(q), full=jobs.AT_ONCE)
        for q in jobs.queues()
    ]
    return made + [loop for make in _extra for loop in make()]


class Worker:
    """Runs every loop until `stop`; a failing turn is logged and tried again after a pause."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._made: list[Loop] = []

    def start(self) -> None:
        wake.connect()
        deadlines.start_periodic()
        self._made = loops()
        garbage.settle()
        for loop in self._made:
            thread = threading.Thread(target=self._run, args=(loop,), name=loop.name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        self._stop.set()
        for loop in self._made:
            wake.ring_here(loop.wakes)
        for thread in self._threads:
            thread.join(timeout_s)

    def _run(self, loop: Loop) -> None:
        failures = 0
        while not self._stop.is_set():
            seen, began = wake.count(loop.wakes), monotonic()
            try:
                done = loop.turn()
                failures = 0
            except Exception as error:  # a process edge: keep the loop alive
                failures += 1
                log.exception("loop %s failed: %s", loop.name, error)
                if isinstance(error, DatabaseError):
                    connections.close_all()
                self._stop.wait(min(0.1 * 2**failures, _MOST_BACKOFF_S))
                continue
            if not done:
                wake.wait(loop.wakes, seen=seen, timeout=loop.idle_s)
            elif done < loop.full:
                self._stop.wait(min(monotonic() - began, _MOST_REST_S))
        try:
            if loop.finish:
                loop.finish()
        except Exception as error:  # a process edge: the others end in peace
            log.exception("loop %s did not end well: %s", loop.name, error)
        connections.close_all()

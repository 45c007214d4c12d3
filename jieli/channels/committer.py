"""Group commit: whatever arrived while the last transaction ran goes into the next one. No timer, one thread.

Callers wait for the transaction that holds their arrivals. The queue is bounded: beyond it callers are told to come
again, which every platform does.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache

from django.db import DatabaseError, DataError, IntegrityError, connection, connections

from jieli.channels import directory, inserts, refusals
from jieli.channels.arrivals import Arrival
from jieli.channels.contracts import Accepted
from jieli.channels.errors import IntakeFull
from jieli.kernel import wake

log = logging.getLogger(__name__)

WAKE = "inbox"
MOST_WAITING = 20_000
_MOST_AT_ONCE = 1_000
_IDLE_S = 1.0

Result = list[Accepted] | BaseException
Settle = Callable[[Result], None]


@dataclass(slots=True)
class _Waiting:
    arrivals: Sequence[Arrival]
    settle: Settle
    loop: asyncio.AbstractEventLoop | None = None


@dataclass(slots=True)
class _Queue:
    waiting: deque[_Waiting] = field(default_factory=deque)
    rows: int = 0
    look: list[Future[None]] = field(default_factory=list)
    stopping: bool = False


class Committer:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue = _Queue()
        self._thread: threading.Thread | None = None

    def put(self, arrivals: Sequence[Arrival]) -> "asyncio.Future[list[Accepted]]":
        """For coroutines: a future of the ids, in order. Raises `IntakeFull`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Accepted]] = loop.create_future()
        self._add(_Waiting(arrivals, lambda result: _settle(future, result), loop))
        return future

    def put_and_wait(self, arrivals: Sequence[Arrival], *, timeout_s: float) -> list[Accepted]:
        """For threads. Raises `IntakeFull`, or `TimeoutError` when it is not durable in time."""
        future: Future[list[Accepted]] = Future()
        self._add(_Waiting(arrivals, lambda result: _settle(future, result)))
        return future.result(timeout_s)

    def start(self) -> None:
        """Run even while nothing arrives: the counts of refusals are stored here, too."""
        with self._changed:
            self._wake_thread()

    def look_for_channels(self) -> Future[None]:
        """Read the channels again, in the one thread here that has a database connection."""
        future: Future[None] = Future()
        with self._changed:
            self._queue.look.append(future)
            self._wake_thread()
        return future

    def _add(self, waiting: _Waiting) -> None:
        with self._changed:
            if self._queue.rows + len(waiting.arrivals) > MOST_WAITING:
                raise IntakeFull
            self._queue.rows += len(waiting.arrivals)
            self._queue.waiting.append(waiting)
            self._wake_thread()

    def _wake_thread(self) -> None:
        if self._thread is None:
            self._queue.stopping = False
            self._thread = threading.Thread(target=self._run, name="intake-committer", daemon=True)
            self._thread.start()
        self._changed.notify()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Commit what waits, then end."""
        thread = self._thread
        if thread is None:
            return
        with self._changed:
            self._queue.stopping = True
            self._changed.notify()
        thread.join(timeout_s)
        self._thread = None

    def _run(self) -> None:
        while True:
            batch, look, stopping = self._next()
            _guarded(directory.refresh if look else _refresh_directory, look)
            if batch:
                _answer(batch, self._commit(batch))
            _guarded(refusals.flush, [])
            if stopping and not batch:
                break
        connections.close_all()

    def _next(self) -> tuple[list[_Waiting], list[Future[None]], bool]:
        with self._changed:
            queue = self._queue
            if not (queue.waiting or queue.look or queue.stopping):
                self._changed.wait(_IDLE_S)
            batch: list[_Waiting] = []
            rows = 0
            while queue.waiting and (not batch or rows + len(queue.waiting[0].arrivals) <= _MOST_AT_ONCE):
                batch.append(queue.waiting.popleft())
                rows += len(batch[-1].arrivals)
            queue.rows -= rows
            look, queue.look = queue.look, []
            return batch, look, queue.stopping

    def _commit(self, batch: list[_Waiting]) -> list[Result]:
        try:
            accepted = iter(inserts.store([arrival for waiting in batch for arrival in waiting.arrivals]))
        except (DataError, IntegrityError) as error:
            if len(batch) == 1:
                log.error("an arrival cannot be stored: %s", error)
                return [error]
            return [result for waiting in batch for result in self._commit([waiting])]  # spare the others
        except Exception as error:  # a process edge: the callers are told, the platform delivers again
            log.exception("the inbox could not be written")
            if isinstance(error, DatabaseError):
                connection.close()
            return [error] * len(batch)
        wake.ring(WAKE)
        return [[next(accepted) for _ in waiting.arrivals] for waiting in batch]


def _refresh_directory() -> None:
    if not directory.is_fresh():
        directory.refresh()


def _guarded(work: Callable[[], None], tell: Sequence[Future[None]]) -> None:
    try:
        work()
    except Exception:  # a process edge: the thread must live
        log.exception("the intake could not %s", work.__name__)
        connection.close()
    for future in tell:
        future.set_result(None)


def _answer(batch: Sequence[_Waiting], results: Sequence[Result]) -> None:
    """One call into each event loop, however many of its coroutines wait."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[tuple[Settle, Result]]] = {}
    for waiting, result in zip(batch, results, strict=True):
        by_loop.setdefault(waiting.loop, []).append((waiting.settle, result))
    for loop, settled in by_loop.items():
        if loop is None:
            _settle_all(settled)
        elif not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(settled: Sequence[tuple[Settle, Result]]) -> None:
    for settle, result in settled:
        settle(result)


def _settle(future: "Future[list[Accepted]] | asyncio.Future[list[Accepted]]", result: Result) -> None:
    if future.done():  # the caller gave up; it is durable all the same
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


@cache
def shared() -> Committer:
    return Committer()

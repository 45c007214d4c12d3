"""Asks outside sources, many at once, within a time budget; a source that hangs holds only its own threads."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.db import connection

from jieli.kernel.errors import Permanent, Transient
from jieli.supply import health
from jieli.supply.contracts import Circuit, RawFact, UnknownReason
from jieli.supply.errors import FactUnusable
from jieli.supply.sources.port import Pull, RemoteSource

log = logging.getLogger(__name__)

THREADS_PER_SOURCE = 8
_lock = threading.Lock()
_pools: dict[str, ThreadPoolExecutor] = {}


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    source: RemoteSource
    pull: Pull


Outcome = list[RawFact] | UnknownReason


class InsideTransaction(RuntimeError):
    """Outside systems must not be asked while a transaction is open: it would hold its locks as long as they take."""


def refuse_in_transaction() -> None:
    """A test's own wrapping transaction does not count, as for Django's `durable`."""
    blocks = getattr(connection, "atomic_blocks", [])
    if connection.in_atomic_block and not all(getattr(block, "_from_testcase", False) for block in blocks):
        raise InsideTransaction("supply lookups come before the transaction, not inside it")


@dataclass(slots=True)
class _Running:
    question: Question
    future: Future[list[RawFact]]


def pull_all(questions: Sequence[Question], *, budget_s: float) -> dict[tuple[str, Pull], Outcome]:
    """Every question gets an outcome when the budget is spent, at the latest."""
    refuse_in_transaction()
    end = time.monotonic() + budget_s
    outcomes: dict[tuple[str, Pull], Outcome] = {}
    running: list[_Running] = []
    tried: set[str] = set()
    for question in questions:
        state = health.circuit(question.name)
        if state is Circuit.OPEN or (state is Circuit.HALF_OPEN and question.name in tried):
            outcomes[question.name, question.pull] = UnknownReason.RESTING
            continue
        tried.add(question.name)
        running.append(_Running(question, _submit(question, end)))
    _collect(running, outcomes, end)
    return outcomes


def _submit(question: Question, end: float) -> Future[list[RawFact]]:
    return _pool(question.name).submit(_ask, question.name, question.source, question.pull, end)


def _pool(name: str) -> ThreadPoolExecutor:
    with _lock:
        if name not in _pools:
            _pools[name] = ThreadPoolExecutor(THREADS_PER_SOURCE, thread_name_prefix=f"supply-{name}")
        return _pools[name]


def _ask(name: str, source: RemoteSource, pull: Pull, end: float) -> list[RawFact]:
    left = end - time.monotonic()
    if left <= 0:
        raise Transient("no time was left to ask", code="no_time")
    started = time.monotonic()
    try:
        found = source.pull(pull, timeout_s=left)
    except (Transient, Permanent, FactUnusable) as error:
        if time.monotonic() < end:  # later, whoever waited has counted it already
            health.failed(name, str(error))
        raise
    health.ok(name, time.monotonic() - started)
    return found


def _collect(running: list[_Running], outcomes: dict[tuple[str, Pull], Outcome], end: float) -> None:
    waiting: Mapping[Future[list[RawFact]], _Running] = {one.future: one for one in running}
    pending = set(waiting)
    while pending and (left := end - time.monotonic()) > 0:
        done, pending = wait(pending, timeout=left, return_when=FIRST_COMPLETED)
        for future in done:
            outcomes[_name(waiting[future])] = _outcome(waiting[future])
    for future in pending:
        future.cancel()
        if future.running():
            health.failed(waiting[future].question.name, "did not answer in time")
        outcomes[_name(waiting[future])] = UnknownReason.SLOW


def _name(one: _Running) -> tuple[str, Pull]:
    return one.question.name, one.question.pull


def _outcome(one: _Running) -> Outcome:
    name, pull = _name(one)
    try:
        return one.future.result()
    except Transient as error:
        log.warning("supply source %s, %s: %s", name, pull.kind, error)
        return UnknownReason.SLOW if error.code in {"timeout", "no_time"} else UnknownReason.BROKEN
    except (Permanent, FactUnusable) as error:
        log.warning("supply source %s, %s: %s", name, pull.kind, error)
        return UnknownReason.BROKEN
    except Exception:
        log.exception("supply source %s failed in an unexpected way", name)
        health.failed(name, "unexpected error; see the log")
        return UnknownReason.BROKEN

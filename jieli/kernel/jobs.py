"""A lease queue in the application's own database.

A job is enqueued in the transaction of the row it belongs to, runs at least once after commit, is retried with
growing pauses, and ends as a dead letter that somebody can look at and retry.
"""

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from jieli.kernel import bulk, clock, wake
from jieli.kernel.errors import Permanent, Transient
from jieli.kernel.ids import new_id
from jieli.kernel.models import Job

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
AT_ONCE = 20
_LONGEST_PAUSE_S = 3600.0
Handler = Callable[[dict[str, Any]], None]
ManyHandler = Callable[[list[dict[str, Any]]], None]


@dataclass(frozen=True, slots=True)
class Spec:
    kind: str
    queue: str
    run: ManyHandler
    attempts: int
    atomic: bool
    many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    run_at: datetime | None = None
    unique_key: str | None = None


_specs: dict[str, Spec] = {}


def handler(
    kind: str, *, queue: str = "default", attempts: int = 12, atomic: bool = True
) -> Callable[[Handler], Handler]:
    """Declare what runs a kind of job.

    Atomic handlers share one transaction with the job's deletion: their effect happens exactly once. Others talk
    to the outside; they run at least once and must not mind.
    """

    def register(run: Handler) -> Handler:
        def run_each(payloads: list[dict[str, Any]]) -> None:
            for payload in payloads:
                run(payload)

        _specs[kind] = Spec(kind, queue, run_each, attempts, atomic, many=False)
        return run

    return register


def handler_of_many(
    kind: str, *, queue: str = "default", attempts: int = 12, atomic: bool = True
) -> Callable[[ManyHandler], ManyHandler]:
    """As `handler`, for what is much cheaper for several jobs at once; if it raises, each is run again by itself."""

    def register(run: ManyHandler) -> ManyHandler:
        _specs[kind] = Spec(kind, queue, run, attempts, atomic, many=True)
        return run

    return register


def wake_name(queue: str) -> str:
    return f"jobs.{queue}"


def queues() -> list[str]:
    return sorted({spec.queue for spec in _specs.values()})


def enqueue(
    kind: str,
    payload: dict[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    unique_key: str | None = None,
) -> None:
    """Add a job to the caller's transaction; one with a `unique_key` that already waits is not added twice."""
    enqueue_many([NewJob(kind=kind, payload=payload or {}, run_at=run_at, unique_key=unique_key)])


def enqueue_many(new: Sequence[NewJob]) -> None:
    if not new:
        return
    now = clock.now()
    rows = [
        bulk.row(
            Job,
            kind=n.kind,
            queue=_specs[n.kind].queue,
            payload=n.payload,
            run_at=n.run_at or now,
            unique_key=n.unique_key,
        )
        for n in new
    ]
    bulk.insert([row for row in rows if row.unique_key is None])
    bulk.upsert([row for row in rows if row.unique_key is not None], unique=["unique_key"], update=[])
    woken = {_specs[n.kind].queue for n in new if n.run_at is None or n.run_at <= now}
    transaction.on_commit(lambda: _wake(woken))


def _wake(queues: Iterable[str]) -> None:
    for queue in queues:
        wake.ring(wake_name(queue))


def claim(queue: str, *, limit: int = AT_ONCE) -> list[Job]:
    """Take due jobs nobody else holds; they are ours until the lease runs out."""
    now, token = clock.now(), new_id()
    due = Q(queue=queue, state=Job.State.READY, run_at__lte=now)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    if not Job.objects.filter(due & free).exists():
        return []
    with transaction.atomic():
        rows = list(
            Job.objects.select_for_update(skip_locked=True)
            .filter(due & free)
            .order_by("run_at", "id")[:limit]
        )
        Job.objects.filter(id__in=[row.id for row in rows]).update(
            lease_until=now + LEASE, lease_token=token, attempts=F("attempts") + 1
        )
    for row in rows:
        row.attempts += 1
        row.lease_token = token
    return rows


def run(row: Job) -> bool:
    """Run one claimed job; True when it is done. Failures are kept with the job and never raised."""
    spec = _specs.get(row.kind)
    try:
        if spec is None:
            raise Permanent(f"no part of this version handles jobs of kind {row.kind}")
        _run(spec, row)
    except Exception as error:  # noqa: BLE001 - a process edge: the failure is stored with the job
        _failed(row, error, attempts=spec.attempts if spec else 1)
        return False
    return True


def _run(spec: Spec, *rows: Job) -> None:
    """Rows of one claim and kind."""
    if not spec.atomic:
        spec.run([row.payload for row in rows])
        _mine(*rows).delete()
        return
    with transaction.atomic():
        held = set(_mine(*rows).select_for_update().order_by("id").values_list("id", flat=True))
        if payloads := [row.payload for row in rows if row.id in held]:  # of the others the lease ran out
            spec.run(payloads)
            _mine(*rows).delete()


def _mine(*rows: Job) -> "QuerySet[Job]":
    return Job.objects.filter(id__in=[row.id for row in rows], lease_token=rows[0].lease_token)


def _run_together(kind: str, rows: Sequence[Job]) -> bool:
    """True when all of them are done; otherwise each is to be tried by itself."""
    spec = _specs.get(kind)
    if spec is None or not spec.many or len(rows) < 2:
        return False
    try:
        _run(spec, *rows)
    except Exception as error:  # noqa: BLE001 - a process edge: whichever of them fails keeps its own error
        log.warning("%d jobs of kind %s are run one by one: %s", len(rows), kind, error)
        return False
    return True


def _failed(row: Job, error: Exception, *, attempts: int) -> None:
    dead = isinstance(error, Permanent) or row.attempts >= attempts
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "job %s %s failed (try %d): %s: %s",
        row.kind,
        row.id,
        row.attempts,
        type(error).__name__,
        error,
        exc_info=not isinstance(error, Permanent | Transient),
    )
    _mine(row).update(
        state=Job.State.DEAD if dead else Job.State.READY,
        run_at=clock.now() + timedelta(seconds=pause_s(row.attempts, error)),
        lease_until=None,
        lease_token=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def pause_s(attempts: int, error: Exception | None = None) -> float:
    """Seconds before the next try: doubling from 1 s to an hour, spread by a fifth; or what the other side asked."""
    if isinstance(error, Transient) and error.retry_after_s is not None:
        return error.retry_after_s
    return float(min(2.0 ** (attempts - 1), _LONGEST_PAUSE_S) * random.uniform(0.9, 1.1))


def run_due(queue: str, *, limit: int = AT_ONCE) -> int:
    """Claim and run what is due; returns how many were tried."""
    rows = claim(queue, limit=limit)
    by_kind = sorted(rows, key=lambda row: row.kind)  # each kind in its order
    for kind, group in groupby(by_kind, key=lambda row: row.kind):
        same = list(group)
        if not _run_together(kind, same):
            for row in same:
                run(row)
    return len(rows)


def dead() -> list[Job]:
    return list(Job.objects.filter(state=Job.State.DEAD).order_by("-run_at"))


def retry(ids: Iterable[UUID]) -> int:
    """Give dead letters another life; returns how many."""
    rows = Job.objects.filter(id__in=list(ids), state=Job.State.DEAD)
    woken = {row.queue for row in rows}
    count = rows.update(state=Job.State.READY, attempts=0, run_at=clock.now(), last_error="")
    transaction.on_commit(lambda: _wake(woken))
    return count

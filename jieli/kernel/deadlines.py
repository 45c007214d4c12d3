"""Due times as data: accept limits, SLA clocks, channel windows, promises and reminders in one indexed table.

`@on_due("relay.accept")` declares what happens; the handler runs in the transaction that removes the row, so its
effect happens exactly once, also when the process dies in the middle.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jieli.kernel import bulk, clock, jobs, wake
from jieli.kernel.models import Deadline

log = logging.getLogger(__name__)

WAKE = "deadlines"
Handler = Callable[[UUID], None]
_handlers: dict[str, Handler] = {}
_periods: dict[str, timedelta] = {}
_NOBODY = UUID(int=0)


def on_due(kind: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def every(period: timedelta, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run a function again and again, in one process of the installation at a time."""

    def register(task: Callable[[], None]) -> Callable[[], None]:
        kind = f"every:{name}"
        _periods[kind] = period

        @on_due(kind)
        def _(_subject: UUID) -> None:
            set_many(kind, {_NOBODY: clock.now() + period})
            task()

        return task

    return register


def start_periodic() -> None:
    """Make sure that every periodic task has its next due time."""
    now = clock.now()
    Deadline.objects.bulk_create(
        [Deadline(kind=kind, subject=_NOBODY, due_at=now + period) for kind, period in _periods.items()],
        ignore_conflicts=True,
    )


def put(kind: str, subject: UUID, due_at: datetime) -> None:
    """Set or move the due time of one subject."""
    set_many(kind, {subject: due_at})


def set_many(kind: str, due: Mapping[UUID, datetime]) -> None:
    if not due:
        return
    rows = [bulk.row(Deadline, kind=kind, subject=subject, due_at=at) for subject, at in due.items()]
    bulk.upsert(rows, unique=["kind", "subject"], update=["due_at"])
    if min(due.values()) <= clock.now() + timedelta(seconds=1):
        transaction.on_commit(lambda: wake.ring(WAKE))


def clear(kind: str, subjects: Iterable[UUID]) -> None:
    Deadline.objects.filter(kind=kind, subject__in=list(subjects)).delete()


def due_at(kind: str, subject: UUID) -> datetime | None:
    return Deadline.objects.filter(kind=kind, subject=subject).values_list("due_at", flat=True).first()


def sweep(*, limit: int = 200) -> int:
    """Carry out what is due; returns how many were tried. Safe in many processes at once."""
    now = clock.now()
    due = list(Deadline.objects.filter(due_at__lte=now).order_by("due_at")[:limit])
    for row in due:
        _carry_out(row, now)
    return len(due)


def _carry_out(row: Deadline, now: datetime) -> None:
    handler = _handlers.get(row.kind)
    try:
        with transaction.atomic():
            mine = Deadline.objects.select_for_update(skip_locked=True).filter(id=row.id, due_at__lte=now)
            if handler is None or not mine.exists():
                _postpone_unknown(row, handler, now)
                return
            Deadline.objects.filter(id=row.id).delete()
            handler(row.subject)
    except Exception as error:  # a process edge: the deadline stays, with what went wrong
        log.exception("deadline %s of %s failed", row.kind, row.subject)
        Deadline.objects.filter(id=row.id).update(
            due_at=now + timedelta(seconds=jobs.pause_s(row.attempts + 1)),
            attempts=row.attempts + 1,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )


def _postpone_unknown(row: Deadline, handler: Handler | None, now: datetime) -> None:
    """A newer version wrote it: leave it for that version, and do not spin on it."""
    if handler is None:
        Deadline.objects.filter(id=row.id).update(
            due_at=now + timedelta(minutes=1), last_error="no handler in this version"
        )


def next_due() -> datetime | None:
    return Deadline.objects.order_by("due_at").values_list("due_at", flat=True).first()

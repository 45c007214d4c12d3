"""Events: appended in the transaction that made them true, published in one order after it commits.

A module declares an event as a frozen dataclass with `@event("matter.handed_over")`. Others listen with
`@on(MatterHandedOver)`; their listener runs as a job, at least once, so it must be idempotent.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from jieli.kernel import bulk, clock, jobs, wake
from jieli.kernel.models import Event

T = TypeVar("T")
When = Callable[[dict[str, Any]], bool]

PUBLISH_AT_ONCE = 1000
_names: dict[type, str] = {}
_listeners: dict[str, list[tuple[str, When]]] = {}

WAKE_WRITTEN = "outbox.written"
WAKE_PUBLISHED = "outbox.published"


def event(name: str) -> Callable[[type[T]], type[T]]:
    """Declare a frozen dataclass as an event. It may have `subject: UUID` and a property `topics: Iterable[str]`."""

    def declare(cls: type[T]) -> type[T]:
        _names[cls] = name
        return cls

    return declare


def name_of(cls: type) -> str:
    return _names[cls]


def append(*events: object) -> None:
    """Write the events with the caller's transaction; nobody hears of them if it rolls back."""
    if not events:
        return
    now = clock.now()
    bulk.insert([_row(one, now) for one in events])
    transaction.on_commit(lambda: wake.ring(WAKE_WRITTEN))


def _row(one: Any, now: Any) -> Event:
    return bulk.row(
        Event,
        name=_names[type(one)],
        subject=getattr(one, "subject", None),
        topics=list(getattr(one, "topics", ())),
        payload=msgspec.to_builtins(one),
        at=now,
    )


def always(_payload: dict[str, Any]) -> bool:
    return True


def on(
    *types: type[T], queue: str = "default", when: When = always, atomic: bool = True
) -> Callable[[Callable[[T], None]], Callable[[T], None]]:
    """Call the function with each such event, as a job, after it was published.

    `when` looks at the payload first, so that frequent events nobody needs make no job. A listener that is not
    `atomic` runs outside a transaction and may talk to others; it must not mind to run twice.
    """

    def register(listener: Callable[[T], None]) -> Callable[[T], None]:
        for cls in types:
            kind = f"on:{_names[cls]}:{listener.__module__}.{listener.__name__}"

            def handle(payload: dict[str, Any], cls: type[T] = cls) -> None:
                listener(msgspec.convert(payload, cls))

            jobs.handler(kind, queue=queue, atomic=atomic)(handle)
            _listeners.setdefault(_names[cls], []).append((kind, when))
        return listener

    return register


def on_many(
    cls: type[T], *, queue: str = "default", when: When = always
) -> Callable[[Callable[[Sequence[T]], None]], Any]:
    """As `on`, for a frequent event: the function is called with several of them at once, in their order."""

    def register(listener: Callable[[Sequence[T]], None]) -> Callable[[Sequence[T]], None]:
        kind = f"on:{_names[cls]}:{listener.__module__}.{listener.__name__}"

        @jobs.handler_of_many(kind, queue=queue)
        def handle(payloads: list[dict[str, Any]]) -> None:
            listener([msgspec.convert(payload, cls) for payload in payloads])

        _listeners.setdefault(_names[cls], []).append((kind, when))
        return listener

    return register


def publish() -> int:
    """Give waiting events their positions and hand them to listeners; returns how many. One caller at a time."""
    with transaction.atomic():
        before = position()
        given = _give_positions(before)
        if not given:
            return 0
        heard = Event.objects.filter(position__gt=before, name__in=list(_listeners)).order_by("position")
        jobs.enqueue_many(_jobs_for(heard.values_list("seq", "name", "payload")))
        transaction.on_commit(lambda: wake.ring(WAKE_PUBLISHED))
    return given


def _give_positions(before: int) -> int:
    """The oldest waiting events come next after `before`; returns how many. Only the database looks at them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_event SET position = %s + given.place FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place "
            "FROM kernel_event WHERE position IS NULL ORDER BY seq LIMIT %s) AS given WHERE kernel_event.seq = given.seq",
            [before, PUBLISH_AT_ONCE],
        )
        return int(cursor.rowcount)


def _jobs_for(heard: Iterable[tuple[int, str, dict[str, Any]]]) -> list[jobs.NewJob]:
    return [
        jobs.NewJob(kind=kind, payload=payload, unique_key=f"{kind}:{seq}")
        for seq, name, payload in heard
        for kind, when in _listeners[name]
        if when(payload)
    ]


def position() -> int:
    """The position of the newest published event; 0 when there is none."""
    found: int | None = Event.objects.aggregate(last=Max("position"))["last"]
    return found or 0


def after(last: int, *, limit: int = 1000) -> list[Event]:
    """Published events behind a position, oldest first."""
    return list(Event.objects.filter(position__gt=last).order_by("position")[:limit])


def oldest_position() -> int:
    found = (
        Event.objects.exclude(position=None).order_by("position").values_list("position", flat=True).first()
    )
    return found or 0


def prune(keep: timedelta) -> int:
    """Forget published events older than `keep`, but never the newest one, whose position goes on counting."""
    old = Event.objects.filter(at__lt=clock.now() - keep, position__lt=position())
    return old.delete()[0]


def of(subject: UUID) -> list[Event]:
    return list(Event.objects.filter(subject=subject).order_by("seq"))

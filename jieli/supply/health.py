"""How each source is doing, as this process sees it; written down at every change and every few seconds."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jieli.kernel import clock
from jieli.supply import policy
from jieli.supply.contracts import Circuit
from jieli.supply.models import SourceHealth, SupplySource

_WRITE_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Seen:
    breaker: policy.Breaker = policy.CLOSED
    last_ok_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str = ""
    latency_ms: int | None = None
    written_at: datetime | None = None
    urgent: bool = False


_lock = threading.Lock()
_seen: dict[str, Seen] = {}


def circuit(source: str) -> Circuit:
    with _lock:
        return _seen.get(source, Seen()).breaker.state(clock.now())


def open_until(source: str) -> datetime | None:
    with _lock:
        return _seen.get(source, Seen()).breaker.open_until


def ok(source: str, latency_s: float) -> None:
    now = clock.now()
    with _lock:
        old = _seen.get(source, Seen())
        mended = old.breaker.open_until is not None
        _seen[source] = replace(
            old,
            breaker=policy.CLOSED,
            last_ok_at=now,
            latency_ms=int(latency_s * 1000),
            urgent=old.urgent or mended or old.last_ok_at is None,
        )


def failed(source: str, error: str) -> None:
    now = clock.now()
    with _lock:
        old = _seen.get(source, Seen())
        breaker = policy.after_failure(old.breaker, now)
        _seen[source] = replace(
            old,
            breaker=breaker,
            last_error_at=now,
            last_error=error[:500],
            urgent=old.urgent or breaker.open_until != old.breaker.open_until or old.last_error_at is None,
        )


def forget() -> None:
    """Start without a memory, as a new process does."""
    with _lock:
        _seen.clear()


def write_down() -> None:
    """Store what changed; cheap when nothing did. Not for use inside a transaction that may wait."""
    now = clock.now()
    with _lock:
        due = {name: seen for name, seen in _seen.items() if _is_due(seen, now)}
        for name, seen in due.items():
            _seen[name] = replace(seen, written_at=now, urgent=False)
    if not due:
        return
    ids = dict(SupplySource.objects.filter(name__in=due).values_list("name", "id"))
    fields = ["last_ok_at", "last_error_at", "last_error", "latency_ms", "open_until"]
    SourceHealth.objects.bulk_create(
        [
            SourceHealth(
                source_id=ids[name],
                last_ok_at=seen.last_ok_at,
                last_error_at=seen.last_error_at,
                last_error=seen.last_error,
                latency_ms=seen.latency_ms,
                open_until=seen.breaker.open_until,
            )
            for name, seen in due.items()
            if name in ids
        ],
        update_conflicts=True,
        unique_fields=["source"],
        update_fields=fields,
    )


def _is_due(seen: Seen, now: datetime) -> bool:
    if seen.written_at is None or seen.urgent or now < seen.written_at:
        return True
    newest = max(filter(None, (seen.last_ok_at, seen.last_error_at)), default=None)
    return newest is not None and newest > seen.written_at and now - seen.written_at >= _WRITE_EVERY

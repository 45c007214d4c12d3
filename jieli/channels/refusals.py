"""Refused requests: one clear log line each, and a count by kind and reason. The event loop writes no database."""

import logging
import threading
from collections import Counter

from jieli.kernel import counters

log = logging.getLogger("jieli.channels.intake")

PREFIX = "intake.refused."
_lock = threading.Lock()
_counted: Counter[str] = Counter()


def note(kind: str, channel: str, reason: str, detail: str) -> None:
    log.warning(
        "refused a request to %s channel %s: %s%s",
        kind,
        ascii(channel[:80]),
        reason,
        f" ({detail})" if detail else "",
    )
    with _lock:
        _counted[f"{PREFIX}{kind}.{reason}"] += 1


def flush() -> None:
    """Add what was counted since the last time to the stored counters."""
    if not _counted:
        return
    with _lock:
        taken = dict(_counted)
        _counted.clear()
    for name, by in taken.items():
        counters.add(name, by)

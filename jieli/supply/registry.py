"""The sources that are switched on, kept for a few seconds per process so that a lookup need not read them."""

import json
import logging
import threading
import time
from dataclasses import dataclass

from jieli.kernel import wake
from jieli.supply import sources
from jieli.supply.contracts import FactKind
from jieli.supply.errors import SourceSettingsWrong
from jieli.supply.models import SupplySource
from jieli.supply.sources.port import LocalSource, RemoteSource

log = logging.getLogger(__name__)

WAKE = "supply.sources"
_KEEP_S = 5.0


@dataclass(frozen=True, slots=True)
class Active:
    name: str
    source: LocalSource | RemoteSource
    kinds: frozenset[FactKind]
    simulated: bool


_lock = threading.Lock()
_found: tuple[Active, ...] = ()
_until = 0.0


def active() -> tuple[Active, ...]:
    global _found, _until  # noqa: PLW0603 - a process-wide cache
    with _lock:
        if time.monotonic() >= _until:
            _found = tuple(made for row in SupplySource.objects.filter(enabled=True) if (made := _make(row)))
            _until = time.monotonic() + _KEEP_S
        return _found


def serving(kind: FactKind) -> list[Active]:
    return [one for one in active() if kind in one.kinds]


def forget() -> None:
    """Read the table again at the next lookup."""
    global _until  # noqa: PLW0603
    with _lock:
        _until = 0.0


wake.watch(WAKE, forget)


def _make(row: SupplySource) -> Active | None:
    manifest = sources.manifests().get(row.kind)
    if manifest is None:
        log.error("supply source %s: this version has no sources of kind %s", row.name, row.kind)
        return None
    try:
        source = manifest.make(row.name, json.loads(row.settings or "{}"))
    except SourceSettingsWrong as error:
        log.error("supply source %s is left out: %s", row.name, error)
        return None
    known = frozenset(FactKind) & frozenset(FactKind(kind) for kind in row.kinds if kind in set(FactKind))
    return Active(row.name, source, known, manifest.simulated)

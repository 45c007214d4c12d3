"""The channels as this process knows them, so that a message costs no query. Refreshed when one changes."""

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from time import monotonic

import msgspec

from jieli.channels import adapters
from jieli.channels.adapters.port import Adapter, Manifest
from jieli.channels.contracts import ChannelId, ChannelRef
from jieli.channels.errors import ChannelUnknown
from jieli.channels.models import Channel
from jieli.channels.policy import GateRules
from jieli.kernel import wake

log = logging.getLogger(__name__)

WAKE = "channels"
SHORTEST_AGE_S = 0.3
_FRESH_S = 5.0
_read_settings = msgspec.json.Decoder(dict[str, str]).decode


@dataclass(frozen=True, slots=True)
class Line:
    """A channel ready for use; `broken` says why its adapter refused the settings."""

    ref: ChannelRef
    manifest: Manifest
    enabled: bool
    adapter: Adapter | None = None
    broken: str = ""


@dataclass(slots=True)
class _Known:
    at: float = float("-inf")
    rung: int = -1
    by_id: dict[ChannelId, Line] = field(default_factory=dict)
    by_name: dict[tuple[str, str], Line] = field(default_factory=dict)


_NO_RULES = GateRules(version="none")
_known = _Known()
_bindings: dict[ChannelId, tuple[tuple[ChannelRef, str], Adapter | None, str]] = {}
_lock = threading.Lock()


def age_s() -> float:
    return monotonic() - _known.at


def is_fresh() -> bool:
    return monotonic() - _known.at < _FRESH_S and _known.rung == wake.count(WAKE)


def refresh() -> None:
    """Read the channels again. Lines whose settings did not change keep their adapter, and what it remembers."""
    global _known  # noqa: PLW0603 - one directory per process, replaced as a whole
    with _lock:
        fresh = _Known(at=monotonic(), rung=wake.count(WAKE))
        for row in Channel.objects.all():
            line = _line(row)
            fresh.by_id[line.ref.id] = line
            fresh.by_name[line.ref.kind, line.ref.name] = line
        _known = fresh


def forget() -> None:
    _known.at = float("-inf")


def _line(row: Channel) -> Line:
    ref = ref_of(row)
    manifest = adapters.manifests().get(row.kind)
    if manifest is None:
        return Line(
            ref, Manifest(kind=row.kind, title={}, settings=(), rules=_NO_RULES), False, None, "no adapter"
        )
    return _bound(ref, manifest, row.enabled, row.settings)


def _bound(ref: ChannelRef, manifest: Manifest, enabled: bool, settings: str) -> Line:
    seen = _bindings.get(ref.id)
    if seen is None or seen[0] != (ref, settings):
        try:
            adapter, broken = adapters.adapter_class(ref.kind)(ref, _read_settings(settings)), ""
        except ValueError as error:
            log.error("channel %s cannot work: %s", ref.name, error)
            adapter, broken = None, str(error)
        seen = _bindings[ref.id] = ((ref, settings), adapter, broken)
    return Line(ref, manifest, enabled, seen[1], seen[2])


def ref_of(row: Channel) -> ChannelRef:
    return ChannelRef(ChannelId(row.id), row.kind, row.name, row.namespace)


def peek(kind: str, name: str) -> Line | None:
    """What is known without a query."""
    return _known.by_name.get((kind, name))


def lines() -> dict[ChannelId, Line]:
    """All channels. In an event loop what is known counts: the committer keeps it fresh there."""
    if not is_fresh() and not _in_event_loop():
        refresh()
    return _known.by_id


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _look_again() -> None:
    if not _in_event_loop():
        refresh()


def line(channel: ChannelId) -> Line:
    """Raises `ChannelUnknown`."""
    found = lines().get(channel)
    if found is None:
        _look_again()
        found = _known.by_id.get(channel)
    if found is None:
        raise ChannelUnknown
    return found


def named(name: str) -> Line:
    """Raises `ChannelUnknown`."""
    for _ in range(2):
        for found in lines().values():
            if found.ref.name == name:
                return found
        _look_again()
    raise ChannelUnknown(f"There is no channel named “{name}”; “jieli channel list” shows those there are.")

"""The brand's words: SKU → names and aliases, built from product facts and kept per process."""

import hashlib
import threading
import time
from collections.abc import Iterable
from types import MappingProxyType

from jieli.supply import registry
from jieli.supply.contracts import Catalogue, FactKind
from jieli.supply.models import FactRow
from jieli.supply.sources.port import LocalSource

_KEEP_S = 60.0
_lock = threading.Lock()
_current = Catalogue("", MappingProxyType({}))
_until = 0.0


def current() -> Catalogue:
    global _current, _until  # noqa: PLW0603 - a process-wide cache
    with _lock:
        if time.monotonic() >= _until:
            found = _read()
            if found.version != _current.version:
                _current = found
            _until = time.monotonic() + _KEEP_S
        return _current


def forget() -> None:
    global _until  # noqa: PLW0603
    with _lock:
        _until = 0.0


def _read() -> Catalogue:
    serving = registry.serving(FactKind.PRODUCT)
    values = list(
        FactRow.objects.filter(kind=FactKind.PRODUCT, source__in=[one.name for one in serving])
        .order_by("key", "as_of")
        .values_list("key", "value")
    )
    for one in serving:
        if isinstance(one.source, LocalSource):
            values += [(fact.key, dict(fact.value)) for fact in one.source.everything(FactKind.PRODUCT)]
    products = {sku: _names(value) for sku, value in sorted(values, key=lambda pair: pair[0])}
    version = hashlib.sha256(repr(sorted(products.items())).encode()).hexdigest()[:16]
    return Catalogue(version, MappingProxyType(products))


def _names(value: dict[str, object]) -> tuple[str, ...]:
    aliases = value.get("aliases", [])
    extra: Iterable[object] = aliases if isinstance(aliases, list) else []
    names = [value.get("name"), value.get("name_en"), *extra]
    return tuple(dict.fromkeys(str(name) for name in names if name))

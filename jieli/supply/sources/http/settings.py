from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from jieli.supply.contracts import FactKind
from jieli.supply.errors import SourceSettingsWrong
from jieli.supply.sources.http.mapping import CONVERSIONS

_LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPull:
    """How one kind is asked and read: paths with {key} or {value} (phones as 13800000000), where the list lies (`items`), the fields, the
    moment (`as_of`), whom it belongs to (`owner`: kind of identity → path) and what is private
    (`private`: receiver, phone, address → path)."""

    fields: dict[str, Any]
    by_key: str = ""
    by_owner: dict[str, str] = field(default_factory=dict)
    everything: str = ""
    items: str = ""
    as_of: str = ""
    owner: dict[str, str] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    base_url: str = ""
    auth_header: str = "Authorization"
    auth_value: str = ""
    timeout_s: float = 3.0
    time_zone: str = "Asia/Shanghai"
    pulls: dict[FactKind, KindPull] = field(default_factory=dict)
    push_secret: str = ""
    namespaces: dict[str, str] = field(default_factory=lambda: {"account": "shop"})


def read(given: Mapping[str, Any]) -> HttpSettings:
    """Raises `SourceSettingsWrong` with the field that is wrong."""
    try:
        settings = msgspec.convert(dict(given), HttpSettings, strict=False)
        ZoneInfo(settings.time_zone)
    except (msgspec.ValidationError, ValueError, OSError, KeyError) as error:
        raise SourceSettingsWrong(f"The settings of this source cannot be used: {error}") from None
    parts = urlsplit(settings.base_url)
    if settings.base_url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SourceSettingsWrong("“base_url” is an address such as https://erp.example.com/api.")
    if not 0 < settings.timeout_s <= _LONGEST_S:
        raise SourceSettingsWrong(f"“timeout_s” is more than 0 and at most {_LONGEST_S:g}.")
    if not (settings.auth_header + settings.auth_value).isascii() or not settings.auth_value.isprintable():
        raise SourceSettingsWrong("“auth_header” and “auth_value” hold plain ASCII only.")
    for kind, pull in settings.pulls.items():
        _check_fields(kind, pull.fields)
    return settings


def _check_fields(kind: str, fields: Mapping[str, Any]) -> None:
    for name, spec in fields.items():
        if isinstance(spec, str):
            continue
        if not isinstance(spec, dict) or not spec:
            raise SourceSettingsWrong(
                f"{kind}.{name} is a path, or an object with from, as, map, each or const."
            )
        if spec.get("as", "text") not in CONVERSIONS:
            raise SourceSettingsWrong(f"{kind}.{name}: “as” is one of {', '.join(sorted(CONVERSIONS))}.")
        for inner in ("each", "fields"):
            if isinstance(spec.get(inner), dict):
                _check_fields(f"{kind}.{name}", spec[inner])

"""Adapters are found, not listed: each folder here that has a `manifest.toml` is one kind of channel."""

import tomllib
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jieli.channels.adapters.port import Adapter, Manifest, Setting
from jieli.channels.contracts import MessageType
from jieli.channels.policy import GateRules, WindowRule

_HERE = Path(__file__).parent


@cache
def manifests() -> dict[str, Manifest]:
    """All kinds of channels, by kind."""
    found = [_manifest(path.parent) for path in sorted(_HERE.glob("*/manifest.toml"))]
    return {manifest.kind: manifest for manifest in found}


@cache
def adapter_class(kind: str) -> type[Adapter]:
    found: type[Adapter] = import_module(f"{__name__}.{kind}.adapter").Adapter
    return found


def _manifest(folder: Path) -> Manifest:
    said = tomllib.loads((folder / "manifest.toml").read_text())
    settings = tuple(Setting(**one) for one in said.pop("setting", []))
    return Manifest(
        kind=folder.name,
        settings=settings,
        rules=_rules(folder.name, tomllib.loads((folder / "rules.toml").read_text())),
        **said,
    )


def _rules(kind: str, said: dict[str, Any]) -> GateRules:
    return GateRules(
        version=f"{kind}@{said['version']}",
        sends=frozenset(map(MessageType, said["sends"])),
        text_bytes=said.get("text_bytes", 0),
        shuts_on=frozenset(said.get("shuts_on", ())),
        windows=tuple(
            WindowRule(
                kind=one["kind"],
                opens_on=frozenset(one["opens_on"]),
                limit=one["limit"],
                lasts=timedelta(seconds=one["seconds"]),
                reserve=one.get("reserve", 0),
            )
            for one in said.get("window", ())
        ),
    )

"""Which model answers. Found by manifest, loaded once per process, at first use."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from django.conf import settings

from jieli.understanding.errors import ModelUnusable
from jieli.understanding.models.port import IntentModel


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    title_zh: str
    title_en: str
    summary: str
    factory: str


@cache
def manifests() -> dict[str, Manifest]:
    found = {}
    for path in sorted(Path(__file__).parent.glob("*/manifest.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**{name: told[name] for name in Manifest.__slots__})
        found[manifest.name] = manifest
    return found


@cache
def load(name: str) -> IntentModel:
    manifest = manifests().get(name)
    if manifest is None:
        raise ModelUnusable(f"no model is called {name}; there are: {', '.join(manifests())}")
    module, _, factory = manifest.factory.partition(":")
    return cast(IntentModel, getattr(import_module(module), factory)())


Provider = Callable[[], IntentModel | None]
_provider: Provider | None = None


def use(provider: Provider | None) -> None:
    """Ask this for the live model before every batch; where it has none, the shipped one answers. It must be quick."""
    global _provider  # noqa: PLW0603 - one live model per process is the point
    _provider = provider


def active() -> IntentModel:
    """The one that people promoted, else the one that JIELI_UNDERSTANDING names."""
    return (_provider and _provider()) or load(settings.JIELI_UNDERSTANDING)

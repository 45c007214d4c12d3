"""What a source is: a folder under `sources/` with a `manifest.py` that holds `MANIFEST`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from jieli.supply.contracts import FactKind, OwnerKey, RawFact


@dataclass(frozen=True, slots=True)
class Pull:
    """A question as a source gets it: by key, or by whom it belongs to.

    `persons` and `owners` are what a local source knows people by; `identities` (kind → plain values) is filled
    only for sources outside, which know nothing of our hashes.
    """

    kind: FactKind
    key: str = ""
    persons: frozenset[UUID] = frozenset()
    owners: frozenset[OwnerKey] = frozenset()
    identities: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_personal(self) -> bool:
        """Whether it asks for what belongs to somebody; with neither key nor owner it asks for the whole kind."""
        return bool(self.persons or self.owners)


@runtime_checkable
class LocalSource(Protocol):
    """Reads from this installation's own database, at once, for the whole batch."""

    def read(self, pulls: Sequence[Pull]) -> dict[Pull, list[RawFact]]:
        """Raises `Transient` when it does not answer."""

    def everything(self, kind: FactKind) -> list[RawFact]: ...


@runtime_checkable
class RemoteSource(Protocol):
    """Asks another system, in a thread without a database connection."""

    def can_pull(self, pull: Pull) -> bool:
        """Whether the source can be asked this; a source that only pushes says no."""

    def pull(self, pull: Pull, *, timeout_s: float) -> list[RawFact]:
        """Nothing found is []. Raises `Transient` or `Permanent`."""


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    help: str
    required: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """`make(name, settings)` raises `SourceSettingsWrong` for settings that cannot work."""

    kind: str
    title: str
    make: Callable[[str, Mapping[str, Any]], LocalSource | RemoteSource]
    settings: tuple[Setting, ...]
    simulated: bool = False

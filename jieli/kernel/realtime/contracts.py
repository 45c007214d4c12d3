from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Frame:
    """What one screen is told: `position` is the event's place in the log, `data` what the projection made of it."""

    position: int
    topic: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A published event as a projection sees it."""

    position: int
    name: str
    topics: tuple[str, ...]
    payload: Mapping[str, Any]

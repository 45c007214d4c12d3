"""What is said before it has a language: codes with what stands in them, to be worded for whoever reads it.

The words of the codes are in words.toml; the web apps have the same ones (screens.py).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from jieli.bot import words
from jieli.relay.contracts import Told
from jieli.understanding.contracts import Intent

Value = str | int | Told | dict[str, Any]
"""A text as it stands, a code, or one of the shapes below; plain JSON once it is in a `Told`."""

Sentences = tuple[Told, ...]


def told(code: str, /, **slots: Value) -> Told:
    return Told(code, {name: _plain(value) for name, value in slots.items()})


def named(section: str, value: str) -> Value:
    """A state or kind by its code; the value itself when we have no word for it."""
    code = f"{section}.{value}"
    return Told(code) if words.has(code) else value


def intent(which: Intent) -> Told:
    return Told(f"intent.{which.value}")


def at(moment: datetime) -> dict[str, Any]:
    """A moment that is said as a time."""
    return {"at": moment.isoformat()}


def ago(moment: datetime) -> dict[str, Any]:
    """A moment that is said as how long ago it was."""
    return {"ago": moment.isoformat()}


def names(values: Iterable[Value]) -> dict[str, Any]:
    return {"list": [_plain(value) for value in values], "by": "names"}


def details(values: Iterable[Value]) -> dict[str, Any]:
    """Like names, but of things that have commas of their own."""
    return {"list": [_plain(value) for value in values], "by": "details"}


def sentences(values: Iterable[Told]) -> dict[str, Any]:
    return {"list": [_plain(value) for value in values], "by": "sentences"}


def _plain(value: Value) -> Any:
    return plain(value) if isinstance(value, Told) else value


def plain(one: Told) -> dict[str, Any]:
    """As it is stored."""
    return msgspec.to_builtins(one)  # type: ignore[no-any-return]

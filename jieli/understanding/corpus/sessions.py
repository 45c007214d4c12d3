"""Reads whole talks: a line each, the customer's with the labels he or she was given; CARD.md describes the notation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from jieli.understanding.contracts import Emotion, EntityKind, Intent, PreviousTurn, Turn
from jieli.understanding.errors import CorpusInvalid

AT = datetime(2026, 1, 15, 2, 0, tzinfo=UTC)  # an arbitrary moment; no intent depends on it
EMOTION_MARKS = {"~": Emotion.ANXIOUS, "!": Emotion.ANGRY, "^": Emotion.PLEASED}
_REMEMBERED = 6
_BOT = re.compile(r"\*(?:\?(\w+))?")
_EXPECTED = frozenset((*EntityKind, "confirm"))


@dataclass(frozen=True, slots=True)
class Example:
    """A turn with its labels: the main intent first, further ones behind it; `equal` are as right as the main one.
    `block` names what was written in one breath: it stays on one side of every split."""

    turn: Turn
    intents: tuple[Intent, ...]
    emotion: Emotion
    block: str = ""
    equal: tuple[Intent, ...] = ()


def read(folder: Path) -> tuple[Example, ...]:
    """Every customer's turn of every talk in the folder's files, in the order of their names."""
    return tuple(
        example
        for path in sorted(folder.glob("*.txt"))
        for number, rows in _talks(path)
        for example in _turns(path, number, rows)
    )


def _talks(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number of the first row, rows) of each talk; blank rows part them."""
    rows: list[str] = []
    for number, row in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], start=1):
        if row.strip():
            rows.append(row)
        elif rows:
            yield number - len(rows), rows
            rows = []


def _turns(path: Path, first: int, rows: Sequence[str]) -> Iterator[Example]:
    before: list[PreviousTurn] = []
    opened: tuple[str, ...] = ()
    expecting = ""
    for number, row in enumerate(rows, start=first):
        if row.startswith("# "):
            continue
        if row.startswith("@ "):
            opened = tuple(row[2:].split())
            continue
        head, _, text = row.partition("\t")
        try:
            other = _other(head)
            if other is None:
                intents, equal, emotion = labels(head)
                turn = Turn(text.strip(), AT, tuple(before[-_REMEMBERED:]), expecting, opened)
                yield Example(turn, intents, emotion, f"{path.stem}/{first}", equal)
            else:
                expecting = other[1]
            if not text.strip():
                raise ValueError("no text behind the tab")
        except ValueError as error:
            raise CorpusInvalid(f"{path.name}:{number}: {error}") from error
        before.append(PreviousTurn(other[0] if other else "customer", text.strip()))


def _other(head: str) -> tuple[Literal["agent", "bot"], str] | None:
    """Who speaks and what he or she asks for; None for the customer."""
    if head == ">":
        return "agent", ""
    if found := _BOT.fullmatch(head):
        if found[1] and found[1] not in _EXPECTED:
            raise ValueError(f"nobody can ask for {found[1]}")
        return "bot", found[1] or ""
    return None


def labels(head: str) -> tuple[tuple[Intent, ...], tuple[Intent, ...], Emotion]:
    """`track+complaint!` → intents, equally right main ones, emotion. Raises `ValueError` for an unknown intent."""
    emotion = EMOTION_MARKS.get(head[-1:], Emotion.CALM)
    named = head if emotion is Emotion.CALM else head[:-1]
    main, *further = named.split("+")
    first, *equal = main.split("|")
    return (Intent(first), *map(Intent, further)), tuple(map(Intent, equal)), emotion

"""What of a turn tells its mood, found once for both who use it: the model, which learnt how much each mark weighs, and
the reasons, which show them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jieli.understanding.contracts import Emotion, Turn
from jieli.understanding.emotion.signals import BY_CODE, PATTERN, SIGNALS

_READ = 600  # characters; beyond it a message says nothing new about the mood
_REMEMBERED, _FELT = (
    6,
    3,
)  # turns before in which a message may be repeated; the customer's whose mood still counts
_SHOUTS = re.compile(r"[!！]")
_ASKS = re.compile(r"[?？]{2,}")
_CAPITALS = re.compile(r"[A-Z]{3}")
_DOTS = re.compile(r"[。.…]{3,}")

Hit = tuple[str, str]


class Mark(NamedTuple):
    """`weight` is in log-odds, by hand: for models that have no opinion on moods."""

    code: str
    emotion: Emotion
    weight: float
    words: str = ""


# The marks that are not words, by code; `row` has a column for each of them behind those of SIGNALS.
_OTHERS = ("exclaims", "asks_hard", "trails_off", "capitals", "repeats", "history_angry", "history_anxious")
_COLUMN = {code: column for column, code in enumerate((*(signal.code for signal in SIGNALS), *_OTHERS))}


@lru_cache(maxsize=16_384)
def hits(text: str) -> tuple[Hit, ...]:
    """(code, words) of every signal in the text; cached, because a turn comes back as the history of the next ones."""
    read = text[:_READ]
    lowered = read.lower()
    shown = read if len(lowered) == len(read) else lowered
    return tuple(
        (match.lastgroup or "", shown[match.start() : match.end()]) for match in PATTERN.finditer(lowered)
    )


def of(turn: Turn) -> tuple[Mark, ...]:
    """The marks of the message, in the order of its words, then those of its punctuation and of the turns before."""
    return _of(turn.text, tuple(line.text for line in turn.previous[-_REMEMBERED:] if line.by == "customer"))


@lru_cache(maxsize=4096)
def _of(text: str, own: tuple[str, ...]) -> tuple[Mark, ...]:
    """Cached, because the model reads the marks first and the reasons show them a moment later."""
    seen: dict[str, int] = {}
    found = []
    for code, words in hits(text):
        signal = BY_CODE[code]
        repeat = seen[code] = seen.get(code, 0) + 1
        found.append(Mark(code, signal.emotion, signal.weight / repeat, words))  # the second says less
    return (*found, *_punctuation(text), *(_history(text, own) if own else ()))


def row(turn: Turn) -> list[float]:
    """Which marks stand in the turn, as the model takes them: 1, or 2 where one comes back."""
    values = [0.0] * len(_COLUMN)
    for mark in of(turn):
        column = _COLUMN[mark.code]
        values[column] = min(values[column] + 1.0, 2.0)
    return values


def _punctuation(text: str) -> Iterator[Mark]:
    shouts = len(_SHOUTS.findall(text))
    if shouts >= 2:
        yield Mark("exclaims", Emotion.ANGRY, min(0.4 * shouts, 1.6))
    if _ASKS.search(text):
        yield Mark("asks_hard", Emotion.ANXIOUS, 1.4)
    if _DOTS.search(text):
        yield Mark("trails_off", Emotion.ANXIOUS, 0.4)
    letters = [c for c in text if c.isascii() and c.isalpha()] if _CAPITALS.search(text) else []
    if len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and " " in text.strip():
        yield Mark("capitals", Emotion.ANGRY, 2.6)


def _history(text: str, own: tuple[str, ...]) -> Iterator[Mark]:
    said = text.strip()
    if len(said) >= 2 and any(said == line.strip() for line in own):
        yield Mark("repeats", Emotion.ANXIOUS, 1.6)
    before = {code for line in own[-_FELT:] for code, _ in hits(line)}
    if before & {"threat", "abuse"}:
        yield Mark("history_angry", Emotion.ANGRY, 1.0)
    elif "blame" in before:
        yield Mark("history_angry", Emotion.ANGRY, 0.5)
    if before & {"pressing", "waiting"}:
        yield Mark("history_anxious", Emotion.ANXIOUS, 0.4)

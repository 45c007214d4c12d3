"""Joins the signals of one turn into an emotion with its strength and its reasons."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from jieli.understanding.contracts import Emotion, EmotionFinding, Turn
from jieli.understanding.emotion.signals import BY_CODE, PATTERN

EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)  # the order of models/port.py
_INDEX = {emotion: index for index, emotion in enumerate(EMOTIONS)}
_READ = 600  # characters; beyond it a message says nothing new about the mood
_REASONS = 6
_CALM_START = 1.1  # most messages are calm: what must be outweighed
_MODEL_WEIGHT = 0.6
_LEARNED_LEAST = -2.5  # the wording alone may doubt a mood, never forbid it
_SHOUTS = re.compile(r"[!！]")
_ASKS = re.compile(r"[?？]{2,}")
_CAPITALS = re.compile(r"[A-Z]{3}")
_DOTS = re.compile(r"[。.…]{3,}")

Hit = tuple[str, str]


@lru_cache(maxsize=16_384)
def hits(text: str) -> tuple[Hit, ...]:
    """(code, words) of every signal in the text; cached, because a turn comes back as the history of the next ones."""
    read = text[:_READ]
    lowered = read.lower()
    shown = read if len(lowered) == len(read) else lowered
    return tuple(
        (match.lastgroup or "", shown[match.start() : match.end()]) for match in PATTERN.finditer(lowered)
    )


def _marks(text: str) -> list[tuple[str, Emotion, float]]:
    found: list[tuple[str, Emotion, float]] = []
    shouts = len(_SHOUTS.findall(text))
    if shouts >= 2:
        found.append(("exclaims", Emotion.ANGRY, min(0.4 * shouts, 1.6)))
    if _ASKS.search(text):
        found.append(("asks_hard", Emotion.ANXIOUS, 1.4))
    if _DOTS.search(text):
        found.append(("trails_off", Emotion.ANXIOUS, 0.4))
    letters = [c for c in text if c.isascii() and c.isalpha()] if _CAPITALS.search(text) else []
    if len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and " " in text.strip():
        found.append(("capitals", Emotion.ANGRY, 1.4))
    return found


def _history(turn: Turn) -> list[tuple[str, Emotion, float]]:
    found: list[tuple[str, Emotion, float]] = []
    own = [line.text for line in turn.previous[-6:] if line.by == "customer"]
    said = turn.text.strip()
    if len(said) >= 2 and any(said == line.strip() for line in own):
        found.append(("repeats", Emotion.ANXIOUS, 1.6))
    before = {code for line in own[-3:] for code, _ in hits(line)}
    if before & {"threat", "abuse"}:
        found.append(("history_angry", Emotion.ANGRY, 1.0))
    elif "blame" in before:
        found.append(("history_angry", Emotion.ANGRY, 0.5))
    if before & {"pressing", "waiting"}:
        found.append(("history_anxious", Emotion.ANXIOUS, 0.4))
    if turn.waited_s >= 120:
        found.append(("waited", Emotion.ANXIOUS, 0.5 if turn.waited_s < 600 else 1.0))
    return found


def mood(turn: Turn, learned: Sequence[float]) -> EmotionFinding:
    """`learned` is the model's log-probability for each of EMOTIONS, or () where it has no opinion."""
    scores = [0.0] * len(EMOTIONS)
    scores[0] = _CALM_START
    reasons: list[tuple[float, str, Emotion]] = []
    seen: dict[str, int] = {}
    for code, words in hits(turn.text):
        signal = BY_CODE[code]
        repeat = seen[code] = seen.get(code, 0) + 1
        weight = signal.weight / repeat  # the second word of a kind says less than the first
        scores[_INDEX[signal.emotion]] += weight
        reasons.append((weight, f"{code}:{words}", signal.emotion))
    for code, emotion, weight in (*_marks(turn.text), *_history(turn)):
        scores[_INDEX[emotion]] += weight
        reasons.append((weight, code, emotion))
    if learned:
        for index, value in enumerate(learned):
            scores[index] += _MODEL_WEIGHT * max(value, _LEARNED_LEAST)
    return _finding(scores, reasons)


def _finding(scores: list[float], reasons: list[tuple[float, str, Emotion]]) -> EmotionFinding:
    best = max(range(len(scores)), key=scores.__getitem__)
    top = scores[best]
    probability = 1 / sum(math.exp(score - top) for score in scores)
    emotion = EMOTIONS[best]
    ranked = sorted(reasons, key=lambda each: (each[2] is not emotion, -each[0], each[1]))
    shown = tuple(dict.fromkeys(reason for _, reason, _ in ranked))[:_REASONS]
    if emotion is not Emotion.CALM and all(each[2] is not emotion for each in reasons):
        shown = ("wording", *shown)  # only the learned part thinks so
    return EmotionFinding(emotion, round(probability, 4), shown)

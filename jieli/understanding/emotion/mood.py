"""Joins what the model learnt with what is only known by rule into an emotion with its strength and its reasons."""

import math
from collections.abc import Sequence

from jieli.understanding.contracts import Emotion, EmotionFinding, Turn
from jieli.understanding.emotion import marks
from jieli.understanding.emotion.marks import Mark

EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)  # the order of models/port.py
_INDEX = {emotion: index for index, emotion in enumerate(EMOTIONS)}
_REASONS = 6
_CALM_START = 1.1  # most messages are calm: what must be outweighed where nothing was learnt
_BESIDE = (
    0.5  # of the hand-set weights, beside what was learnt: rare outspoken words are in few training lines
)
_LEAST = -2.0  # the wording alone may doubt a mood, never forbid it
_LONG_S, _VERY_LONG_S = 120.0, 600.0


def mood(turn: Turn, learned: Sequence[float]) -> EmotionFinding:
    """`learned` is the model's log-probability for each of EMOTIONS, marks included, or () where it has no opinion."""
    found = marks.of(turn)
    waited = _waited(turn.waited_s)
    scores = [max(value, _LEAST) for value in learned] or [_CALM_START, *(0.0 for _ in EMOTIONS[1:])]
    for mark in found:
        scores[_INDEX[mark.emotion]] += mark.weight * (_BESIDE if learned else 1.0)
    for mark in waited:
        scores[_INDEX[mark.emotion]] += mark.weight
    return _finding(scores, [*found, *waited])


def _waited(seconds: float) -> list[Mark]:
    """No transcript tells how long somebody waited, so nothing could be learnt of it."""
    if seconds < _LONG_S:
        return []
    return [Mark("waited", Emotion.ANXIOUS, 0.5 if seconds < _VERY_LONG_S else 1.0)]


def _finding(scores: Sequence[float], found: Sequence[Mark]) -> EmotionFinding:
    best = max(range(len(scores)), key=scores.__getitem__)
    top = scores[best]
    probability = 1 / sum(math.exp(score - top) for score in scores)
    emotion = EMOTIONS[best]
    ranked = sorted((mark.emotion is not emotion, -mark.weight, _told(mark)) for mark in found)
    shown = tuple(dict.fromkeys(reason for _, _, reason in ranked))[:_REASONS]
    if emotion is not Emotion.CALM and all(mark.emotion is not emotion for mark in found):
        shown = ("wording", *shown)  # only the learned part thinks so
    return EmotionFinding(emotion, round(probability, 4), shown)


def _told(mark: Mark) -> str:
    return f"{mark.code}:{mark.words}" if mark.words else mark.code

"""A batch of turns through the model, the rules and the entities."""

from collections.abc import Sequence

import numpy as np

from jieli.understanding import policy
from jieli.understanding.contracts import EMPTY, Finding, Lexicon, Turn
from jieli.understanding.emotion.mood import mood
from jieli.understanding.entities.extract import entities
from jieli.understanding.models import registry
from jieli.understanding.models.port import LABELS, IntentModel


def understand(turns: Sequence[Turn], *, lexicon: Lexicon = EMPTY) -> list[Finding]:
    """Intent, emotion and entities of each turn, in order. Any text is understood somehow; none raises."""
    return read(registry.active(), turns, lexicon)


def model_version() -> str:
    """The version that every finding of this process carries."""
    return registry.active().version


def read(model: IntentModel, turns: Sequence[Turn], lexicon: Lexicon) -> list[Finding]:
    if not turns:
        return []
    reading = model.read(turns)
    top = np.argsort(-reading.intents, axis=1, kind="stable")[:, : policy.MOST]
    likely = np.take_along_axis(reading.intents, top, axis=1).tolist()
    moods = (
        np.log(np.maximum(reading.emotions, 1e-6)).tolist()
        if reading.emotions is not None
        else [()] * len(turns)
    )
    version = model.version
    findings = []
    for turn, order, confidences, learned in zip(turns, top.tolist(), likely, moods, strict=True):
        found = entities(turn.text, turn.at, turn.expecting, lexicon)
        best = [(LABELS[index], confidence) for index, confidence in zip(order, confidences, strict=True)]
        scores, reasons = policy.reported(best, found, turn.expecting)
        findings.append(Finding(scores, mood(turn, learned), found, reasons, version))
    return findings

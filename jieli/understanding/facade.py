"""The door of understanding: a batch of turns in, one finding for each out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jieli.understanding import reading
from jieli.understanding.contracts import EMPTY, Explanation, Lexicon, Turn
from jieli.understanding.models import registry

understand = reading.understand
model_version = reading.model_version


def explain(text: str | Turn, *, lexicon: Lexicon = EMPTY, limit: int = 8) -> Explanation:
    """A finding with the pieces of text that spoke for its main intent; for people, not for the hot path."""
    turn = text if isinstance(text, Turn) else Turn(text, at=datetime.now(UTC))
    model = registry.active()
    finding = reading.read(model, [turn], lexicon)[0]
    return Explanation(finding, model.evidence(turn, finding.intent, limit=limit))


def train() -> dict[str, Any]:
    """Train the shipped model anew from the corpus; returns its header with the figures of its own evaluation."""
    from jieli.understanding import training

    return training.train()


def evaluate(labels: Path, sessions: Path | None = None) -> dict[str, Any]:
    """Figures of the model on labelled turns: {"intent": {accuracy, …}, "emotion": {…}}."""
    from jieli.understanding import evaluation

    return evaluation.evaluate(labels, sessions)

"""The door of understanding: a batch of turns in, one finding for each out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jieli.understanding import reading
from jieli.understanding.contracts import EMPTY, Explanation, Lexicon, Turn
from jieli.understanding.corpus.sessions import Example
from jieli.understanding.models import registry
from jieli.understanding.models.averaging import artifact
from jieli.understanding.models.averaging.model import AveragingModel, shipped
from jieli.understanding.models.port import IntentModel

__all__ = [
    "Example",
    "IntentModel",
    "evaluate",
    "explain",
    "model_version",
    "open_model",
    "shipped_header",
    "train",
    "train_candidate",
    "understand",
    "use",
    "warm",
]

understand = reading.understand
model_version = reading.model_version
use = registry.use


_SAMPLE = "寄到浙江省杭州市西湖区文三路90号，明天下午3点前，SF1234567890123，显示E1，电话13800001234，199元"


def warm() -> None:
    """Load what is loaded at first use (the model, words, divisions of addresses), so that no customer waits for it."""
    understand([Turn(_SAMPLE, at=datetime.now(UTC))])


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


def train_candidate(more: Sequence[Example], path: Path) -> dict[str, Any]:
    """Train on the corpus and on `more`, turns from use that people labelled, into a file of its own; returns its header."""
    from jieli.understanding import training

    return training.train(path, more)


def shipped_header() -> dict[str, Any]:
    """Of the model that comes with this version: its version, data and figures."""
    return dict(shipped().artifact.header)


def open_model(path: Path) -> IntentModel:
    """A model from its file. Raises `ModelUnusable` for one that is damaged or made for other features."""
    return AveragingModel(artifact.load(path))


def evaluate(labels: Path, sessions: Path | None = None) -> dict[str, Any]:
    """Figures of the model on labelled turns: {"intent": {accuracy, …}, "emotion": {…}}."""
    from jieli.understanding import evaluation

    return evaluation.evaluate(labels, sessions)

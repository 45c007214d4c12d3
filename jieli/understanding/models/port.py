"""What a model of intents must offer, whoever made it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.contracts import Emotion, Evidence, Intent, Turn

Probabilities = NDArray[np.float32]
LABELS: tuple[Intent, ...] = tuple(Intent)
EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)


class Reading(NamedTuple):
    """Per turn a row that sums to 1: intents calibrated, in the order of LABELS; emotions of the wording alone, in the
    order of EMOTIONS, or None from a model that has no opinion on them."""

    intents: Probabilities
    emotions: Probabilities | None


class IntentModel(Protocol):
    @property
    def version(self) -> str:
        """Names the exact model in every stored decision."""
        ...

    def read(self, turns: Sequence[Turn]) -> Reading:
        """A whole batch at once; never raises on what a customer typed."""
        ...

    def evidence(self, turn: Turn, intent: Intent, *, limit: int) -> tuple[Evidence, ...]:
        """The pieces of the turn that spoke most for `intent`, strongest first; () if the model cannot say."""
        ...

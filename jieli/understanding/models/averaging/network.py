"""A deep averaging network (Iyyer et al. 2015): each line around a turn is the weighted mean of its grams' vectors; one
hidden layer joins the lines with the flags of the context, and a direct path keeps what is already linear.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.models.port import EMOTIONS, LABELS

Floats = NDArray[np.float32]
LINES = 4  # the message, the other side's last line, the customer's last, what came before them
COLUMNS = len(LABELS) + len(EMOTIONS)


@dataclass(slots=True)
class Network:
    """`vectors` [grams, width]; the others take an input row of LINES * width + flags to COLUMNS scores."""

    vectors: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats
    direct: Floats

    def scores(self, rows: Floats) -> Floats:
        """[turns, COLUMNS]: intents in the order of LABELS, then emotions in the order of EMOTIONS."""
        inner = product(rows, self.hidden) + self.hidden_bias
        np.maximum(inner, 0, out=inner)
        scored: Floats = product(inner, self.out) + self.out_bias + product(rows, self.direct)
        return scored

    def pull(self, row: Floats, column: int) -> Floats:
        """How the score of a column changes with each value of this input row."""
        alive = (row @ self.hidden + self.hidden_bias) > 0
        through = np.where(alive, self.out[:, column], np.float32(0))
        pulled: Floats = self.hidden @ through + self.direct[:, column]
        return pulled


def shares(scores: Floats) -> Floats:
    """Probabilities: a softmax over the intents, another over the emotions."""
    both: Floats = np.concatenate(
        (softmax(scores[:, : len(LABELS)]), softmax(scores[:, len(LABELS) :])), axis=1
    )
    return both


def softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    parts: Floats = powers / powers.sum(axis=1, keepdims=True)
    return parts


_SLICE = 16


def product(rows: Floats, weights: Floats) -> Floats:
    """In slices below the size from which BLAS wakes its threads: they would spin on cores that others need."""
    slices = [rows[start : start + _SLICE] @ weights for start in range(0, len(rows), _SLICE)]
    return np.concatenate(slices)

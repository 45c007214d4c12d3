"""A deep averaging network (Iyyer et al. 2015): each line around a turn is the weighted mean of its grams' vectors; one
hidden layer joins the lines with the flags of the context, and a direct path keeps what is already linear.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.models.port import EMOTIONS, LABELS

Floats = NDArray[np.float32]
LINES = 4  # the message, the other side's last line, the customer's last, what came before them
HEADS = (len(LABELS), len(EMOTIONS))  # columns of each softmax
COLUMNS = sum(HEADS)


@dataclass(slots=True)
class Network:
    """`vectors` [grams, width]; the others take an input row of lines * width + flags to the scores of all heads."""

    vectors: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats
    direct: Floats

    def scores(self, rows: Floats) -> Floats:
        """[turns, columns]; of the shipped model intents in the order of LABELS, then emotions in that of EMOTIONS."""
        inner = rows @ self.hidden + self.hidden_bias
        np.maximum(inner, 0, out=inner)
        scored: Floats = inner @ self.out + self.out_bias + rows @ self.direct
        return scored

    def pull(self, row: Floats, column: int) -> Floats:
        """How the score of a column changes with each value of this input row."""
        alive = (row @ self.hidden + self.hidden_bias) > 0
        through = np.where(alive, self.out[:, column], np.float32(0))
        pulled: Floats = self.hidden @ through + self.direct[:, column]
        return pulled


def shares(scores: Floats, heads: tuple[int, ...] = HEADS) -> Floats:
    """Probabilities: a softmax over the columns of each head."""
    parts = np.split(scores, np.cumsum(heads)[:-1], axis=1)
    joined: Floats = np.concatenate([softmax(part) for part in parts], axis=1)
    return joined


def softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    parts: Floats = powers / powers.sum(axis=1, keepdims=True)
    return parts

"""Inference: one hashing pass, one sparse product and three small dense ones for a whole batch."""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from jieli.understanding.contracts import Evidence, Intent, Turn
from jieli.understanding.models.averaging.artifact import Artifact, load
from jieli.understanding.models.averaging.context import Around, around, flags
from jieli.understanding.models.averaging.network import LINES, Floats, softmax
from jieli.understanding.models.averaging.ngrams import grams
from jieli.understanding.models.averaging.normalise import normalise
from jieli.understanding.models.averaging.words import Words
from jieli.understanding.models.port import EMOTIONS, LABELS, Reading

_REMEMBERED = 20_000  # context lines


class AveragingModel:
    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.network = artifact.network
        self.words = Words(artifact.buckets, artifact.idf)
        self._met: dict[str, Floats] = {}  # means of context lines: each comes back with the turns after it

    @property
    def version(self) -> str:
        return str(self.artifact.header["version"])

    def read(self, turns: Sequence[Turn]) -> Reading:
        if not turns:
            return Reading(np.zeros((0, len(LABELS)), np.float32), np.zeros((0, len(EMOTIONS)), np.float32))
        scores = self.network.scores(self.inputs(turns))
        intents, emotions = scores[:, : len(LABELS)], scores[:, len(LABELS) :]
        made = self.artifact
        return Reading(softmax(intents * np.float32(made.sharpness)), softmax(emotions + made.tilt))

    def inputs(self, turns: Sequence[Turn]) -> Floats:
        """A row per turn as `network` takes it."""
        texts = [normalise(turn.text) for turn in turns]
        contexts = [around(turn) for turn in turns]
        spoken = (line for context in contexts for place in context.lines for line in place)
        means, met = self._means(texts, spoken)
        width = means.shape[1]
        lines = np.zeros((len(turns), LINES, width), dtype=np.float32)
        lines[:, 0] = means
        for row, context in enumerate(contexts):
            for place, several in enumerate(context.lines, start=1):
                for line in several:
                    lines[row, place] += met[line] / len(several)
        return np.concatenate((lines.reshape(len(turns), -1), flags(turns, texts, contexts)), axis=1)

    def _means(self, texts: Sequence[str], lines: Iterable[str]) -> tuple[Floats, dict[str, Floats]]:
        """The means of the normalised `texts`, and those of the context lines, from memory where they were met lately."""
        met = self._met
        means = {line: met.get(line) for line in lines}
        new = [line for line, mean in means.items() if mean is None]
        found: Floats = self.words.matrix([*texts, *map(normalise, new)]) @ self.network.vectors
        learnt = dict(zip(new, found[len(texts) :], strict=True))
        if len(met) + len(new) > _REMEMBERED:
            self._met = learnt  # replaced, never emptied: another thread may be reading the old one
        else:
            met.update(learnt)
        return found[: len(texts)], {
            line: learnt[line] if mean is None else mean for line, mean in means.items()
        }

    def evidence(self, turn: Turn, intent: Intent, *, limit: int) -> tuple[Evidence, ...]:
        """Of the message's words, and of the line it answers where that spoke for the intent, too."""
        (row,) = self.inputs([turn])
        pull = self.network.pull(row, LABELS.index(intent))
        width = self.network.vectors.shape[1]
        context: Around = around(turn)
        weight = self._pieces(normalise(turn.text), pull[:width])
        weight |= {
            f"…{piece}": value
            for piece, value in self._pieces(normalise(context.theirs), pull[width : 2 * width]).items()
        }
        ranked = sorted(weight.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Evidence(piece, round(value, 3)) for piece, value in ranked[:limit] if value > 0)

    def _pieces(self, text: str, pull: Floats) -> dict[str, float]:
        """How much each gram of a line moved the score."""
        found = grams([text])
        slot = self.words.slots(found)
        values = self.words.matrix([text])
        share = dict(zip(values.indices.tolist(), values.data.tolist(), strict=True))
        weight: dict[str, float] = {}
        for index in np.flatnonzero(slot >= 0):
            start = int(found.start[index]) - 1
            piece = text[max(start, 0) : start + int(found.size[index])].strip()
            if piece:
                moved = share[int(slot[index])] * float(self.network.vectors[slot[index]] @ pull)
                weight[piece] = weight.get(piece, 0.0) + moved
        return weight


@cache
def shipped() -> AveragingModel:
    return AveragingModel(load())

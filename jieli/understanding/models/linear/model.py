"""Inference: one hashing pass and two matrix products for a whole batch."""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from jieli.understanding.contracts import Evidence, Intent, Turn
from jieli.understanding.models.linear.artifact import Artifact, load
from jieli.understanding.models.linear.concepts import lookup, words
from jieli.understanding.models.linear.context import Floats, around, dense
from jieli.understanding.models.linear.ngrams import BITS, Grams, grams
from jieli.understanding.models.linear.normalise import normalise
from jieli.understanding.models.port import EMOTIONS, LABELS, Reading


def softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _product(rows: Floats, weights: Floats) -> Floats:
    """In slices below the size from which BLAS wakes its threads: they would spin on cores that others need."""
    slices = [rows[start : start + _SLICE] @ weights for start in range(0, len(rows), _SLICE)]
    return np.concatenate(slices)


_SLICE = 16
REMEMBERED = 20_000  # context lines
CONCEPT_WEIGHT = 0.8


class Words:
    """Texts → rows of idf-weighted, length-normalised gram counts over the kept buckets, then concepts present or not."""

    def __init__(self, buckets: NDArray[np.uint32], idf: Floats) -> None:
        self._slot = np.full(1 << BITS, -1, dtype=np.int32)
        self._slot[buckets] = np.arange(len(buckets), dtype=np.int32)
        self._idf = idf
        self._concepts = len(words())

    def slots(self, found: Grams) -> NDArray[np.int32]:
        """The row of `weights` for each gram, -1 for one that was never kept."""
        return self._slot[found.bucket]

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        found = grams(texts)
        slot = self.slots(found)
        known = slot >= 0
        slot, row = slot[known], found.row[known]
        value: NDArray[np.floating] = self._idf[slot]
        norm = np.sqrt(np.bincount(row, weights=value * value, minlength=len(texts)))
        value = value / np.maximum(norm, 1e-6)[row]
        concept, its_row = self._meant(found)
        many = np.bincount(its_row, minlength=len(texts))
        row = np.concatenate((row, its_row))
        slot = np.concatenate((slot, concept + len(self._idf)))
        value = np.concatenate((value, CONCEPT_WEIGHT / np.sqrt(np.maximum(many, 4))[its_row]))
        order = np.argsort(row, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(texts)))))
        return csr_matrix(
            (value[order].astype(np.float32), slot[order].astype(np.int32), starts.astype(np.int32)),
            shape=(len(texts), len(self._idf) + self._concepts),
        )

    def _meant(self, found: Grams) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(concept, row) of every concept that a row speaks of, each once."""
        meaning = lookup()[found.bucket]
        spoken = meaning >= 0
        rows = np.repeat(found.row, meaning.shape[1])[spoken.ravel()].astype(np.int64)
        told = np.unique(rows * self._concepts + meaning[spoken])
        return told % self._concepts, told // self._concepts


class LinearModel:
    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.words = Words(artifact.buckets, artifact.idf)
        self._met: dict[
            str, Floats
        ] = {}  # topics of context lines: each comes back with the next turns of its conversation

    @property
    def version(self) -> str:
        return str(self.artifact.header["version"])

    def scores(self, texts: Sequence[str]) -> Floats:
        """Of normalised texts, without context: columns LABELS, then EMOTIONS. An empty text gets the bias alone."""
        product: Floats = self.words.matrix(texts) @ self.artifact.weights
        return product + self.artifact.bias

    def _topics(self, texts: Sequence[str], lines: Iterable[str]) -> tuple[Floats, dict[str, Floats]]:
        """Scores of the normalised `texts`, and the topics of the context lines, from memory where they were met lately."""
        met = self._met
        topics = {line: met.get(line) for line in lines}
        new = [line for line, topic in topics.items() if topic is None]
        scores = self.scores([*texts, *map(normalise, new)])
        learnt = dict(zip(new, softmax(scores[len(texts) :, : len(LABELS)]), strict=True))
        if len(met) + len(new) > REMEMBERED:
            self._met = learnt  # replaced, never emptied: another thread may be reading the old one
        else:
            met.update(learnt)
        return scores[: len(texts)], {
            line: learnt[line] if topic is None else topic for line, topic in topics.items()
        }

    def features(self, turns: Sequence[Turn]) -> tuple[Floats, Floats]:
        """Of the context layer, and the scores of the emotions."""
        texts = [normalise(turn.text) for turn in turns]
        contexts = [around(turn) for turn in turns]
        scores, met = self._topics(texts, (line for context in contexts for line in context.lines))
        theirs, own, older = (np.zeros((len(turns), len(LABELS)), dtype=np.float32) for _ in range(3))
        for row, context in enumerate(contexts):
            if context.theirs:
                theirs[row] = met[context.theirs]
            if context.own:
                own[row] = met[context.own]
            known = [met[line] for line in context.older if line]
            if known:
                older[row] = sum(known) / len(known)
        replies = [context.theirs for context in contexts]
        topics = scores[:, : len(LABELS)]
        return dense(turns, texts, replies, (theirs, own, older), topics), scores[:, len(LABELS) :]

    def read(self, turns: Sequence[Turn]) -> Reading:
        if not turns:
            return Reading(np.zeros((0, len(LABELS)), np.float32), np.zeros((0, len(EMOTIONS)), np.float32))
        features, moods = self.features(turns)
        return Reading(
            softmax(_product(features, self.artifact.around) + self.artifact.around_bias), softmax(moods)
        )

    def evidence(self, turn: Turn, intent: Intent, *, limit: int) -> tuple[Evidence, ...]:
        """Of the words; grams are merged into the longest stretch that speaks for the intent."""
        text = normalise(turn.text)
        found = grams([text])
        slot = self.words.slots(found)
        column = self.artifact.weights[:, LABELS.index(intent)]
        weight: dict[str, float] = {}
        for index in np.flatnonzero(slot >= 0):
            start = int(found.start[index]) - 1
            piece = text[max(start, 0) : start + int(found.size[index])]
            if piece.strip():
                value = float(column[slot[index]] * self.artifact.idf[slot[index]])
                weight[piece] = weight.get(piece, 0.0) + value
        ranked = sorted(weight.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Evidence(piece, round(value, 3)) for piece, value in ranked[:limit] if value > 0)


@cache
def shipped() -> LinearModel:
    return LinearModel(load())

"""Texts as weighted grams: the rows that the network averages."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from jieli.understanding.models.averaging.concepts import lookup, words
from jieli.understanding.models.averaging.network import Floats
from jieli.understanding.models.averaging.ngrams import BITS, Grams, grams

_CONCEPT = 0.4


class Words:
    """Normalised texts → rows of idf-weighted gram counts of length 1 over the kept buckets, then their concepts."""

    def __init__(self, buckets: NDArray[np.uint32], idf: Floats) -> None:
        self._slot = np.full(1 << BITS, -1, dtype=np.int32)
        self._slot[buckets] = np.arange(len(buckets), dtype=np.int32)
        self._idf = idf
        self._concepts = len(words())

    @property
    def width(self) -> int:
        return len(self._idf) + self._concepts

    def slots(self, found: Grams) -> NDArray[np.int32]:
        """The row of `vectors` for each gram, -1 for one that was never kept."""
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
        value = np.concatenate((value, _CONCEPT / np.sqrt(np.maximum(many, 4))[its_row]))
        order = np.argsort(row, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(texts)))))
        return csr_matrix(
            (value[order].astype(np.float32), slot[order].astype(np.int32), starts.astype(np.int32)),
            shape=(len(texts), self.width),
        )

    def _meant(self, found: Grams) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(concept, row) of every concept that a row speaks of, each once."""
        meaning = lookup()[found.bucket]
        spoken = meaning >= 0
        rows = np.repeat(found.row, meaning.shape[1])[spoken.ravel()].astype(np.int64)
        told = np.unique(rows * self._concepts + meaning[spoken])
        return told % self._concepts, told // self._concepts

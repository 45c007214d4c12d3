"""Character n-grams as sparse vectors: finds the question that was asked in other words, spelling or order."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_DROPPED = dict.fromkeys(map(ord, " \t\n\r，。！？、；：,.!?;:~～…\"'“”‘’()（）【】[]《》<>-—_*#`|/"))
_LONGEST = 200
_LONGEST_BODY = 4000


def normal(text: str, *, longest: int = _LONGEST) -> str:
    """Folded to one width and case, without blanks and punctuation; what is longer is cut (a message, not a book)."""
    return unicodedata.normalize("NFKC", text[: longest * 2]).casefold().translate(_DROPPED)[:longest]


def grams(text: str) -> list[str]:
    """Single characters, pairs and triples of a normal text."""
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    triples = [text[i : i + 3] for i in range(len(text) - 2)]
    return [*text, *pairs, *triples]


class Grams:
    """Texts as rows of a TF-IDF matrix, each of an owner (an article's place); compares queries with all of them."""

    def __init__(self, texts: Sequence[str], owners: Sequence[int]) -> None:
        self._owner = np.asarray(owners, dtype=np.intp)
        self._owners_count = max(owners, default=-1) + 1
        counted = [Counter(grams(normal(text))) for text in texts]
        seen: Counter[str] = Counter()
        for counts in counted:
            seen.update(counts.keys())
        self._column = {gram: column for column, gram in enumerate(seen)}
        self._idf = {gram: log((1 + len(texts)) / (1 + n)) + 1 for gram, n in seen.items()}
        self._unseen = log(1 + len(texts)) + 1
        self._columns_first = self._matrix(counted).T.tocsr()

    def _matrix(self, counted: Sequence[Counter[str]]) -> Any:  # scipy ships no types
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for counts in counted:
            weights = {gram: n * self._idf.get(gram, self._unseen) for gram, n in counts.items()}
            length = sqrt(sum(w * w for w in weights.values())) or 1.0
            for gram, weight in weights.items():
                if (column := self._column.get(gram)) is not None:
                    columns.append(column)
                    data.append(weight / length)
            ends.append(len(columns))
        shape = (len(counted), len(self._column))
        return sparse.csr_matrix((np.asarray(data, dtype=np.float32), columns, ends), shape=shape)

    def nearest(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Array [queries, owners]: the cosine to the nearest text of each owner. What a query holds that no text
        holds makes it less like all of them."""
        found = self._matrix([Counter(grams(normal(query))) for query in queries]) @ self._columns_first
        best = np.zeros((len(queries), self._owners_count), dtype=np.float32)
        for row, (start, end) in enumerate(pairwise(found.indptr)):
            np.maximum.at(best[row], self._owner[found.indices[start:end]], found.data[start:end])
        return best


class Pairs:
    """Which character pairs each text holds; `shares` says how much of a query a text speaks of."""

    def __init__(self, texts: Sequence[str]) -> None:
        held = [set(_pairs(normal(text, longest=_LONGEST_BODY))) for text in texts]
        seen = Counter(pair for pairs in held for pair in pairs)
        self._column = {pair: column for column, pair in enumerate(seen)}
        self._idf = {pair: log(1 + len(texts) / n) for pair, n in seen.items()}
        self._unseen = log(1 + len(texts))
        columns = [self._column[pair] for pairs in held for pair in pairs]
        ends = np.cumsum([0, *(len(pairs) for pairs in held)])
        ones = np.ones(len(columns), dtype=np.float32)
        self._pairs_first = sparse.csr_matrix((ones, columns, ends), shape=(len(texts), len(seen))).T.tocsr()

    def shares(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Array [queries, texts], 0..1, weighted by how rare a pair is."""
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for query in queries:
            weights = {pair: self._idf.get(pair, self._unseen) for pair in _pairs(normal(query))}
            total = sum(weights.values()) or 1.0
            known = [(self._column[pair], w / total) for pair, w in weights.items() if pair in self._column]
            columns += [column for column, _ in known]
            data += [weight for _, weight in known]
            ends.append(len(columns))
        matrix = sparse.csr_matrix((data, columns, ends), shape=(len(queries), len(self._column)))
        return np.asarray((matrix @ self._pairs_first).toarray(), dtype=np.float32)


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]

"""Words that mean the same, as features: a hashed gram that is such a word also counts as its concept.

A hand-written stand-in for word vectors: the corpus teaches what a concept means for one of its words, and the others
follow. It costs no pass over the text, since the grams are hashed anyway.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jieli.understanding.models.averaging.ngrams import BITS, grams

_FILE = Path(__file__).with_name("concepts.tsv")
REACH = 3  # characters of the longest gram


@cache
def digest() -> str:
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()


@cache
def words() -> dict[str, tuple[str, ...]]:
    rows = (row for row in _FILE.read_text(encoding="utf-8").splitlines() if row and not row.startswith("#"))
    return {name: tuple(listed.split()) for name, _, listed in (row.partition("\t") for row in rows)}


@cache
def table() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(bucket, concept) pairs, ascending by bucket; a word may belong to several concepts."""
    pairs = {
        (bucket_of(word), number)
        for number, listed in enumerate(words().values())
        for word in listed
        if len(word) <= REACH
    }
    ordered = np.array(sorted(pairs), dtype=np.int32)
    return ordered[:, 0], ordered[:, 1]


def bucket_of(word: str) -> int:
    """The bucket of the word where it stands inside a text."""
    found = grams([word])
    whole = np.flatnonzero((found.size == len(word)) & (found.start == 1))
    return int(found.bucket[whole[0]]) % (1 << BITS)


@cache
def lookup() -> NDArray[np.int32]:
    """Row per bucket, up to three concepts of it; -1 where there are fewer."""
    found = np.full((1 << BITS, 3), -1, dtype=np.int32)
    for bucket, concept in zip(*table(), strict=True):
        free = np.flatnonzero(found[bucket] < 0)
        if len(free):
            found[bucket, free[0]] = concept
    return found

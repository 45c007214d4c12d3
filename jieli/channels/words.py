"""Sensitive words: found whatever the case or width of the letters, with the place where they stand."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from jieli.channels.contracts import WordHit


def folded(text: str) -> str:
    """Same length as `text`: lower case, full-width letters and digits made half-width."""
    return "".join(map(_fold, text))


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).lower()
    return plain if len(plain) == 1 else char


class Matcher:
    """Built once from {word: blocks}; the longest word wins where several begin at one place."""

    def __init__(self, words: Mapping[str, bool]) -> None:
        self._blocks = {folded(word): (word, blocks) for word, blocks in words.items() if word.strip()}
        longest_first = sorted(self._blocks, key=len, reverse=True)
        self._find = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def find(self, text: str) -> tuple[WordHit, ...]:
        if self._find is None or not text:
            return ()
        return tuple(
            WordHit(*self._named(match.group(), match.start())) for match in self._find.finditer(folded(text))
        )

    def _named(self, found: str, at: int) -> tuple[str, int, bool]:
        word, blocks = self._blocks[found]
        return word, at, blocks

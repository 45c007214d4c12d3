"""Names that are nearly written right: one character wrong or missing."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import rjieba

_TABLE = Path(__file__).with_name("syllables.tsv")
_LEAST, _MOST = 4, 14  # characters of a name that may have a mistake
_COMMON = frozenset("的了我你您这那个台是有在和大小新老好要买想看用吗呢不没")
_SAME_EAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("h", "f"))
_SAME_END = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def _sounds() -> dict[str, str]:
    """Character → how it sounds to those who do not tell zh from z, n from l and in from ing."""
    sounds = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, chars = line.split("\t")
            sounds.update(dict.fromkeys(chars, _heard(syllable)))
    return sounds


def _heard(syllable: str) -> str:
    for written, heard in _SAME_EAR:
        if syllable.startswith(written):
            syllable = heard + syllable.removeprefix(written)
            break
    for written, heard in _SAME_END:
        if syllable.endswith(written):
            return syllable.removesuffix(written) + heard
    return syllable


def alike(one: str, other: str) -> bool:
    """Whether the two characters are read alike."""
    sounds = _sounds()
    return one in sounds and sounds[one] == sounds.get(other)


class Speller:
    """Finds names at a distance of one, by what is left of them without one character.

    A mistake leaves the first or the last two characters whole, so only stretches beside such a pair are looked at.
    """

    def __init__(self, names: list[str]) -> None:
        self.heads: dict[str, list[int]] = {}
        self.ends: dict[str, list[int]] = {}
        self._without: dict[str, list[str]] = defaultdict(list)
        heads, ends = defaultdict(set), defaultdict(set)
        for name in names:
            if _LEAST <= len(name) <= _MOST and any(char > "\u4e00" for char in name):
                heads[name[:2]].add(len(name))
                ends[name[-2:]].add(len(name))
                for place in range(len(name)):
                    self._without[name[:place] + name[place + 1 :]].append(name)
        self.heads = {pair: sorted(sizes, reverse=True) for pair, sizes in heads.items()}
        self.ends = {pair: sorted(sizes, reverse=True) for pair, sizes in ends.items()}

    def near(self, stretch: str) -> str:
        """The name that the stretch is meant to be; empty if none or more than one."""
        found = {name for name in self._without.get(stretch, ()) if _missing_inside(name, stretch)}
        for place in range(len(stretch)):
            rest = stretch[:place] + stretch[place + 1 :]
            for name in self._without.get(rest, ()):
                if (
                    len(name) == len(stretch)
                    and name[:place] + name[place + 1 :] == rest
                    and _slip(name, stretch, place)
                ):
                    found.add(name)
        return found.pop() if len(found) == 1 else ""


def _missing_inside(name: str, stretch: str) -> bool:
    """Not the first or last character, and no figure: those tell products apart."""
    place = next((i for i, char in enumerate(stretch) if char != name[i]), len(stretch))
    return (
        0 < place < len(stretch)
        and len(stretch) >= _LEAST - 1
        and not (name[place].isascii() and name[place].isalnum())
    )


def _slip(name: str, stretch: str, place: int) -> bool:
    """Whether a wrong character is a slip: read alike, or in the middle of the name and making no other word."""
    wrong, right = stretch[place], name[place]
    if wrong == right or wrong < "\u4e00" or right < "\u4e00":
        return False
    if alike(wrong, right):
        return True
    return 0 < place < len(name) - 1 and wrong not in _COMMON and not in_word(stretch, place, name)


def in_word(stretch: str, place: int, name: str) -> bool:
    """Whether the character belongs to a word of the dictionary that the name does not have."""
    at = 0
    for word in rjieba.cut(stretch, False):
        if at <= place < at + len(word):
            return len(word) > 1 and word not in name
        at += len(word)
    return False

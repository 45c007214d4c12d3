"""The brand's products in a text, by name, alias or SKU."""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator

import rjieba

from jieli.understanding.contracts import Entity, EntityKind, Lexicon
from jieli.understanding.entities.spelling import Speller

_BUILT = 32  # brands whose matchers are kept
_CANDIDATES = 5  # SKUs named for a word that several share
_AROUND = 4  # characters on both sides that show whether a short name is a piece of other words
_CODE = re.compile(r"(?<![0-9A-Za-z\-])[A-Za-z]{1,8}[- ]?[0-9][0-9A-Za-z]*(?:[-/ ]?[0-9A-Za-z]+){0,4}")
_CODE_HINT = re.compile(r"[A-Za-z][- ]?[0-9]")
_PIECES = re.compile(r"[A-Z]+|[0-9]+")
_SHORTEST_CODE = 4


class Matcher:
    """Looks words up by their first two characters; the longest word wins, then codes, then names with a slip."""

    def __init__(self, lexicon: Lexicon) -> None:
        words: dict[str, tuple[EntityKind, list[str]]] = {}
        codes: dict[str, list[str]] = defaultdict(list)
        for sku, names in sorted(lexicon.products.items()):
            words[sku.lower()] = (EntityKind.SKU, [sku])
            for code in {code for name in (sku, *names) for code in codes_of(name)}:
                codes[code].append(sku)
            for name in names:
                kind, skus = words.setdefault(name.lower(), (EntityKind.PRODUCT, []))
                if kind is EntityKind.PRODUCT and sku not in skus:
                    skus.append(sku)
        self._values = {word: (kind, "|".join(skus[:_CANDIDATES])) for word, (kind, skus) in words.items()}
        self._codes = {code: skus[:_CANDIDATES] for code, skus in codes.items()}
        starts: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words, key=len, reverse=True):
            starts[word[:2]].append(word)
        self._starts = {pair: tuple(found) for pair, found in starts.items() if len(pair) == 2}
        self._speller = Speller([word for word, (kind, _) in words.items() if kind is EntityKind.PRODUCT])

    def find(self, text: str) -> Iterator[Entity]:
        lowered = text.lower()
        if len(lowered) != len(text) or not self._starts:
            return
        free, at = 0, 0
        for at, word in self._exact(lowered):
            yield from self._near(text, lowered, free, at)
            yield self._entity(text, at, at + len(word), word)
            free = at + len(word)
        yield from self._near(text, lowered, free, len(text))
        if _CODE_HINT.search(text):
            yield from self._coded(text)

    def _entity(self, text: str, start: int, end: int, word: str) -> Entity:
        kind, value = self._values[word]
        return Entity(kind, text[start:end], value, start, end)

    def _exact(self, lowered: str) -> Iterator[tuple[int, str]]:
        at, end, starts = 0, len(lowered) - 1, self._starts
        while at < end:
            for word in starts.get(lowered[at : at + 2], ()):
                if lowered.startswith(word, at) and whole(lowered, at, at + len(word)):
                    yield at, word
                    at += len(word) - 1
                    break
            at += 1

    def _near(self, text: str, lowered: str, start: int, end: int) -> Iterator[Entity]:
        """Names with a slip in the stretch that no exact name covers."""
        heads, ends, at = self._speller.heads, self._speller.ends, start
        while at < end - 1:
            pair = lowered[at : at + 2]
            found = 0
            for size in heads.get(pair, ()):
                found = (
                    found
                    or self._try(lowered, at, at + size, end)
                    or self._try(lowered, at, at + size - 1, end)
                )
            if found:
                yield self._entity(text, at, found, self._speller.near(lowered[at:found]))
                at = found - 1
            elif pair in ends:
                yield from self._ending(text, lowered, start, at + 2)
            at += 1

    def _ending(self, text: str, lowered: str, start: int, end: int) -> Iterator[Entity]:
        for size in self._speller.ends[lowered[end - 2 : end]]:
            for begin in (end - size, end - size + 1):
                if begin >= start and self._try(lowered, begin, end, end):
                    yield self._entity(text, begin, end, self._speller.near(lowered[begin:end]))
                    return

    def _try(self, lowered: str, start: int, stop: int, end: int) -> int:
        """`stop` if a name with a slip stands there, else 0."""
        return stop if stop <= end and stop - start >= 3 and self._speller.near(lowered[start:stop]) else 0

    def _coded(self, text: str) -> Iterator[Entity]:
        """Model codes whatever their case and dashes; a shortened one means all that begin so."""
        for match in _CODE.finditer(text):
            for end in _ends(match):
                skus = self._codes.get(re.sub(r"[^0-9A-Z]", "", text[match.start() : end].upper()))
                if skus:
                    kind = EntityKind.SKU if len(skus) == 1 else EntityKind.PRODUCT
                    yield Entity(kind, text[match.start() : end], "|".join(skus), match.start(), end)
                    break


def _ends(match: re.Match[str]) -> Iterator[int]:
    """Where the code may end: all of it, or before a blank or a dash further on."""
    yield match.end()
    for place in range(len(match[0]) - 1, 2, -1):
        if match[0][place] in " -/":
            yield match.start() + place


def codes_of(name: str) -> set[str]:
    """A name's code without dashes, and what it is shortened to: KFR-35GW is KFR35GW, KFR35, 35GW is not (it has no letters first).

    Shortened forms begin at a dash and end where letters and figures change, with both and at least four in them.
    """
    if not name.isascii() or not _CODE_HINT.search(name) or len(name.split()) > 2:
        return set()
    parts = [part for part in re.split(r"[-/ ]", name.upper()) if part]
    found = set()
    for begin in range(len(parts)):
        so_far = ""
        for part in parts[begin:]:
            for piece in _PIECES.findall(part):
                so_far += piece
                found.add(so_far)
    return {
        code
        for code in found
        if len(code) >= _SHORTEST_CODE and code[0].isalpha() and any(map(str.isdigit, code))
    }


def whole(text: str, start: int, end: int) -> bool:
    """Latin words and codes must not be cut out of longer ones, nor short Chinese names out of two other words."""
    if start and _latin(text[start]) and _latin(text[start - 1]):
        return False
    if end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
        return False
    return end - start > 2 or text[start].isascii() or _apart(text, start, end)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _apart(text: str, start: int, end: int) -> bool:
    """Whether words begin and end where the name does, or a longer word ends with it (中央空调)."""
    at = max(0, start - _AROUND)
    for word in rjieba.cut(text[at : end + _AROUND]):
        stop = at + len(word)
        if at < start < stop < end or at <= start < end < stop or start < at < end < stop:
            return False
        at = stop
    return True


_matchers: OrderedDict[int, tuple[Lexicon, Matcher]] = OrderedDict()


def matcher(lexicon: Lexicon) -> Matcher:
    """Cached by the lexicon's identity; the cache holds the lexicon, so that its id is never reused meanwhile."""
    kept = _matchers.get(id(lexicon))
    if kept is None:
        kept = _matchers[id(lexicon)] = (lexicon, Matcher(lexicon))
        while len(_matchers) > _BUILT:
            _matchers.popitem(last=False)
    return kept[1]

"""The brand's products in a text, by name, alias or SKU."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind, Lexicon

_BUILT = 32  # brands whose matchers are kept
_CANDIDATES = 5  # SKUs named for a word that several share


class Matcher:
    """Looks words up by their first two characters; the longest word wins."""

    def __init__(self, lexicon: Lexicon) -> None:
        words: dict[str, tuple[EntityKind, list[str]]] = {}
        for sku, names in sorted(lexicon.products.items()):
            words[sku.lower()] = (EntityKind.SKU, [sku])
            for name in names:
                kind, skus = words.setdefault(name.lower(), (EntityKind.PRODUCT, []))
                if kind is EntityKind.PRODUCT and sku not in skus:
                    skus.append(sku)
        self._starts: dict[str, list[tuple[str, EntityKind, str]]] = defaultdict(list)
        for word, (kind, skus) in words.items():
            if len(word) >= 2:
                self._starts[word[:2]].append((word, kind, "|".join(skus[:_CANDIDATES])))
        for found in self._starts.values():
            found.sort(key=lambda each: -len(each[0]))
        self._starts = dict(self._starts)

    def find(self, text: str) -> Iterator[Entity]:
        lowered, at, end = text.lower(), 0, len(text) - 1
        if len(lowered) != len(text) or not self._starts:
            return
        starts = self._starts
        while at < end:
            for word, kind, value in starts.get(lowered[at : at + 2], ()):
                if lowered.startswith(word, at) and _whole(lowered, at, at + len(word)):
                    yield Entity(kind, text[at : at + len(word)], value, at, at + len(word))
                    at += len(word) - 1
                    break
            at += 1


def _whole(text: str, start: int, end: int) -> bool:
    """Latin words and codes must not be cut out of longer ones."""
    before = (
        start
        and text[start].isascii()
        and text[start].isalnum()
        and text[start - 1].isascii()
        and text[start - 1].isalnum()
    )
    after = (
        end < len(text)
        and text[end - 1].isascii()
        and text[end - 1].isalnum()
        and text[end].isascii()
        and text[end].isalnum()
    )
    return not before and not after


_matchers: OrderedDict[int, tuple[Lexicon, Matcher]] = OrderedDict()


def matcher(lexicon: Lexicon) -> Matcher:
    """Cached by the lexicon's identity; the cache holds the lexicon, so that its id is never reused meanwhile."""
    kept = _matchers.get(id(lexicon))
    if kept is None:
        kept = _matchers[id(lexicon)] = (lexicon, Matcher(lexicon))
        while len(_matchers) > _BUILT:
            _matchers.popitem(last=False)
    return kept[1]

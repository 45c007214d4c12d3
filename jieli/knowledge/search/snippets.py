"""The part of an article's body that a query is about."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

_SENTENCES = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MARKUP = re.compile(r"(^|\n)[#>\-*\s]+|\*\*|`")
LENGTH = 120


def plain(markdown: str) -> str:
    """Markdown as a message can carry it: no marks, lines kept, each row of a table as a line with its headings."""
    told = "\n".join(_without_tables(markdown.splitlines()))
    return re.sub(r"\n{2,}", "\n", _MARKUP.sub(lambda m: "\n" if m[1] else "", told)).strip()


def _without_tables(lines: Iterable[str]) -> Iterator[str]:
    headings: list[str] = []
    for line in lines:
        if not line.lstrip().startswith("|"):
            headings = []
            yield line
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not headings:
            headings = cells
        elif not all(set(cell) <= set("-: ") for cell in cells):
            first, *others = (f"{name} {cell}".strip() for name, cell in zip(headings, cells, strict=False))
            yield f"{first}：{'，'.join(others)}"


def sentences(body: str) -> tuple[str, ...]:
    return tuple(said for m in _SENTENCES.finditer(plain(body)) if (said := m[0].strip()))


def cut(said: Sequence[str], words: Collection[str], *, length: int = LENGTH) -> str:
    """From the sentence that holds most of the words, up to `length` characters."""
    if not said:
        return ""
    best = max(range(len(said)), key=lambda i: (sum(word in said[i] for word in words), -i))
    taken = said[best]
    for sentence in said[best + 1 :]:
        if len(taken) + len(sentence) > length:
            break
        taken += sentence
    return taken if len(taken) <= length else taken[: length - 1] + "…"

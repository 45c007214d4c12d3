"""What changed between two versions, line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from jieli.knowledge.contracts import LOCALES, Change, DiffLine, FieldDiff, Text, Version

_EMPTY = Text("", "")


def between(old: Version, new: Version) -> list[FieldDiff]:
    """Only what differs; unchanged lines of a changed field are there for orientation."""
    found = []
    for locale in LOCALES:
        before, after = old.texts.get(locale, _EMPTY), new.texts.get(locale, _EMPTY)
        fields = (
            ("title", [before.title], [after.title]),
            ("body", before.body.splitlines(), after.body.splitlines()),
            ("questions", list(before.questions), list(after.questions)),
        )
        found += [FieldDiff(f"{locale}.{name}", tuple(_lines(a, b))) for name, a, b in fields if a != b]
    return found


def _lines(before: list[str], after: list[str]) -> Iterator[DiffLine]:
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (DiffLine(Change.SAME, line) for line in before[i:j])
            continue
        yield from (DiffLine(Change.REMOVED, line) for line in before[i:j] if line)
        yield from (DiffLine(Change.ADDED, line) for line in after[k:m] if line)

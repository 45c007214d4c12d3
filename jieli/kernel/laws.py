"""The nine laws (docs/glossary.md) as audits over the whole database; `jieli check` runs them all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

TITLES = {
    1: "Nothing is dropped",
    2: "Nothing is lost or doubled",
    3: "Nothing is asked twice",
    4: "Nothing is invented",
    5: "Nothing is unexplained",
    6: "Nothing is irreversible by accident",
    7: "Nothing leaves without permission",
    8: "Nothing private is shown by default",
    9: "Every number drills down",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One row that breaks a law: which table, which row, and what is wrong in words."""

    law: int
    audit: str
    subject: str
    what: str


Audit = Callable[[], Iterable[tuple[object, str]]]
_audits: dict[int, list[tuple[str, Audit]]] = {number: [] for number in TITLES}


def audit(law: int, name: str) -> Callable[[Audit], Audit]:
    """Register a check of one law; it yields (row id, what is wrong) for every row that breaks it."""

    def register(find: Audit) -> Audit:
        _audits[law].append((name, find))
        return find

    return register


def breaches() -> Iterator[Breach]:
    for number, audits in _audits.items():
        for name, find in audits:
            for subject, what in find():
                yield Breach(number, name, str(subject), what)


def audits() -> dict[int, list[str]]:
    return {number: [name for name, _ in found] for number, found in _audits.items()}

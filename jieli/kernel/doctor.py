"""`jieli doctor`: what is misconfigured, and how to mend it. Each module adds its own examinations."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` says what to do, in one sentence; empty when all is well."""

    health: Health
    what: str
    mend: str = ""


Examination = Callable[[], Iterable[Finding]]
_examinations: list[Examination] = []


def examines(examination: Examination) -> Examination:
    _examinations.append(examination)
    return examination


def examine() -> Iterator[Finding]:
    for examination in _examinations:
        try:
            yield from examination()
        except Exception as error:  # noqa: BLE001 - a broken part must not hide the others' findings
            yield Finding(
                Health.BROKEN,
                f"{examination.__module__}: {error}",
                "See the log; mend what it names, then run again.",
            )

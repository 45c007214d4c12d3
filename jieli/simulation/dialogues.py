"""Recorded dialogues, one message a line, tab-separated as the JDDC sample has them:

session, customer, sent by the agent (1) or the customer (0), two flags, SKU or nan, text
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

EXAMPLE = Path(__file__).parent / "example_dialogues.txt"
_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class Turn:
    """`index` counts all turns of the session from 0, the agents' too."""

    index: int
    text: str
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A session's customer turns, in their order."""

    session: str
    customer: str
    turns: tuple[Turn, ...]


def read(path: Path) -> Iterator[Dialogue]:
    """Sessions in the file's order. Raises `ValueError` naming the line that is not of this shape."""
    with path.open(encoding="utf-8") as file:
        rows = (_columns(line, number) for number, line in enumerate(file, 1) if line.strip())
        for (session, customer), group in groupby(rows, key=lambda row: (row[0], row[1])):
            turns = tuple(
                Turn(index, row[6], "" if row[5] == "nan" else row[5])
                for index, row in enumerate(group)
                if row[2] == "0"
            )
            if turns:
                yield Dialogue(session, customer, turns)


def _columns(line: str, number: int) -> list[str]:
    columns = line.rstrip("\r\n").split("\t", _COLUMNS - 1)
    if len(columns) != _COLUMNS or columns[2] not in ("0", "1"):
        raise ValueError(f"line {number} has not the seven columns of a dialogue")
    return columns

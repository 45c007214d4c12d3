"""Reads the corpus: sections of one intent, one utterance a line; CARD.md describes the notation."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jieli.understanding.contracts import Emotion, Intent, PreviousTurn
from jieli.understanding.corpus import sessions
from jieli.understanding.corpus.sessions import EMOTION_MARKS, Example
from jieli.understanding.errors import CorpusInvalid

FOLDER = Path(__file__).parent
BLOCK = 6  # neighbouring lines were written in one breath: a block stays together on one side of every split


@dataclass(frozen=True, slots=True)
class Line:
    """`block` names the neighbours of the line; `previous` is the written context, () when it needs none."""

    text: str
    intent: Intent
    second: tuple[Intent, ...]
    emotion: Emotion
    previous: tuple[PreviousTurn, ...]
    block: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """`said` are customers' lines; `follow_ups` stay on the topic before them; `replies` are agents' lines by topic;
    `talks` are the turns of whole sessions, as they were written."""

    said: tuple[Line, ...]
    follow_ups: tuple[Line, ...]
    replies: tuple[tuple[str, str], ...]
    slots: dict[str, tuple[str, ...]]
    talks: tuple[Example, ...]
    digest: str


def _context(written: str) -> tuple[PreviousTurn, ...]:
    pieces = [piece.strip() for piece in written.split(" | ") if piece.strip()]
    return tuple(
        PreviousTurn("customer" if piece[0] == "<" else "agent", piece[1:].strip()) for piece in pieces
    )


def _sections(path: Path) -> Iterator[tuple[int, str, str]]:
    section = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        row = raw.rstrip()
        if row.startswith("## "):
            section = row[3:].strip()
        elif row and not row.startswith("# "):
            yield number, section, row


def _line(path: Path, number: int, section: str, row: str, *, follows: bool = False) -> Line:
    words, _, written = row.partition("\t")
    emotion = EMOTION_MARKS.get(words[:1], Emotion.CALM)
    if emotion is not Emotion.CALM:
        words = words[1:]
    words, *seconds = words.split(" &")
    try:
        return Line(
            text=words.strip(),
            intent=Intent.OTHER if follows else Intent(section),
            second=tuple(Intent(second.strip()) for second in seconds),
            emotion=emotion,
            previous=_context(written),
            block=f"{path.stem}/{section}/{number // BLOCK}",
        )
    except (ValueError, IndexError) as error:
        raise CorpusInvalid(f"{path.name}:{number}: {error}") from error


def _single(path: Path) -> Iterator[Line]:
    """Messages that stand alone, or behind one line of the other side: labels, text, that line, parted by tabs."""
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not row.strip() or row.startswith("# "):
            continue
        head, _, said = row.partition("\t")
        text, _, before = said.partition("\t")
        try:
            if not text.strip():
                raise ValueError("no text behind the tab")
            (intent, *second), _, emotion = sessions.labels(head)
        except ValueError as error:
            raise CorpusInvalid(f"{path.name}:{number}: {error}") from error
        previous = (
            (PreviousTurn("agent" if before[0] == ">" else "bot", before[1:].strip()),) if before else ()
        )
        block = f"{path.stem}/{intent}/{number // BLOCK}"
        yield Line(text.strip(), intent, tuple(second), emotion, previous, block)


def read(folder: Path = FOLDER) -> Corpus:
    """Files are read in the order of their names, so that the same corpus always trains the same model."""
    said: list[Line] = []
    follow_ups: list[Line] = []
    replies: list[tuple[str, str]] = []
    slots: dict[str, list[str]] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.tsv")):
        digest.update(path.read_bytes())
        for number, section, row in _sections(path):
            if path.stem == "replies":
                replies.append((section, row))
            elif path.stem == "slots":
                slots.setdefault(section, []).append(row)
            elif path.stem == "follow_ups":
                follow_ups.append(_line(path, number, section, row, follows=True))
            else:
                said.append(_line(path, number, section, row))
    for path in sorted((folder / "lines").glob("*.txt")):
        digest.update(path.read_bytes())
        said.extend(_single(path))
    for path in sorted((folder / "sessions").glob("*.txt")):
        digest.update(path.read_bytes())
    return Corpus(
        tuple(said),
        tuple(follow_ups),
        tuple(replies),
        {k: tuple(v) for k, v in slots.items()},
        sessions.read(folder / "sessions"),
        digest.hexdigest(),
    )

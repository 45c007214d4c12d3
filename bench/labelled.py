"""Two public sets of labelled Chinese texts, as `bench.learner` reads them; neither is part of this repository.

SMP2017-ECDT task 1 (Zhang et al. 2017, arXiv:1709.10217): commands to a phone or a television, 31 domains.
SMP2020-EWECT, virus part: posts of spring 2020 on Weibo, six emotions.
"""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TASK = "Task1data"
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_LINK = re.compile(r"https?://\S+")
_NAME = re.compile(r"^[^:：]{0,30}[:：]")  # whom a forwarded line is from


class Labelled(NamedTuple):
    """`texts` as they were found, `lines` the same as the learner reads them."""

    texts: tuple[str, ...]
    lines: tuple[str, ...]
    labels: tuple[str, ...]


def smp(source: Path, *parts: str) -> Labelled:
    """The rows of `Task1data/<part>/<part>_<label>.txt` below a folder or in an archive, for these parts."""
    files = sorted(_archived(source) if source.is_file() else _unpacked(source))
    rows = [(row, label) for part, label, held in files if part in parts for row in held.splitlines()]
    rows = [(row.strip(), label) for row, label in rows if row.strip()]
    texts, labels = zip(*rows, strict=True)
    return Labelled(texts, tuple(map(spelt, texts)), labels)


def _archived(source: Path) -> Iterator[tuple[str, str, str]]:
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            if f"{_TASK}/" in name and name.endswith(".txt"):
                yield _told(Path(name), archive.read(name))


def _unpacked(source: Path) -> Iterator[tuple[str, str, str]]:
    return (_told(path, path.read_bytes()) for path in source.rglob(f"{_TASK}/*/*.txt"))


def _told(path: Path, held: bytes) -> tuple[str, str, str]:
    """(part, label, rows) of a file."""
    part = path.parent.name
    return part, path.stem.removeprefix(f"{part}_"), held.decode("utf-8-sig")


def ewect(source: Path) -> Labelled:
    """What somebody wrote and what he or she forwarded, without the names of those it came from."""
    rows = json.loads(source.read_text(encoding="utf-8"))
    texts = tuple(row["content"] for row in rows)
    return Labelled(texts, tuple(map(_post, texts)), tuple(row["label"] for row in rows))


def _post(text: str) -> str:
    own, *forwarded = _LINK.sub("\ue005", text).split("//@")
    return spelt("/".join((own, *(_NAME.sub("", line) for line in forwarded))))


def spelt(text: str) -> str:
    """Half width, lower case, runs of one character cut to two; no masks, which would hide what these sets ask for."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return " ".join(_REPEATED.sub(r"\1\1", plain).split())

"""Trained models as files: their bytes stand in the database, and every machine writes its own copy."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from jieli.kernel.ids import new_id
from jieli.learning.models import Candidate, ModelFile
from jieli.understanding import facade as understanding
from jieli.understanding.errors import ModelUnusable

Model = Any  # what `open_model` returns; its type does not stand at the door of understanding

_ROOM = "train-"
_VERSION = re.compile(r"[\w.-]{1,80}", re.ASCII)


def folder() -> Path:
    made = Path(settings.JIELI_DATA) / "models"
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


@contextmanager
def room() -> Iterator[Path]:
    """An empty folder to train in, gone afterwards; with what trainings left that were cut off, for there is one at a time."""
    for left in folder().glob(f"{_ROOM}*"):
        rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=_ROOM, dir=folder()) as made:
        yield Path(made)


def path_of(version: str) -> Path:
    """Where this machine keeps a model. Raises `ModelUnusable` for a version that is no name of a file."""
    if not _VERSION.fullmatch(version):
        raise ModelUnusable(f"“{version}” cannot be the version of a model")
    return folder() / f"{version}.npz"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def opened(candidate: Candidate) -> Model:
    """The candidate's model, from this machine's copy, which is written if need be. Raises `ModelUnusable`."""
    path = path_of(candidate.version)
    if not path.is_file() or digest(path.read_bytes()) != candidate.sha256:
        write(path, _stored(candidate))
    return understanding.open_model(path)


def _stored(candidate: Candidate) -> bytes:
    row = ModelFile.objects.filter(candidate=candidate).first()
    content = bytes(row.content) if row else b""
    if digest(content) != candidate.sha256:
        raise ModelUnusable(f"what the database keeps of {candidate.version} is not what was trained")
    return content


def write(path: Path, content: bytes) -> None:
    """Whole or not at all: others may be reading."""
    beside = path.with_suffix(f".{new_id().hex}.part")
    beside.write_bytes(content)
    beside.replace(path)

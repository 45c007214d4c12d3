"""`python -m bench.learner`: the learner of intents on two public sets, beside a linear model in the same run.

What is measured is the network and its fitting (`jieli/understanding/models/averaging`), not the shipped model: no other
text, no concepts, no vectors from elsewhere. Grams count by their presence alone; inverse document frequency costs a
point on short texts. How often and with which spread it is fitted was chosen by cross-validation inside the training
parts.
"""

import argparse
import json
import re
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from jieli.understanding.models.averaging import fitting
from jieli.understanding.models.averaging.fitting import Recipe, Rows, Wanted
from jieli.understanding.models.averaging.network import Floats, Network, softmax

SEEDS = 5
SPREAD, SMOOTHED = 0.02, 0.1
SHORT, LONG = (32, 16), (128, 4)  # batch and epochs, for two thousand commands and for nine thousand posts
_TASK = "Task1data"
_FORWARDED = "//@"


class Labelled(NamedTuple):
    """`places[i]` are the i-th text's lines, the same number for each text."""

    places: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]


class Split(NamedTuple):
    name: str
    train: Labelled
    test: Labelled
    batch: int
    epochs: int


def main() -> None:
    asked = _arguments()
    if not (asked.smp or asked.ewect):
        raise SystemExit("name a data set: --smp FOLDER_OR_ZIP, --ewect TRAIN EVAL")
    for split in _splits(asked):
        _measure(split)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.learner", description=__doc__)
    parser.add_argument("--smp", type=Path, help="SMP2017-ECDT task 1, the folder or the archive that holds Task1data")
    parser.add_argument("--ewect", type=Path, nargs=2, metavar=("TRAIN", "EVAL"), help="SMP2020-EWECT, virus part")
    return parser.parse_args()


def _splits(asked: argparse.Namespace) -> Iterator[Split]:
    if asked.smp:
        train, test = smp(asked.smp, "train", "develop"), smp(asked.smp, "test")
        yield Split("SMP2017-ECDT: train and develop → test", train, test, *SHORT)
    if asked.ewect:
        train, test = map(ewect, asked.ewect)
        yield Split("SMP2020-EWECT: virus_train → virus_eval", train, test, *LONG)


def smp(source: Path, *parts: str) -> Labelled:
    """A text per row of `Task1data/<part>/<part>_<label>.txt`."""
    held = _archived(source) if source.is_file() else _unpacked(source)
    rows = [(text, label) for part, label, text in held if part in parts]
    return Labelled(tuple((_spelt(text),) for text, _ in rows), tuple(label for _, label in rows))


def _archived(source: Path) -> Iterator[tuple[str, str, str]]:
    with zipfile.ZipFile(source) as archive:
        for name in sorted(archive.namelist()):
            if f"{_TASK}/" in name and name.endswith(".txt"):
                yield from _told(Path(name), archive.read(name))


def _unpacked(source: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(source.rglob(f"{_TASK}/*/*.txt")):
        yield from _told(path, path.read_bytes())


def _told(path: Path, stored: bytes) -> Iterator[tuple[str, str, str]]:
    """(part, label, text) of each row."""
    part = path.parent.name
    label = path.stem.removeprefix(f"{part}_")
    return ((part, label, row) for row in stored.decode("utf-8-sig").splitlines() if row.strip())


def ewect(source: Path) -> Labelled:
    """What somebody wrote, and that together with what he or she forwarded, without the names."""
    rows = json.loads(source.read_text(encoding="utf-8"))
    return Labelled(
        tuple(_own_and_whole(row["content"]) for row in rows), tuple(row["label"] for row in rows)
    )


_NAMED = re.compile(r"^[^:：]{0,30}[:：]")
_LINKED = re.compile(r"https?://\S+")


def _own_and_whole(post: str) -> tuple[str, str]:
    own, *forwarded = _LINKED.sub("\ue005", post).split(_FORWARDED)
    said = [_spelt(own), *(_spelt(_NAMED.sub("", line)) for line in forwarded)]
    return said[0] or said[1 % len(said)], "/".join(said)


_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)


def _spelt(text: str) -> str:
    """Half width, lower case, runs of one character cut to two. Masks of customer service would hide what counts here."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return " ".join(_REPEATED.sub(r"\1\1", plain).split())


def _measure(split: Split) -> None:
    print(f"\n{split.name}: {len(split.train.labels)} → {len(split.test.labels)} texts")
    print(f"{'':44} accuracy macro-F1  seconds")
    found = _linear(split)
    _print("character 1–3-gram TF-IDF, LinearSVC", split, *found)
    learnt, *apart = _learner(split)
    _print(f"the learner, {SEEDS} seeds averaged", split, *learnt)
    scores = [f1_score(split.test.labels, told, average="macro") for told in apart]
    print(f"{'the learner, one seed (mean, least, most)':44} {np.mean(scores):.4f}  {min(scores):.4f}  {max(scores):.4f}")

"""`python -m bench.learner`: the learner of intents on two public sets, beside a linear model in the same run.

Measured are the network and its fitting (`jieli/understanding/models/averaging`), not the shipped model: only the sets' own
training texts are read, no concepts and no vectors from elsewhere. Epochs, batch, spread and features were chosen by
cross-validation inside the training parts.
"""

import argparse
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bench.labelled import Labelled, ewect, smp
from jieli.understanding.models.averaging import fitting
from jieli.understanding.models.averaging.fitting import Recipe, Rows, Wanted
from jieli.understanding.models.averaging.network import Floats, softmax

_SEEDS, _SPREAD, _SMOOTHED = 5, 0.02, 0.1
_COLUMN = 46
_EMOTICON = re.compile(r"\[[^\[\]]{1,8}\]")


class Split(NamedTuple):
    """What is learnt and asked, and how: short commands suffer small batches and many epochs, posts do not."""

    name: str
    train: Labelled
    test: Labelled
    batch: int
    epochs: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.learner", description=__doc__)
    parser.add_argument(
        "--smp", type=Path, help="SMP2017-ECDT task 1: folder or archive that holds Task1data"
    )
    parser.add_argument("--ewect", type=Path, nargs=2, metavar=("TRAIN", "EVAL"), help="SMP2020-EWECT, virus")
    asked = parser.parse_args()
    if not (asked.smp or asked.ewect):
        parser.error("name at least one set")
    for split in _splits(asked.smp, asked.ewect):
        _measure(split)


def _splits(commands: Path | None, posts: list[Path] | None) -> Iterator[Split]:
    if commands:
        train, test = smp(commands, "train", "develop"), smp(commands, "test")
        yield Split("SMP2017-ECDT, train and develop → test", train, test, 64, 20)
    if posts:
        train, test = map(ewect, posts)
        yield Split("SMP2020-EWECT, virus_train → virus_eval", train, test, 128, 4)


def _measure(split: Split) -> None:
    print(f"\n{split.name} ({len(split.train.labels)} → {len(split.test.labels)} texts)")
    print(f"{'':{_COLUMN}}accuracy  macro-F1  seconds")
    began = time.monotonic()
    _tell("character 1–3-gram TF-IDF, LinearSVC", split, linear(split), time.monotonic() - began)
    kinds, began = np.unique(split.train.labels), time.monotonic()
    each = learnt(split, range(_SEEDS))
    took = time.monotonic() - began
    _tell(f"the learner, {_SEEDS} seeds averaged", split, kinds[each.mean(axis=0).argmax(axis=1)], took)
    for seed, shares in enumerate(each):
        _tell(f"the learner, seed {seed}", split, kinds[shares.argmax(axis=1)], took / _SEEDS)


def _tell(name: str, split: Split, told: NDArray[np.str_], seconds: float) -> None:
    accuracy = accuracy_score(split.test.labels, told)
    macro = f1_score(split.test.labels, told, average="macro")
    print(f"{name:{_COLUMN}}{accuracy:8.4f}  {macro:8.4f}  {seconds:7.1f}")


def linear(split: Split) -> NDArray[np.str_]:
    """The label that the usual baseline tells for each text of `test`."""
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())
    told: NDArray[np.str_] = model.fit(split.train.texts, split.train.labels).predict(split.test.texts)
    return told


def learnt(split: Split, seeds: range) -> Floats:
    """[seeds, texts of `test`, labels in order]: the probabilities that each fit gives."""
    kinds, column = np.unique(split.train.labels, return_inverse=True)
    counter = CountVectorizer(analyzer=features, dtype=np.float32)
    counter.fit(split.train.lines)
    known, asked = (_rows(counter, part) for part in (split.train, split.test))
    recipe = Recipe(heads=(len(kinds),), batch=split.batch, spread=_SPREAD)
    wanted = _wanted(column, len(kinds))
    fits = (fitting.fit(known, wanted, seed=seed, epochs=split.epochs, recipe=recipe) for seed in seeds)
    return np.stack([softmax(network.scores(asked.inputs(network.vectors))) for network in fits])


def _rows(counter: CountVectorizer, part: Labelled) -> Rows:
    """Damped counts of length 1. Without inverse document frequency, which costs short texts a point of F1."""
    counts: sparse.csr_matrix = counter.transform(part.lines)
    counts.data = 1 + np.log(counts.data)
    return Rows(normalize(counts), np.zeros((len(part.labels), 0), np.float32))


def _wanted(column: NDArray[np.int64], kinds: int) -> Wanted:
    """Rare labels weigh more, by the root of how rare they are: macro-F1 asks for each label alike."""
    shares = np.full((len(column), kinds), _SMOOTHED / kinds, np.float32)
    shares[np.arange(len(column)), column] += 1 - _SMOOTHED
    rarity = 1 / np.sqrt(np.bincount(column, minlength=kinds))[column]
    weights = (rarity / rarity.mean()).astype(np.float32)[:, None]
    return Wanted(shares, np.broadcast_to(weights, shares.shape))


def features(line: str) -> list[str]:
    """Characters and pairs of them, the ends of the line included; words; and emoticons such as [泪] as a whole."""
    framed = f"\x02{line}\x03"
    pairs = map("".join, pairwise(framed))
    return [*framed, *pairs, *(f"word {word}" for word in rjieba.cut(line)), *_EMOTICON.findall(line)]


if __name__ == "__main__":
    main()

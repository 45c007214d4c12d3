"""Trains the shipped model from the corpus: `train()` is what `jieli understanding train` runs.

Two fits side by side: one without a fifth of the corpus, which tells how sharp confidences may be; and the one that
ships, measured on the frozen talks that no fit ever sees.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from jieli.understanding import evaluation
from jieli.understanding.contracts import EMPTY
from jieli.understanding.corpus import reading, sessions, variation
from jieli.understanding.corpus.reading import Corpus
from jieli.understanding.corpus.sessions import Example
from jieli.understanding.corpus.variation import Variation
from jieli.understanding.models.averaging import concepts, fitting
from jieli.understanding.models.averaging.artifact import SCHEME, SHIPPED, Artifact
from jieli.understanding.models.averaging.context import around, flags
from jieli.understanding.models.averaging.fitting import Rows, Wanted
from jieli.understanding.models.averaging.model import AveragingModel
from jieli.understanding.models.averaging.network import COLUMNS, Floats, softmax
from jieli.understanding.models.averaging.ngrams import BITS, grams
from jieli.understanding.models.averaging.normalise import normalise
from jieli.understanding.models.averaging.words import Words
from jieli.understanding.models.port import EMOTIONS, LABELS
from jieli.understanding.reading import read

SEED, FOLDS, EPOCHS = 20261111, 5, 6
TIMES, FOLLOW_UPS = 2, 6
KEPT = 60_000  # buckets
FROZEN = reading.FOLDER / "frozen"
_SMOOTHED = 0.05  # of the wanted probability goes to the other labels: nobody labels without mistakes
_MAIN = 0.7  # of a message with several intents
_MOODS = 0.5  # how much emotions matter beside intents
_INDEX = {label: column for column, label in enumerate(LABELS)}
_MOOD = {emotion: len(LABELS) + column for column, emotion in enumerate(EMOTIONS)}


class _Held(NamedTuple):
    """What a model says of turns it has not seen, and the columns of their main intents and of their emotions."""

    scores: Floats
    labels: NDArray[np.int64]
    moods: NDArray[np.int64]


def examples(corpus: Corpus, seed: int) -> list[Example]:
    """The talks as they were written, and every single line in talks made up around it."""
    return [
        *corpus.talks,
        *Variation(corpus, seed=seed).examples(times=TIMES, follow_ups=FOLLOW_UPS),
    ]


def _kept(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Floats]:
    """The buckets worth keeping (the most frequent, at least two texts) and their idf."""
    found = grams(texts)
    pairs = np.unique(found.row.astype(np.int64) << BITS | found.bucket)
    frequency = np.bincount(pairs & ((1 << BITS) - 1), minlength=1 << BITS)
    order = np.argsort(-frequency, kind="stable")[:KEPT]
    buckets = np.sort(order[frequency[order] >= 2]).astype(np.uint32)
    idf = np.log((1 + len(texts)) / (1 + frequency[buckets])) + 1
    return buckets, idf.astype(np.float32)


def _rows(words: Words, some: Sequence[Example], texts: Sequence[str]) -> Rows:
    """What the model's `inputs` averages, still as grams: each place's lines, the mean of several."""
    contexts = [around(example.turn) for example in some]
    spoken = sorted({line for context in contexts for place in context.lines for line in place})
    number = {line: row for row, line in enumerate(spoken)}
    heard = words.matrix([normalise(line) for line in spoken])
    places = [words.matrix(texts)]
    for place in range(len(contexts[0].lines)):
        pairs = [(row, number[line]) for row, c in enumerate(contexts) for line in c.lines[place]]
        rows, lines = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        many = np.bincount(rows, minlength=len(some))
        picked = sparse.csr_matrix(
            ((1 / many[rows]).astype(np.float32), (rows, lines)), (len(some), len(spoken))
        )
        places.append((picked @ heard).tocsr())
    by_turn = np.arange(len(some) * len(places)).reshape(len(places), -1).T.ravel()
    lines = sparse.vstack(places).tocsr()[by_turn]
    return Rows(lines, flags([example.turn for example in some], texts, contexts))


def _wanted(some: Sequence[Example]) -> Wanted:
    shares = np.zeros((len(some), COLUMNS), dtype=np.float32)
    shares[:, : len(LABELS)] = _SMOOTHED / len(LABELS)
    shares[:, len(LABELS) :] = _SMOOTHED / len(EMOTIONS)
    weights = np.ones_like(shares)
    felt = np.bincount([_MOOD[e.emotion] for e in some], minlength=COLUMNS)[len(LABELS) :] / len(some)
    rare = _MOODS / np.sqrt(np.maximum(felt, 1e-3) * len(EMOTIONS))
    for row, example in enumerate(some):
        main, *further = example.intents
        first = (main, *example.equal)
        for intent in first:
            shares[row, _INDEX[intent]] += (1 - _SMOOTHED) * (_MAIN if further else 1.0) / len(first)
        for intent in further:
            shares[row, _INDEX[intent]] += (1 - _SMOOTHED) * (1 - _MAIN) / len(further)
        shares[row, _MOOD[example.emotion]] += 1 - _SMOOTHED
        weights[row, len(LABELS) :] = rare[_MOOD[example.emotion] - len(LABELS)]
    return Wanted(shares, weights)


def _fit(corpus: Corpus) -> Artifact:
    some = examples(corpus, SEED)
    texts = [normalise(example.turn.text) for example in some]
    theirs = [normalise(around(example.turn).theirs) for example in corpus.talks]
    buckets, idf = _kept([*texts, *theirs])
    rows = _rows(Words(buckets, idf), some, texts)
    network = fitting.fit(rows, _wanted(some), seed=SEED, epochs=EPOCHS)
    level = np.zeros(len(EMOTIONS), dtype=np.float32)
    return Artifact({"version": "unfinished", "turns": len(some)}, buckets, idf, network, 1.0, level)


def _fold_of(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % FOLDS


def _held_out(corpus: Corpus) -> _Held:
    model = AveragingModel(_fit(variation.side(corpus, lambda block: _fold_of(block) != 0)))
    unseen = examples(variation.side(corpus, lambda block: _fold_of(block) == 0), SEED + 1)
    scores = model.network.scores(model.inputs([example.turn for example in unseen]))
    labels = np.array([_INDEX[example.intents[0]] for example in unseen])
    return _Held(scores, labels, np.array([_MOOD[example.emotion] - len(LABELS) for example in unseen]))


def _sharpness(held: _Held) -> float:
    """The factor of the scores that makes the held-out labels likeliest."""

    scores = held.scores[:, : len(LABELS)]

    def loss(factor: float) -> float:
        likely = softmax(scores * factor)[np.arange(len(held.labels)), held.labels]
        return float(-np.log(likely + 1e-9).mean())

    return min((step / 20 for step in range(8, 41)), key=loss)


def _tilt(held: _Held) -> Floats:
    """Against how common each emotion is, as much as makes the held-out macro-F1 best; never towards the common one."""
    scores = held.scores[:, len(LABELS) :]
    common = np.log(np.bincount(held.moods, minlength=len(EMOTIONS)) / len(held.moods) + 1e-6)
    against = (common.max() - common).astype(np.float32)

    def macro(share: float) -> float:
        found = (scores + share * against).argmax(axis=1)
        return evaluation.macro_f1(held.moods.tolist(), found.tolist())

    tilted: Floats = against * np.float32(max((step / 20 for step in range(16)), key=macro))
    return tilted


def made_from(*digests: str) -> str:
    """The short name of the data a model was made from, for its version."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:10]


def _digest_of(more: Sequence[Example]) -> str:
    told = "\n".join(sorted(repr(example) for example in more))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest() if more else ""


def fit(corpus: Corpus, more: Sequence[Example] = ()) -> Artifact:
    """`more` are turns from use, labelled by people; they count as talks of the corpus do."""
    corpus = replace(corpus, talks=(*corpus.talks, *more))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        asked = beside.submit(_held_out, corpus)
        made = _fit(corpus)
        held = asked.result()
    sharpness, tilt = _sharpness(held), _tilt(held)
    intents = held.scores[:, : len(LABELS)].argmax(axis=1)
    header: dict[str, Any] = {
        "scheme": SCHEME,
        "labels": [label.value for label in LABELS],
        "version": f"averaging-{SCHEME}-{made_from(corpus.digest, concepts.digest(), _digest_of(more))}",
        "corpus_sha256": corpus.digest,
        "concepts_sha256": concepts.digest(),
        "seed": SEED,
        "lines": len(corpus.said) + len(corpus.follow_ups),
        "talks": len(corpus.talks),
        "from_use": len(more),
        "turns": made.header["turns"],
        "held_out": {
            "accuracy": round(float((intents == held.labels).mean()), 4),
            "turns": len(held.labels),
            "sharpness": round(sharpness, 2),
            "tilt": [round(float(value), 2) for value in tilt],
        },
    }
    return Artifact(header, made.buckets, made.idf, made.network, sharpness, tilt)


def train(path: Path = SHIPPED, more: Sequence[Example] = ()) -> dict[str, Any]:
    """Writes the model file and returns its header."""
    artifact = fit(reading.read(), more)
    frozen = [evaluation.Labelled.of(example) for example in sessions.read(FROZEN)]
    found = read(AveragingModel(artifact), [row.turn for row in frozen], EMPTY)
    figures = evaluation.figures(frozen, found)
    artifact.header["frozen"] = evaluation.summary(figures)
    artifact.save(path)
    return artifact.header

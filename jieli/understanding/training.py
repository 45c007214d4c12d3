"""Trains the shipped model from the corpus: `train()` is what `jieli understanding train` runs.

Words first (multinomial logistic regression on grams), then the context layer on out-of-fold scores of the words,
so that it sees them as unsure as they will be on new messages; then one temperature on a fold neither has seen.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from jieli.understanding.corpus import reading, variation
from jieli.understanding.corpus.reading import Corpus
from jieli.understanding.corpus.variation import Example, Variation
from jieli.understanding.models.linear import concepts
from jieli.understanding.models.linear.artifact import SCHEME, SHIPPED, Artifact
from jieli.understanding.models.linear.context import Floats
from jieli.understanding.models.linear.model import LinearModel, Words, softmax
from jieli.understanding.models.linear.ngrams import BITS, grams
from jieli.understanding.models.linear.normalise import normalise
from jieli.understanding.models.port import EMOTIONS, LABELS

SEED, FOLDS = 20261111, 5
WORDS_C, MOODS_C, AROUND_C = 6.0, 2.0, 0.1
VARIANTS, TURNS_PER_LINE, FOLLOW_UPS = 3, 5, 12
REPLY_WEIGHT = 0.25  # an agent's line tells the topic, but not in a customer's words
KEPT = 46_000  # buckets: float16 rows of 37 labels, compressed under 4 MB
_INDEX = {label: index for index, label in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class _Spoken:
    """`mood` is -1 where nobody said how it was felt."""

    text: str
    label: int
    weight: float
    mood: int = -1


def _fold_of(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % FOLDS


def _side(corpus: Corpus, fold: int, *, held: bool) -> Corpus:
    return variation.part(
        corpus,
        [(_fold_of(line.block) == fold) is held for line in corpus.said],
        [(_fold_of(line.block) == fold) is held for line in corpus.follow_ups],
        [(_fold_of(text) == fold) is held for _, text in corpus.replies],
    )


def _utterances(corpus: Corpus, seed: int) -> list[_Spoken]:
    """For the words alone: each line as written and in variants; replies of a topic with little weight."""
    vary = Variation(corpus, seed=seed)
    found: list[_Spoken] = []
    for line in corpus.said:
        scale = 0.4 if line.previous else 1.0
        for turn in range(1 + VARIANTS):
            text = vary.fill(line.text) if turn == 0 else vary.spoken(line.text)
            mood = EMOTIONS.index(line.emotion)
            found.append(_Spoken(text, _INDEX[line.intent], scale * (0.75 if line.second else 1.0), mood))
            found.extend(_Spoken(text, _INDEX[second], scale * 0.25) for second in line.second)
    topics = {label.value: index for label, index in _INDEX.items()}
    found += [
        _Spoken(vary.fill(text), topics[topic], REPLY_WEIGHT)
        for topic, text in corpus.replies
        if topic in topics
    ]
    return found


def _kept(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Floats]:
    """The buckets worth keeping (the most frequent, at least two texts) and their idf."""
    found = grams(texts)
    pairs = np.unique(found.row.astype(np.int64) << BITS | found.bucket)
    frequency = np.bincount(pairs & ((1 << BITS) - 1), minlength=1 << BITS)
    order = np.argsort(-frequency, kind="stable")[:KEPT]
    buckets = np.sort(order[frequency[order] >= 2]).astype(np.uint32)
    idf = np.log((1 + len(texts)) / (1 + frequency[buckets])) + 1
    return buckets, idf.astype(np.float32)


def _softmax_layer(
    rows: Any, labels: NDArray[np.int64], width: int, *, strength: float, weight: NDArray[np.float64]
) -> tuple[Floats, Floats]:
    """Weights and bias with a column per label; a label that no row has is made all but impossible."""
    learner = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is the plan: it also regularises
        learner.fit(rows, labels, sample_weight=weight)
    weights = np.zeros((rows.shape[1], width), dtype=np.float32)
    bias = np.full(width, -6, dtype=np.float32)
    weights[:, learner.classes_] = learner.coef_.T
    bias[learner.classes_] = learner.intercept_
    return weights, bias


def _fit_words(corpus: Corpus, seed: int) -> LinearModel:
    spoken = _utterances(corpus, seed)
    texts = [normalise(each.text) for each in spoken]
    buckets, idf = _kept(texts)
    rows = Words(buckets, idf).matrix(texts)
    labels, moods = np.array([each.label for each in spoken]), np.array([each.mood for each in spoken])
    weight = np.array([each.weight for each in spoken])
    felt = np.flatnonzero(moods >= 0)
    topic = _softmax_layer(rows, labels, len(LABELS), strength=WORDS_C, weight=weight)
    share = np.bincount(moods[felt], minlength=len(EMOTIONS)) / len(felt)
    balanced = weight[felt] / np.maximum(share[moods[felt]], 1e-3) / len(EMOTIONS)
    mood = _softmax_layer(rows[felt], moods[felt], len(EMOTIONS), strength=MOODS_C, weight=balanced)
    weights, bias = np.concatenate([topic[0], mood[0]], axis=1), np.concatenate([topic[1], mood[1]])
    empty = np.zeros((0, len(LABELS)), dtype=np.float32)
    return LinearModel(Artifact({"version": "unfinished"}, buckets, idf, weights, bias, empty, bias))


def _examples(corpus: Corpus, seed: int) -> list[Example]:
    return list(Variation(corpus, seed=seed).examples(times=TURNS_PER_LINE, follow_ups=FOLLOW_UPS))


def _fit_around(features: Floats, labels: NDArray[np.int64]) -> tuple[Floats, Floats]:
    return _softmax_layer(features, labels, len(LABELS), strength=AROUND_C, weight=np.ones(len(labels)))


def _temperature(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The divisor of the scores that makes the held-out labels likeliest."""

    def loss(divisor: float) -> float:
        return float(-np.log(softmax(scores / divisor)[np.arange(len(labels)), labels] + 1e-9).mean())

    return min((step / 20 for step in range(12, 61)), key=loss)


def made_from(*digests: str) -> str:
    """The short name of the data a model was made from, for its version."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:10]


def fit(corpus: Corpus) -> Artifact:
    features, labels = [], []
    for fold in range(FOLDS):
        words = _fit_words(_side(corpus, fold, held=False), SEED + fold)
        examples = _examples(_side(corpus, fold, held=True), SEED + fold)
        features.append(words.features([example.turn for example in examples])[0])
        labels.append(np.array([_INDEX[example.intents[0]] for example in examples]))
    around, bias = _fit_around(np.concatenate(features[1:]), np.concatenate(labels[1:]))
    held = features[0] @ around + bias
    divisor = _temperature(held, labels[0])
    accuracy = float((held.argmax(axis=1) == labels[0]).mean())
    around, bias = _fit_around(np.concatenate(features), np.concatenate(labels))
    words = _fit_words(corpus, SEED)
    header: dict[str, Any] = {
        "scheme": SCHEME,
        "labels": [label.value for label in LABELS],
        "version": f"linear-{SCHEME}-{made_from(corpus.digest, concepts.digest())}",
        "corpus_sha256": corpus.digest,
        "concepts_sha256": concepts.digest(),
        "seed": SEED,
        "lines": len(corpus.said) + len(corpus.follow_ups),
        "turns": int(sum(map(len, labels))),
        "held_out": {
            "accuracy": round(accuracy, 4),
            "turns": len(labels[0]),
            "temperature": round(divisor, 2),
        },
    }
    made = words.artifact
    return Artifact(header, made.buckets, made.idf, made.weights, made.bias, around / divisor, bias / divisor)


def train(path: Path = SHIPPED) -> dict[str, Any]:
    """Writes the model file and returns its header."""
    artifact = fit(reading.read())
    artifact.save(path)
    return artifact.header

"""How two rankings and what is known about the customer become one order and one honest score."""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from operator import mul
from typing import NamedTuple

from jieli.knowledge.contracts import Article, Query, Scope

_RRF = 60  # Cormack, Clarke, Büttcher 2009: reciprocal rank fusion's constant


class Signals(NamedTuple):
    """`rank` fused, 1 = first in both rankings; `like` cosine to its nearest question, and `near` how far that is
    beyond 0.6, of 0.4; `told` and `held` the share of the query's words and character pairs (by rarity) in its body;
    `main` and `other` whether its main or another intent is one of the query's; `fit` how closely its scope fits."""

    rank: float
    like: float
    near: float
    told: float
    held: float
    main: float
    other: float
    fit: float


# Fitted by logistic regression on the demo brand's articles: their questions slightly changed, as customers write;
# each question taken out of its article in turn, which had to be found all the same (weights); and each article taken
# out whole, when nothing was to be found (certainty). The demo cannot tell what a further intent or a scope is worth:
# those two are set by hand.
_WEIGHTS = Signals(rank=1.0, like=8.2, near=2.1, told=2.0, held=3.1, main=2.2, other=0.8, fit=0.8)
_BIAS = -6.4
_CERTAINTY = (-1.36, 0.31, 0.77)


def fuse(rankings: Sequence[Sequence[int]]) -> dict[int, float]:
    """Reciprocal rank fusion of places, scaled so that being first everywhere is 1."""
    fused: dict[int, float] = {}
    for ranking in rankings:
        for position, place in enumerate(ranking):
            fused[place] = fused.get(place, 0.0) + (_RRF + 1) / (_RRF + 1 + position) / len(rankings)
    return fused


class WordWeights:
    """How much each word tells, by how few articles hold it."""

    def __init__(self, weights: Mapping[str, float], unseen: float) -> None:
        self._weights = weights
        self._unseen = unseen

    def of(self, words: Iterable[str]) -> list[tuple[str, float]]:
        """The words of a query, each once, with weights that sum to 1."""
        weights = {word: self._weights.get(word, self._unseen) for word in words}
        total = sum(weights.values()) or 1.0
        return [(word, weight / total) for word, weight in weights.items()]


def share(weighted: Sequence[tuple[str, float]], held: frozenset[str]) -> float:
    found = 0.0
    for word, weight in weighted:
        if word in held:
            found += weight
    return found


def word_weights(documents: Sequence[frozenset[str]]) -> WordWeights:
    counts: dict[str, int] = {}
    for words in documents:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    total = len(documents)
    return WordWeights({w: log(1 + total / n) for w, n in counts.items()}, log(1 + total))


def scope_fit(scope: Scope, query: Query) -> float | None:
    """None when the article is for something else than what is known; else how closely it fits, 0 (for all) to 1."""
    if not (query.skus or query.categories or query.brands):
        return 0.0
    fit = 0.0
    for known, limits, weight in (
        (query.brands, scope.brands, 0.2),
        (query.categories, scope.categories, 0.5),
        (query.skus, scope.skus, 1.0),
    ):
        if known and limits:
            if not set(known) & set(limits):
                return None
            fit = max(fit, weight)
    return fit


def intent_fit(article: Article, query: Query) -> tuple[float, float]:
    """Whether the article's main intent, or another of its intents, is one of the query's."""
    if not query.intents or not article.intents:
        return 0.0, 0.0
    main = article.intents[0] in query.intents
    return float(main), float(not main and any(i in query.intents for i in article.intents))


def worth(signals: Signals) -> float:
    """In log-odds: the order of hits."""
    return _BIAS + sum(map(mul, _WEIGHTS, signals), 0.0)


def certainty(worth_: float, next_worth: float) -> float:
    """Probability that a hit answers the question, from its worth and how far it is ahead of the next."""
    bias, by_worth, by_lead = _CERTAINTY
    z = bias + by_worth * worth_ + by_lead * min(max(worth_ - next_worth, -4.0), 4.0)
    return round(1 / (1 + exp(-z)), 4)

"""One locale's articles, searched two ways at once and fused."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jieli.knowledge.contracts import Article, ArticleId, Audience, Hit, Query
from jieli.knowledge.search import embeddings, fusion, snippets
from jieli.knowledge.search.lexical import Lexical, Page, tokens, words_of
from jieli.knowledge.search.ngrams import Grams, Pairs

_DEEP = 12
_ALWAYS, _NEVER = -np.inf, np.inf
_LONE_LEAD = 1.0  # when nothing else was found at all, that says little
_NEAR = 0.6
Mask = NDArray[np.bool_]
Row = NDArray[np.float32]
Matrix = NDArray[np.float32]


class Candidate(NamedTuple):
    place: int
    signals: fusion.Signals
    worth: float


class LocaleIndex:
    """Made once from the published articles of one stamp; never changed, so safe for every thread."""

    def __init__(
        self, articles: Sequence[Article], locale: str, embedder: embeddings.Embedder | None = None
    ) -> None:
        self._articles = [article for article in articles if locale in article.texts]
        self._locale = locale
        texts = [article.texts[locale] for article in self._articles]
        asked = [(text.title, *text.questions) for text in texts]
        self._lexical = Lexical([Page("\n".join(a), t.body) for a, t in zip(asked, texts, strict=True)])
        questions = [question for several in asked for question in several]
        owners = [place for place, several in enumerate(asked) for _ in several]
        self._grams = Grams(questions, owners)
        self._vectors = embeddings.Vectors(embedder, questions, owners) if embedder and questions else None
        self._pairs = Pairs([f"{text.title}\n{text.body}" for text in texts])
        self._bodies = [frozenset(words_of(t.body)) for t in texts]
        self._weights = fusion.word_weights(
            [held | frozenset(words_of("\n".join(a))) for held, a in zip(self._bodies, asked, strict=True)]
        )
        self._sentences = [snippets.sentences(text.body) for text in texts]
        self._from = np.array([_stamp(a.valid_from, _ALWAYS) for a in self._articles])
        self._until = np.array([_stamp(a.valid_until, _NEVER) for a in self._articles])
        self._readable = {audience: self._readable_by(audience) for audience in Audience}

    def _readable_by(self, audience: Audience) -> Mask:
        both = Audience.BOTH
        return np.array([audience is both or a.audience in (audience, both) for a in self._articles], bool)

    def search(self, queries: Sequence[Query], at: datetime) -> list[list[Hit]]:
        """Hits of each query, best first, among what is valid at that moment."""
        found = self.candidates(queries, at)
        return [self._hits(query, ranked) for query, ranked in zip(queries, found, strict=True)]

    def candidates(self, queries: Sequence[Query], at: datetime) -> list[list[Candidate]]:
        if not self._articles:
            return [[] for _ in queries]
        texts = [query.text for query in queries]
        allowed = self._allowed(queries, at)
        like, held = self._grams.nearest(texts), self._pairs.shares(texts)
        rankings = [_rankings(like, allowed)]
        if self._vectors:
            meant = self._vectors.nearest(texts)
            rankings.append(_rankings(meant, allowed))
            like = np.maximum(like, meant)
        return [
            self._ranked(query, like[i], held[i], allowed[i], [ranking[i] for ranking in rankings])
            for i, query in enumerate(queries)
        ]

    def _allowed(self, queries: Sequence[Query], at: datetime) -> Mask:
        """Array [queries, articles]: valid at that moment, and for this reader."""
        now = at.timestamp()
        valid = (self._from <= now) & (now < self._until)
        by_audience = {audience: valid & readable for audience, readable in self._readable.items()}
        return np.stack([by_audience[query.audience] for query in queries])

    def _ranked(
        self, query: Query, like: Row, held: Row, allowed: Mask, rankings: list[list[int]]
    ) -> list[Candidate]:
        by_words = [p for p in self._lexical.rank(query.text, limit=2 * _DEEP) if allowed[p]]
        ranks = fusion.fuse([by_words[:_DEEP], *rankings])
        first = sorted(ranks, key=ranks.__getitem__, reverse=True)[:_DEEP]
        words = self._weights.of(tokens(query.text))
        found = [
            candidate
            for place in first
            if (candidate := self._candidate(query, place, ranks[place], like, held, words)) is not None
        ]
        return sorted(found, key=lambda candidate: -candidate.worth)

    def _candidate(
        self, query: Query, place: int, rank: float, like: Row, held: Row, words: list[tuple[str, float]]
    ) -> Candidate | None:
        article = self._articles[place]
        fit = fusion.scope_fit(article.scope, query)
        if fit is None:
            return None
        main, other = fusion.intent_fit(article, query)
        told = fusion.share(words, self._bodies[place])
        close = float(like[place])
        near = max(0.0, close - _NEAR) / (1 - _NEAR)
        signals = fusion.Signals(rank, close, near, told, float(held[place]), main, other, fit)
        return Candidate(place, signals, fusion.worth(signals))

    def _hits(self, query: Query, ranked: Sequence[Candidate]) -> list[Hit]:
        """The first is as sure as its lead says; each other one as sure as being behind the first allows."""
        if not ranked:
            return []
        lead = ranked[1].worth if len(ranked) > 1 else ranked[0].worth - _LONE_LEAD
        rivals = [lead, *(ranked[0].worth for _ in ranked[1:])]
        words = frozenset(tokens(query.text))
        return [
            self._hit(found, fusion.certainty(found.worth, rival), words)
            for found, rival in zip(ranked[: query.limit], rivals, strict=False)
        ]

    def _hit(self, found: Candidate, score: float, words: frozenset[str]) -> Hit:
        article = self._articles[found.place]
        return Hit(
            article=ArticleId(article.id),
            slug=article.slug,
            title=article.texts[self._locale].title,
            snippet=snippets.cut(self._sentences[found.place], words),
            score=score,
            version=article.version,
            locale=self._locale,
            category=article.category,
            intents=article.intents,
            reasons=_reasons(article, found.signals),
        )


def _reasons(article: Article, signals: fusion.Signals) -> tuple[str, ...]:
    intent = (
        (f"intent:{article.intents[0]}",) if signals.main else ("further_intent",) if signals.other else ()
    )
    return (*intent, *(("scope",) if signals.fit else ()))


def _stamp(at: datetime | None, otherwise: float) -> float:
    return otherwise if at is None else at.timestamp()


def _rankings(likeness: Matrix, allowed: Mask) -> list[list[int]]:
    """Of each query the places of the articles most like it, best first."""
    near = np.where(allowed, likeness, np.float32(-1))
    deep = min(_DEEP, near.shape[1])
    top = np.argpartition(near, -deep, axis=1)[:, -deep:]
    worth = np.take_along_axis(near, top, axis=1)
    order = np.argsort(-worth, axis=1, kind="stable")
    places, likes = np.take_along_axis(top, order, axis=1), np.take_along_axis(worth, order, axis=1)
    return [row[:count] for row, count in zip(places.tolist(), (likes > 0).sum(axis=1).tolist(), strict=True)]

"""The library of this process: as fresh as the stamp in the database, looked at with each call."""

import threading
from collections.abc import Mapping, Sequence
from uuid import UUID

from jieli.kernel import clock
from jieli.knowledge import selectors
from jieli.knowledge.contracts import LOCALES, Article, ArticleId, Hit, Path, PathId, Query, locale_of
from jieli.knowledge.search import embeddings, snippets, triggers
from jieli.knowledge.search.index import LocaleIndex


class Library:
    """Everything readers see at one stamp, in memory. Hold one while handling a batch: it never changes."""

    def __init__(self, stamp: UUID | None) -> None:
        articles = selectors.published()
        self.stamp = stamp
        self.embedder = embeddings.version()
        self.articles: Mapping[ArticleId, Article] = {article.id: article for article in articles}
        self.by_slug: Mapping[str, Article] = {article.slug: article for article in articles}
        self.paths: Mapping[PathId, Path] = {path.id: path for path in selectors.paths()}
        self._indexes = {locale: LocaleIndex(articles, locale, embeddings.bound()) for locale in LOCALES}
        self._bodies: dict[tuple[ArticleId, str], str] = {}

    def is_of(self, stamp: UUID | None) -> bool:
        return self.stamp == stamp and self.embedder == embeddings.version()

    def search_many(self, queries: Sequence[Query]) -> list[list[Hit]]:
        """Hits of each query, best first, of what is valid now."""
        now = clock.now()
        found: list[list[Hit]] = [[] for _ in queries]
        for locale, index in self._indexes.items():
            places = [i for i, query in enumerate(queries) if locale_of(query.locale) == locale]
            if places:
                hits = index.search([queries[i] for i in places], now)
                for place, one in zip(places, hits, strict=True):
                    found[place] = one
        return found

    def body(self, hit: Hit) -> str:
        """The whole text of a hit as a message can carry it: without Markdown's marks."""
        key = (hit.article, hit.locale)
        if key not in self._bodies:
            self._bodies[key] = snippets.plain(self.articles[hit.article].text(hit.locale).body)
        return self._bodies[key]

    def path_for(
        self, text: str, intents: Sequence[str], *, skus: Sequence[str] = (), categories: Sequence[str] = ()
    ) -> Path | None:
        """The path a message leads to: for one of its intents, in its product's scope, most trigger words said."""
        return triggers.best(self.paths.values(), text, intents, skus=skus, categories=categories)


_lock = threading.Lock()
_held: Library | None = None


def library() -> Library:
    """One primary-key read tells whether what we hold is still true; a change rebuilds it once per process."""
    global _held  # noqa: PLW0603 - one library per process is the point
    stamp = selectors.stamp()
    held = _held
    if held is not None and held.is_of(stamp):
        return held
    with _lock:
        if _held is None or not _held.is_of(stamp):
            _held = Library(stamp)
        return _held

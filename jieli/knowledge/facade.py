"""The door of knowledge: articles, search, resolution paths and saved replies."""

from collections.abc import Mapping, Sequence

from jieli.kernel.actor import Actor
from jieli.kernel.capabilities import capability
from jieli.kernel.errors import NotFound
from jieli.knowledge import diff, replies, selectors
from jieli.knowledge.contracts import (
    Article,
    ArticleId,
    Audience,
    FieldDiff,
    Hit,
    Path,
    PathId,
    Query,
)
from jieli.knowledge.paths import Move, first_step, take
from jieli.knowledge.prepared import (
    delete_reply,
    import_paths,
    import_replies,
    save_path,
    save_reply,
)
from jieli.knowledge.quotes import wrong_articles as misquoted_articles
from jieli.knowledge.quotes import wrong_paths as misquoted_paths
from jieli.knowledge.search import live
from jieli.knowledge.search.embeddings import Embedder
from jieli.knowledge.search.embeddings import bind as bind_embedder
from jieli.knowledge.search.live import Library
from jieli.knowledge.services import (
    import_articles,
    publish,
    restore,
    retire,
    save_draft,
    send_back,
    submit,
)

__all__ = [
    "Embedder",
    "Library",
    "Move",
    "article",
    "bind_embedder",
    "changes",
    "delete_reply",
    "fill",
    "find",
    "first_step",
    "import_articles",
    "import_paths",
    "import_replies",
    "library",
    "misquoted_articles",
    "misquoted_paths",
    "path",
    "path_for",
    "paths",
    "publish",
    "published",
    "restore",
    "retire",
    "save_draft",
    "save_path",
    "save_reply",
    "saved_replies",
    "search",
    "search_many",
    "send_back",
    "submit",
    "take",
    "versions",
]

library = live.library
versions = selectors.versions
saved_replies = selectors.saved_replies
fill = replies.fill


def search_many(queries: Sequence[Query]) -> list[list[Hit]]:
    """The articles that answer each question, best first; a batch costs far less than its queries one by one."""
    return library().search_many(queries)


def search(
    text: str,
    *,
    audience: Audience = Audience.CUSTOMER,
    intents: Sequence[str] = (),
    skus: Sequence[str] = (),
    locale: str = "zh",
    limit: int = 5,
) -> list[Hit]:
    """The articles that answer a question, best first; use `search_many` for several."""
    query = Query(
        text=text, audience=audience, intents=tuple(intents), skus=tuple(skus), locale=locale, limit=limit
    )
    return search_many([query])[0]


@capability("knowledge.find", permission="knowledge.read", tool=True)
def find(actor: Actor, *, question: str, locale: str = "zh", limit: int = 3) -> list[Hit]:
    """Find the articles that answer a customer's question."""
    audience = Audience.CUSTOMER if actor.kind in ("bot", "customer") else Audience.AGENT
    return search(question[:500], audience=audience, locale=locale, limit=max(1, min(limit, 20)))


def article(actor: Actor, article: ArticleId, version: int | None = None) -> Article:
    """The newest version, or the one asked for. Raises `NotFound`."""
    return selectors.article(actor, article, version)


def published(article: ArticleId) -> Article | None:
    """The version readers see, from memory."""
    return library().articles.get(article)


def paths() -> Mapping[PathId, Path]:
    """The active resolution paths, from memory."""
    return library().paths


def path_for(
    text: str, intents: Sequence[str], *, skus: Sequence[str] = (), categories: Sequence[str] = ()
) -> Path | None:
    """The path a message leads to: for one of its intents, in its product's scope, most trigger words said."""
    return library().path_for(text, intents, skus=skus, categories=categories)


def path(actor: Actor, path: PathId) -> Path:
    return selectors.path(actor, path)


def changes(actor: Actor, article: ArticleId, old: int, new: int) -> list[FieldDiff]:
    """What differs between two versions. Raises `NotFound`."""
    found = {version.number: version for version in versions(actor, article)}
    if old not in found or new not in found:
        raise NotFound("This article has no such version.")
    return diff.between(found[old], found[new])

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from jieli.kernel.actor import Actor
from jieli.kernel.errors import NotFound
from jieli.knowledge import models, rows
from jieli.knowledge.contracts import Article, ArticleId, Path, PathId, SavedReply, Version

READ = "knowledge.read"
_EDITION = "articles"


def stamp() -> UUID | None:
    """Of everything that readers see; None when nothing was ever published."""
    return models.Edition.objects.filter(name=_EDITION).values_list("stamp", flat=True).first()


def set_stamp(value: UUID) -> None:
    models.Edition.objects.update_or_create(name=_EDITION, defaults={"stamp": value})


def published() -> list[Article]:
    """Every article that somebody may read, in the version they read."""
    found = models.ArticleVersion.objects.filter(number=F("article__published")).select_related("article")
    return [rows.article(version.article, version) for version in found.order_by("article_id")]


def article_rows(actor: Actor) -> QuerySet[models.Article]:
    actor.require(READ)
    return models.Article.objects.all()


def articles(found: Sequence[models.Article]) -> list[Article]:
    """The newest version of each, in the given order, with one query."""
    newest = models.ArticleVersion.objects.filter(article__in=found, number=F("article__latest"))
    by_article = {version.article_id: version for version in newest}
    return [rows.article(row, by_article[row.id]) for row in found]


def article(actor: Actor, article: ArticleId, version: int | None = None) -> Article:
    """The newest version, or the one asked for. Raises `NotFound`."""
    row = article_rows(actor).filter(id=article).first()
    if row is None:
        raise NotFound
    found = row.versions.filter(number=version or row.latest).first()
    if found is None:
        raise NotFound(f"This article has no version {version}.")
    return rows.article(row, found)


def versions(actor: Actor, article: ArticleId) -> list[Version]:
    """All of them, newest first."""
    row = article_rows(actor).filter(id=article).first()
    if row is None:
        raise NotFound
    return [rows.version(version) for version in row.versions.order_by("-number")]


def paths() -> list[Path]:
    return [rows.path(row) for row in models.Path.objects.filter(active=True).order_by("slug")]


def path(actor: Actor, path: PathId) -> Path:
    return _path(actor, id=path)


def path_of_slug(actor: Actor, slug: str) -> Path:
    return _path(actor, slug=slug)


def _path(actor: Actor, **which: object) -> Path:
    actor.require(READ)
    row = models.Path.objects.filter(**which).first()
    if row is None:
        raise NotFound
    return rows.path(row)


def saved_replies(actor: Actor, q: str = "", intents: Sequence[str] = ()) -> list[SavedReply]:
    """Those whose words hold `q`; the ones for these intents come first."""
    actor.require(READ)
    found = [rows.saved_reply(row) for row in models.SavedReply.objects.order_by("slug")]
    wanted = q.strip().casefold()
    fitting = [r for r in found if not wanted or wanted in _all_words(r)]
    return sorted(fitting, key=lambda r: not set(intents) & set(r.intents))


def saved_reply(actor: Actor, slug: str) -> SavedReply:
    actor.require(READ)
    row = models.SavedReply.objects.filter(slug=slug).first()
    if row is None:
        raise NotFound
    return rows.saved_reply(row)


def _all_words(reply: SavedReply) -> str:
    words = (reply.slug, *(w for part in (reply.group, reply.title, reply.text) for w in (part.zh, part.en)))
    return "\n".join(words).casefold()

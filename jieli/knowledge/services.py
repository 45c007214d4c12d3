from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jieli.kernel import clock, outbox
from jieli.kernel.actor import Actor
from jieli.kernel.errors import NotFound
from jieli.kernel.ids import new_id
from jieli.knowledge import models, policy, rows, selectors
from jieli.knowledge.contracts import Article, ArticleId, ArticleState, NewArticle
from jieli.knowledge.events import ArticleChanged


def _locked(article: ArticleId) -> models.Article:
    row = models.Article.objects.select_for_update().filter(id=article).first()
    if row is None:
        raise NotFound
    return row


def _latest(row: models.Article) -> models.ArticleVersion:
    return row.versions.get(number=row.latest)


def _readers_see(row: models.Article, number: int | None) -> None:
    row.published = number
    selectors.set_stamp(new_id())
    outbox.append(ArticleChanged(row.id, number or 0))


@transaction.atomic
def save_draft(actor: Actor, new: NewArticle) -> Article:
    """Make the article, or its next version; what readers see stays as it was until that is published."""
    actor.require(policy.WRITE)
    policy.require_readable(dict(new.texts))
    now = clock.now()
    row, _ = models.Article.objects.select_for_update().get_or_create(
        slug=new.slug, defaults={"state": ArticleState.DRAFT, "changed_at": now}
    )
    if row.latest:
        policy.require("save", ArticleState(row.state))
    number = _number_for(actor, row)
    row.state, row.latest, row.changed_at = ArticleState.DRAFT, number, now
    row.save()
    version, _ = models.ArticleVersion.objects.update_or_create(
        article=row,
        number=number,
        defaults={
            **_content(new),
            "author": actor.id,
            "author_name": actor.name,
            "at": now,
        },
    )
    return rows.article(row, version)


def _number_for(actor: Actor, row: models.Article) -> int:
    if not row.latest:
        return 1
    latest = _latest(row)
    return policy.next_version(
        row.latest,
        latest_is_open=latest.published_at is None and row.state == ArticleState.DRAFT,
        same_author=latest.author == actor.id,
    )


def _content(new: NewArticle) -> dict[str, Any]:
    return {
        "texts": rows.plain(dict(new.texts)),
        "category": new.category,
        "audience": new.audience,
        "scope": rows.plain(new.scope),
        "intents": list(new.intents),
        "valid_from": new.valid_from,
        "valid_until": new.valid_until,
        "note": new.note,
    }


def _move(actor: Actor, article: ArticleId, command: str, to: ArticleState, permission: str) -> Article:
    actor.require(permission)
    row = _locked(article)
    policy.require(command, ArticleState(row.state))
    row.state, row.changed_at = to, clock.now()
    row.save(update_fields=["state", "changed_at"])
    return rows.article(row, _latest(row))


@transaction.atomic
def submit(actor: Actor, article: ArticleId) -> Article:
    """Ask for review."""
    return _move(actor, article, "submit", ArticleState.IN_REVIEW, policy.WRITE)


@transaction.atomic
def send_back(actor: Actor, article: ArticleId, note: str) -> Article:
    """Not yet: back to its author, with what is to be mended."""
    found = _move(actor, article, "send_back", ArticleState.DRAFT, policy.REVIEW)
    models.ArticleVersion.objects.filter(article=article, number=found.version).update(note=note)
    return found


@transaction.atomic
def publish(actor: Actor, article: ArticleId) -> Article:
    """Readers see the newest version from now on. Raises `ReviewedByAuthor`."""
    row = _locked(article)
    version = _latest(row)
    policy.require_reviewer(actor, version.author)
    policy.require("publish", ArticleState(row.state))
    now = clock.now()
    version.reviewed_by, version.published_at = actor.id, now
    version.save(update_fields=["reviewed_by", "published_at"])
    row.state, row.changed_at = ArticleState.PUBLISHED, now
    _readers_see(row, row.latest)
    row.save()
    return rows.article(row, version)


@transaction.atomic
def retire(actor: Actor, article: ArticleId) -> Article:
    """Nobody sees it any more; it stays and can be restored."""
    actor.require(policy.REVIEW)
    row = _locked(article)
    policy.require("retire", ArticleState(row.state))
    row.state, row.changed_at = ArticleState.RETIRED, clock.now()
    _readers_see(row, None)
    row.save()
    return rows.article(row, _latest(row))


@transaction.atomic
def restore(actor: Actor, article: ArticleId, version: int) -> Article:
    """An older version's texts become a new draft; this is also the way back for a retired article."""
    actor.require(policy.WRITE)
    row = _locked(article)
    policy.require("restore", ArticleState(row.state))
    old = row.versions.filter(number=version).first()
    if old is None:
        raise NotFound(f"This article has no version {version}.")
    now = clock.now()
    row.latest, row.state, row.changed_at = row.latest + 1, ArticleState.DRAFT, now
    row.save()
    old.pk, old._state.adding = new_id(), True  # a copy of everything the version said
    old.number, old.at, old.note = row.latest, now, f"restores version {version}"
    old.author, old.author_name, old.reviewed_by, old.published_at = actor.id, actor.name, None, None
    old.save()
    return rows.article(row, old)


@transaction.atomic
def import_articles(actor: Actor, new: Iterable[NewArticle]) -> dict[str, ArticleId]:
    """Bring reviewed articles in at once, published; those whose slug is known are left alone. For seeding."""
    actor.require(policy.REVIEW)
    now = clock.now()
    known: dict[str, UUID] = dict(models.Article.objects.values_list("slug", "id"))
    made = [_imported(one, now) for one in {n.slug: n for n in new}.values() if one.slug not in known]
    if made:
        models.Article.objects.bulk_create([row for row, _ in made], batch_size=200)
        for _, version in made:
            version.author_name, version.reviewed_by = actor.name, actor.id
        models.ArticleVersion.objects.bulk_create([version for _, version in made], batch_size=200)
        selectors.set_stamp(new_id())
        outbox.append(*(ArticleChanged(row.id, 1) for row, _ in made))
    return {s: ArticleId(i) for s, i in known.items()} | {row.slug: ArticleId(row.id) for row, _ in made}


def _imported(new: NewArticle, now: datetime) -> tuple[models.Article, models.ArticleVersion]:
    policy.require_readable(dict(new.texts))
    row = models.Article(slug=new.slug, state=ArticleState.PUBLISHED, latest=1, published=1, changed_at=now)
    return row, models.ArticleVersion(article=row, number=1, at=now, published_at=now, **_content(new))

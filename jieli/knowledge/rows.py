"""Rows to contracts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from jieli.knowledge import contracts as c
from jieli.knowledge import models, replies


def article(row: models.Article, version: models.ArticleVersion) -> c.Article:
    return c.Article(
        id=c.ArticleId(row.id),
        slug=row.slug,
        category=version.category,
        audience=c.Audience(version.audience),
        scope=msgspec.convert(version.scope, c.Scope),
        intents=tuple(version.intents),
        state=c.ArticleState(row.state),
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        version=version.number,
        published=row.published,
        texts=texts(version.texts),
        changed_at=row.changed_at,
    )


def texts(stored: Mapping[str, Any]) -> dict[str, c.Text]:
    return msgspec.convert(stored, dict[str, c.Text])


def version(row: models.ArticleVersion) -> c.Version:
    return c.Version(
        article=c.ArticleId(row.article_id),
        number=row.number,
        texts=texts(row.texts),
        author=row.author,
        author_name=row.author_name,
        reviewed_by=row.reviewed_by,
        at=row.at,
        published_at=row.published_at,
        note=row.note,
    )


def path(row: models.Path) -> c.Path:
    identity = {"id": str(row.id), "slug": row.slug, "intents": row.intents, "version": row.version}
    return msgspec.convert({**row.body, **identity}, c.Path)


def saved_reply(row: models.SavedReply) -> c.SavedReply:
    text = msgspec.convert(row.text, c.Words)
    return c.SavedReply(
        id=c.ReplyId(row.id),
        slug=row.slug,
        group=msgspec.convert(row.group, c.Words),
        title=msgspec.convert(row.title, c.Words),
        text=text,
        intents=tuple(row.intents),
        variables=replies.variables(text.zh + text.en),
    )


def plain(value: Any) -> Any:
    """A contract as JSON for a column."""
    return msgspec.to_builtins(value)

"""Whether what an answer quoted could be quoted: the version existed, was published, held, and was the readers' one."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from jieli.knowledge import models
from jieli.knowledge.contracts import ArticleState, Quote

_GRACE = timedelta(minutes=1)
"""An answer is written a little after the article was read; other processes hear of a change a little later."""


class _Version(NamedTuple):
    slug: str
    number: int
    published_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    state: str
    changed_at: datetime


_COLUMNS = (
    "article__slug", "number", "published_at", "valid_from", "valid_until", "article__state",
    "article__changed_at",
)  # fmt: skip


def wrong_articles(quotes: Collection[Quote]) -> dict[Quote, str]:
    """What is wrong with each quote, in words; those that are right are left out. One query."""
    rows = models.ArticleVersion.objects.filter(article__slug__in={one.slug for one in quotes})
    known: dict[str, dict[str, _Version]] = {}
    for row in map(_Version._make, rows.values_list(*_COLUMNS)):
        known.setdefault(row.slug, {})[str(row.number)] = row
    found = {one: _wrong(one, known.get(one.slug, {})) for one in quotes}
    return {one: what for one, what in found.items() if what}


def _wrong(quote: Quote, versions: Mapping[str, _Version]) -> str:
    name, at = f"version {quote.version or '?'} of the article “{quote.slug}”", quote.at
    version = versions.get(quote.version)
    if version is None:
        return f"{name} does not exist"
    if version.published_at is None or version.published_at > at + _GRACE:
        return f"{name} was not published then"
    if version.valid_from and version.valid_from > at + _GRACE:
        return f"{name} did not hold yet"
    if version.valid_until and version.valid_until < at - _GRACE:
        return f"{name} did not hold any more"
    if version.state == ArticleState.RETIRED and version.changed_at < at - _GRACE:
        return f"{name} had been retired"
    newer = [v for v in versions.values() if v.number > version.number and v.published_at]
    replaced = [v for v in newer if v.published_at and v.published_at < at - _GRACE]
    return f"{name} had been replaced by version {replaced[-1].number}" if replaced else ""


def wrong_paths(quotes: Collection[Quote]) -> dict[Quote, str]:
    """The same for resolution paths, of which only the newest version is kept."""
    rows = models.Path.objects.filter(slug__in={one.slug for one in quotes})
    known = dict(rows.values_list("slug", "version"))
    return {
        one: f"version {one.version or '?'} of the path “{one.slug}” does not exist"
        for one in quotes
        if not (one.version.isdecimal() and 0 < int(one.version) <= known.get(one.slug, 0))
    }

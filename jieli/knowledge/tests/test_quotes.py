"""Quotes of articles: the version that readers saw at that moment, and no other."""

from datetime import UTC, datetime, timedelta

import pytest

from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade
from jieli.knowledge.contracts import ArticleId, NewArticle, Quote, Text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _new(body: str, until: datetime | None = None) -> NewArticle:
    return NewArticle(slug="returns", texts={"zh": Text("怎么退货", body)}, valid_until=until)


def _wrong(version: str, at: datetime) -> str:
    quote = Quote("returns", version, at)
    return facade.misquoted_articles([quote]).get(quote, "")


def _publish(body: str) -> None:
    article = facade.save_draft(SYSTEM, _new(body))
    facade.submit(SYSTEM, ArticleId(article.id))
    facade.publish(SYSTEM, ArticleId(article.id))


def test_a_version_may_be_quoted_from_when_it_was_published_until_the_next() -> None:
    with clock.using(clock.ManualClock(NOW)):
        facade.import_articles(SYSTEM, [_new("七天内可退。")])
    with clock.using(clock.ManualClock(NOW + 2 * HOUR)):
        _publish("十五天内可退。")
    assert _wrong("1", NOW + HOUR) == ""
    assert _wrong("2", NOW + 3 * HOUR) == ""
    assert "not published then" in _wrong("1", NOW - HOUR)
    assert "not published then" in _wrong("2", NOW + HOUR)
    assert "replaced by version 2" in _wrong("1", NOW + 3 * HOUR)
    assert "does not exist" in _wrong("3", NOW + 3 * HOUR)


def test_a_draft_may_not_be_quoted() -> None:
    with clock.using(clock.ManualClock(NOW)):
        facade.save_draft(SYSTEM, _new("草稿"))
    assert "not published then" in _wrong("1", NOW + HOUR)


def test_an_article_may_be_quoted_only_while_it_holds() -> None:
    with clock.using(clock.ManualClock(NOW)):
        facade.import_articles(SYSTEM, [_new("双十一", until=NOW + HOUR)])
    assert _wrong("1", NOW + HOUR / 2) == ""
    assert "did not hold any more" in _wrong("1", NOW + 2 * HOUR)

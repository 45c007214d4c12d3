from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jieli.kernel import clock, laws, outbox
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.errors import Forbidden, NotFound
from jieli.knowledge import facade, models
from jieli.knowledge.contracts import Article, ArticleState, Change, NewArticle, Text
from jieli.knowledge.errors import NothingToRead, NotInThisState, ReviewedByAuthor
from jieli.knowledge.tests.makers import actor, article

pytestmark = pytest.mark.django_db

RETURNS = article("returns", "七天无理由退货", "签收后七天内可以退货。", "怎么退货")
BETTER = article("returns", "七天无理由退货", "签收后七天内可以退货。\n运费由我们出。", "怎么退货")


def _published(new: NewArticle = RETURNS) -> tuple[Article, Actor, Actor]:
    author, reviewer = actor("write", "read"), actor("review", "read")
    saved = facade.save_draft(author, new)
    facade.submit(author, saved.id)
    return facade.publish(reviewer, saved.id), author, reviewer


def _read(article: Article) -> str:
    found = facade.published(article.id)
    assert found is not None
    return found.texts["zh"].body


def test_readers_keep_the_published_version_while_the_next_is_written() -> None:
    published, author, reviewer = _published()
    draft = facade.save_draft(author, BETTER)
    assert (draft.version, draft.state, draft.published) == (2, ArticleState.DRAFT, 1)
    assert "运费" not in _read(published)
    facade.submit(author, draft.id)
    facade.publish(reviewer, draft.id)
    assert "运费" in _read(published)


def test_validity_and_audience_wait_for_review_too() -> None:
    published, author, _ = _published()
    ended = article("returns", "退货", "旧规则", valid_until=clock.now() - timedelta(days=1))
    facade.save_draft(author, ended)
    assert facade.search("怎么退货")[0].article == published.id


def test_saving_a_draft_again_is_the_same_version_for_its_author_and_a_new_one_for_others() -> None:
    author, other = actor("write"), actor("write")
    assert [facade.save_draft(who, RETURNS).version for who in (author, author, other, author)] == [
        1,
        1,
        2,
        3,
    ]


def test_nobody_publishes_what_they_wrote_unless_trusted_to() -> None:
    author = actor("write", "review", "read")
    saved = facade.save_draft(author, RETURNS)
    facade.submit(author, saved.id)
    with pytest.raises(ReviewedByAuthor):
        facade.publish(author, saved.id)
    trusted = actor("write", "review", "review_own")
    mine = facade.save_draft(trusted, article("other", "标题", "正文"))
    facade.submit(trusted, mine.id)
    assert facade.publish(trusted, mine.id).state is ArticleState.PUBLISHED


@pytest.mark.parametrize("command", ["submit", "publish", "send_back"])
def test_commands_are_refused_in_the_wrong_state(command: str) -> None:
    published, *_ = _published()
    more = ("",) if command == "send_back" else ()
    with pytest.raises(NotInThisState):
        getattr(facade, command)(SYSTEM, published.id, *more)


def test_a_version_sent_back_is_its_authors_draft_again() -> None:
    author = actor("write", "read")
    saved = facade.save_draft(author, RETURNS)
    facade.submit(author, saved.id)
    assert facade.send_back(actor("review"), saved.id, "缺英文").state is ArticleState.DRAFT
    assert facade.versions(author, saved.id)[0].note == "缺英文"


def test_retired_articles_are_found_by_nobody_and_can_come_back() -> None:
    published, author, reviewer = _published()
    facade.retire(reviewer, published.id)
    assert facade.search("怎么退货") == []
    restored = facade.restore(author, published.id, 1)
    assert (restored.version, restored.state) == (2, ArticleState.DRAFT)
    assert restored.texts == published.texts
    facade.submit(author, published.id)
    facade.publish(reviewer, published.id)
    assert facade.search("怎么退货")[0].version == 2


def test_the_difference_between_versions_is_told_line_by_line() -> None:
    published, author, _ = _published()
    facade.save_draft(author, BETTER)
    (diff,) = facade.changes(author, published.id, 1, 2)
    assert diff.at == "zh.body"
    assert [(line.change, line.text) for line in diff.lines] == [
        (Change.SAME, "签收后七天内可以退货。"),
        (Change.ADDED, "运费由我们出。"),
    ]
    with pytest.raises(NotFound):
        facade.changes(author, published.id, 1, 9)


@pytest.mark.parametrize("texts", [{}, {"zh": Text("", "正文")}, {"zh": Text("标题", " ")}])
def test_an_article_without_words_is_refused(texts: dict[str, Text]) -> None:
    with pytest.raises(NothingToRead):
        facade.save_draft(SYSTEM, NewArticle(slug="x", texts=texts))


def test_every_change_for_readers_is_an_event() -> None:
    published, _, reviewer = _published()
    facade.retire(reviewer, published.id)
    assert [e.payload["version"] for e in outbox.of(published.id)] == [1, 0]


def test_permissions() -> None:
    reader = actor("read")
    published, *_ = _published()
    for refused in (
        lambda: facade.save_draft(reader, RETURNS),
        lambda: facade.submit(reader, published.id),
        lambda: facade.retire(reader, published.id),
        lambda: facade.import_articles(reader, [RETURNS]),
        lambda: facade.article(actor(), published.id),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_importing_again_changes_nothing() -> None:
    first = facade.import_articles(SYSTEM, [RETURNS, BETTER])
    assert facade.import_articles(SYSTEM, [RETURNS]) == first
    assert [v.number for v in facade.versions(SYSTEM, first["returns"])] == [1]


def test_the_audit_finds_what_was_never_let_through() -> None:
    published, *_ = _published()
    assert not [b for b in laws.breaches() if b.subject == "returns"]
    models.ArticleVersion.objects.filter(article=published.id).update(published_at=None)
    assert [b.law for b in laws.breaches() if b.subject == "returns"] == [4]


def test_the_database_refuses_a_retired_article_that_is_read() -> None:
    published, *_ = _published()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Article.objects.filter(id=published.id).update(state=ArticleState.RETIRED)

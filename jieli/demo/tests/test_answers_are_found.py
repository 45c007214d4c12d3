"""How well the brand's own articles are found: the questions as customers might vary them, and questions nobody answers."""

import random
from collections.abc import Iterator

import pytest

from jieli.demo.brand.contracts import Article
from jieli.demo.brand.knowledge import articles
from jieli.demo.brand.policies import Policies
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import Audience, NewArticle, Query, Text

pytestmark = pytest.mark.django_db
_BEFORE, _AFTER = ("请问", "你好", "那个", "亲", "", ""), ("吗", "呢", "啊", "谢谢", "", "")
SURE = 0.5


def _load(shown: list[Article]) -> None:
    new = [
        NewArticle(slug=a.key, intents=a.intents, texts={"zh": Text(a.title.zh, a.body.zh, a.questions)})
        for a in shown
    ]
    knowledge.import_articles(SYSTEM, new)


def _varied(shown: list[Article]) -> Iterator[tuple[str, Article]]:
    """Each question with words around it, and in a third of them with a character missing."""
    rng = random.Random(7)
    for article in shown:
        for question in article.questions:
            cut = (
                rng.randrange(len(question)) if len(question) > 4 and rng.random() < 1 / 3 else len(question)
            )
            yield rng.choice(_BEFORE) + question[:cut] + question[cut + 1 :] + rng.choice(_AFTER), article


def _search(asked: list[tuple[str, Article]]) -> list[tuple[str, float]]:
    """The first hit of each question and how sure it is."""
    queries = [Query(text=text, intents=a.intents[:1], audience=Audience.BOTH, limit=1) for text, a in asked]
    return [(hits[0].slug, hits[0].score) if hits else ("", 0.0) for hits in knowledge.search_many(queries)]


def test_varied_questions_find_their_article_and_are_sure_of_it() -> None:
    shown = list(articles(Policies(), clock.now()))
    _load(shown)
    asked = list(_varied(shown))
    right = [slug == a.key for (slug, _), (_, a) in zip(_search(asked), asked, strict=True)]
    sure = [score >= SURE for _, score in _search(asked)]
    assert sum(right) / len(asked) > 0.95
    assert sum(r and s for r, s in zip(right, sure, strict=True)) / len(asked) > 0.9


def test_questions_whose_article_does_not_exist_are_mostly_refused() -> None:
    shown = list(articles(Policies(), clock.now()))
    _load([a for i, a in enumerate(shown) if i % 4])
    asked = list(_varied([a for i, a in enumerate(shown) if not i % 4]))
    sure = [score >= SURE for _, score in _search(asked)]
    assert sum(sure) / len(asked) < 0.25

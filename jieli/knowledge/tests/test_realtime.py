import pytest

from jieli.kernel.actor import SYSTEM
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Published
from jieli.knowledge import facade
from jieli.knowledge.tests.makers import actor, article

pytestmark = pytest.mark.django_db


def test_screens_are_told_what_readers_see_now() -> None:
    key = facade.import_articles(SYSTEM, [article("returns", "退货", "七天。")])["returns"]
    event = Published(
        7, "knowledge.article_changed", ("knowledge:articles",), {"article": str(key), "version": 1}
    )
    (frame,) = projections.frames([event])
    assert (frame.position, frame.data["slug"], frame.data["published"]) == (7, "returns", 1)
    facade.retire(SYSTEM, key)
    assert projections.frames([event])[0].data["state"] == "retired"


def test_only_readers_may_listen() -> None:
    assert topics.may_listen(actor("read"), "knowledge:articles")
    assert not topics.may_listen(actor(), "knowledge:articles")

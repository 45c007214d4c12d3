import pytest

from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Forbidden
from jieli.knowledge import facade
from jieli.knowledge.contracts import SavedReply, Words
from jieli.knowledge.tests.makers import actor

pytestmark = pytest.mark.django_db


def _save(slug: str, zh: str, en: str = "", **more: object) -> SavedReply:
    words = {"group": Words("物流", "Logistics"), "title": Words("催发货"), "text": Words(zh, en)}
    return facade.save_reply(SYSTEM, slug=slug, **(words | more))  # type: ignore[arg-type]


def test_variables_are_found_filled_and_the_missing_ones_named() -> None:
    reply = _save("ship", "{name}您好，订单 {order} 今天发出，{name}请放心。", "Order {order} ships today.")
    assert reply.variables == ("name", "order")
    assert facade.fill(reply, {"order": "123"}, "zh") == (
        "{name}您好，订单 123 今天发出，{name}请放心。",
        ("name",),
    )
    assert facade.fill(reply, {"order": "123"}, "en") == ("Order 123 ships today.", ())


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert facade.fill(_save("x", "{a}{b}"), {"a": "{b}", "b": "1"}, "zh")[0] == "{b}1"


def test_replies_are_found_by_their_words_with_the_fitting_intent_first() -> None:
    _save("a", "您好")
    _save("b", "马上发出", intents=("ship_when",))
    assert [r.slug for r in facade.saved_replies(actor("read"), intents=("ship_when",))] == ["b", "a"]
    assert [r.slug for r in facade.saved_replies(actor("read"), "发出")] == ["b"]


def test_importing_keeps_what_somebody_changed() -> None:
    _save("a", "改过的")
    words = Words("x")
    assert (
        facade.import_replies(SYSTEM, [("a", words, words, words, ()), ("b", words, words, words, ())]) == 1
    )
    assert facade.saved_replies(SYSTEM, "改过的")


def test_permissions_and_deletion() -> None:
    reply = _save("a", "您好")
    with pytest.raises(Forbidden):
        facade.delete_reply(actor("read"), reply.slug)
    facade.delete_reply(actor("write"), reply.slug)
    assert facade.saved_replies(SYSTEM) == []

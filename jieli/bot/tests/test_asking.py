import pytest

from jieli.bot import facade
from jieli.bot.contracts import Action
from jieli.bot.tests.makers import (
    ORDER,
    OTHER_ORDER,
    PERSON,
    TRACKING,
    after,
    entity,
    move,
    order,
    parcel,
    turn,
    with_facts,
    with_unknown,
)
from jieli.supply.contracts import Ask, FactKind, UnknownReason
from jieli.understanding.contracts import EntityKind, Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_several_orders_are_offered_once_and_chosen_by_number() -> None:
    facts = (order(), order(OTHER_ORDER, state="packed"))
    first = move(with_facts(turn("什么时候发货", I.SHIP_WHEN), *facts))
    assert first.action is Action.ASK
    assert len(first.options) == 2
    chosen = first.dialogue.candidates[1]
    second = move(with_facts(after(first, "第二个", I.OTHER, confidence=0.3), *facts))
    assert chosen in second.text
    assert second.action is Action.ANSWER
    assert second.dialogue.given["order_no"] == chosen


def test_a_chosen_order_is_asked_for_by_its_number() -> None:
    first = move(with_facts(turn("什么时候发货", I.SHIP_WHEN), order(), order(OTHER_ORDER)))
    asks = facade.needs([after(first, "2", I.PROVIDE_INFO)])[0]
    assert asks == (Ask(PERSON, FactKind.ORDER, first.dialogue.candidates[1]),)


def test_what_was_asked_once_and_not_given_goes_to_a_person_as_the_open_question() -> None:
    facts = (order(), order(OTHER_ORDER))
    first = move(with_facts(turn("什么时候发货", I.SHIP_WHEN), *facts))
    second = move(with_facts(after(first, "不知道啊", I.DENY), *facts))
    assert second.handover is not None
    assert ORDER in second.handover.open_questions[0].zh
    assert "?" not in second.text
    assert "？" not in second.text


def test_a_missing_order_number_is_asked_for_once() -> None:
    first = move(with_facts(turn("我的货呢", I.TRACK)))
    assert first.dialogue.asked == {"order_no": 1}
    assert facade.expecting(first.dialogue) == "order_no"
    given = after(first, ORDER, I.PROVIDE_INFO, entities=[entity(EntityKind.ORDER_NO, ORDER)])
    second = move(with_facts(given, parcel()))
    assert TRACKING in second.text
    third = move(with_facts(after(first, "没有", I.DENY)))
    assert third.handover is not None
    assert third.handover.why == "not_given"


def test_a_number_of_somebody_else_is_not_told_about() -> None:
    asked = turn(f"查{ORDER}", I.ORDER_QUERY, entities=[entity(EntityKind.ORDER_NO, ORDER)])
    first = move(with_unknown(asked, reason=UnknownReason.NOT_THEIRS, back_in_s=None))
    assert "手机号" in first.text
    assert first.dialogue.asked == {"phone": 1}
    gave = after(first, "13800000000", I.PROVIDE_INFO, entities=[entity(EntityKind.PHONE, "13800000000")])
    second = move(with_unknown(gave, reason=UnknownReason.NOT_THEIRS, back_in_s=None))
    assert second.handover is not None
    assert second.handover.why == "not_theirs"
    assert "13800000000" not in second.handover.summary.zh

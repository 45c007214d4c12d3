import pytest

from jieli.bot.contracts import Action, SourceKind
from jieli.bot.tests.makers import (
    TRACKING,
    article,
    move,
    parcel,
    turn,
    with_facts,
)
from jieli.understanding.contracts import Emotion, Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_each_matter_of_a_message_is_served() -> None:
    article("invoice-how", "怎么开发票", "订单详情里申请电子发票。", "能开发票吗", intents=("invoice",))
    both = turn("在吗，快递到哪了，能开发票吗", I.TRACK, I.INVOICE, I.GREETING)
    m = move(with_facts(both, parcel()))
    assert m.text.startswith("您好！")
    assert TRACKING in m.text
    assert "电子发票" in m.text
    assert {s.kind for s in m.sources} == {SourceKind.FACT, SourceKind.ARTICLE}


def test_worry_gets_the_facts_first_in_a_calm_tone() -> None:
    m = move(with_facts(turn("急死了到哪了", I.TRACK, emotion=Emotion.ANXIOUS), parcel()))
    assert m.text.startswith("理解您着急")
    assert m.action is Action.ANSWER


def test_anger_gets_what_is_known_and_a_person() -> None:
    m = move(with_facts(turn("什么破快递", I.TRACK, emotion=Emotion.ANGRY), parcel()))
    assert TRACKING in m.text
    assert m.handover is not None
    assert (m.handover.why, m.handover.skill, m.handover.urgent) == ("angry", "logistics", True)


def test_an_angry_customer_is_asked_nothing() -> None:
    m = move(with_facts(turn("什么破快递", I.TRACK, emotion=Emotion.ANGRY)))
    assert m.handover is not None
    assert "订单号" not in m.text
    assert m.dialogue.expecting == ""

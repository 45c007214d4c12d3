import pytest

from jieli.bot import facade
from jieli.bot.contracts import Action
from jieli.bot.tests.makers import (
    FACTS,
    ORDER,
    TRACKING,
    after,
    article,
    entity,
    move,
    parcel,
    turn,
    with_facts,
)
from jieli.understanding.contracts import Emotion, EntityKind, Intent, PreviousTurn

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_a_wish_for_a_person_comes_first_and_brings_the_facts_along() -> None:
    m = move(
        with_facts(
            turn("转人工", I.HUMAN_AGENT),
            *FACTS.values(),
        )
    )
    assert m.handover is not None
    assert m.handover.why == "asked"
    assert {note.source.ref for note in m.handover.facts} == {f"order:{ORDER}", f"parcel:{TRACKING}"}


def test_the_summary_tells_the_whole_story_in_both_languages() -> None:
    talked = (PreviousTurn("customer", "我电话13800000000"), PreviousTurn("bot", "您好"))
    about = turn(
        "包裹破了要赔",
        I.COMPLAINT,
        emotion=Emotion.ANGRY,
        previous=talked,
        name="林女士",
        tier="gold",
        entities=[entity(EntityKind.ORDER_NO, ORDER)],
        dialogue=facade.dialogue_of(
            {"given": {"phone": "13800000000"}, "intents": ["track"], "asked": {"order_no": 1}}
        ),
    )
    m = move(with_facts(about, parcel()))
    assert m.handover is not None
    zh, en = m.handover.summary.zh, m.handover.summary.en
    for said in (
        "林女士（金卡会员）",
        "投诉、查物流",
        "生气",
        "包裹破了要赔",
        ORDER,
        TRACKING,
        "来源：erp，3 分钟前",
        "询问过订单号",
    ):
        assert said in zh
    for said in (
        "林女士 (gold member)",
        "Complaint, Where the parcel is",
        ORDER,
        "source: erp, 3 min ago",
        "on its way",
    ):
        assert said in en
    assert "13800000000" not in zh + en


def test_the_same_matter_three_times_goes_to_a_person() -> None:
    m = move(with_facts(turn("到哪了", I.TRACK), parcel()))
    for _ in range(2):
        m = move(with_facts(after(m, "到哪了", I.TRACK), parcel()))
    assert m.handover is not None
    assert m.handover.why == "repeated"


def test_an_article_that_did_not_help_is_not_sent_again() -> None:
    article("returns", "怎么退货", "七天内可退。", "怎么退货", intents=("return_goods",))
    first = move(turn("怎么退货", I.RETURN_GOODS))
    assert first.text.startswith("七天内可退。")
    assert first.sources[0].ref == "returns"
    second = move(after(first, "怎么退货", I.RETURN_GOODS))
    assert "七天" not in second.text
    assert second.handover is not None


def test_yes_to_the_offer_of_a_person_hands_over_what_it_was_about() -> None:
    article("returns", "怎么退货", "七天内可退。", "怎么退货", intents=("return_goods",))
    first = move(turn("怎么退货", I.RETURN_GOODS))
    assert facade.expecting(first.dialogue) == "confirm"
    yes = move(after(first, "要", I.AFFIRM))
    assert yes.handover is not None
    assert (yes.handover.why, yes.handover.skill) == ("agreed", "aftersale")
    assert "退货" in yes.handover.open_questions[0].zh
    no = move(after(first, "不用", I.DENY))
    assert no.handover is None
    assert no.action is Action.ACKNOWLEDGE


def test_two_answers_that_do_not_help_are_enough() -> None:
    first = move(turn("嘛呢那个啥", I.ACCOUNT, confidence=0.2))
    assert (first.action, first.dialogue.failures) == (Action.ASK, 1)
    second = move(after(first, "就那个啥呀", I.ACCOUNT, confidence=0.2))
    assert second.handover is not None
    assert second.handover.why == "failed"


def test_no_to_an_answer_counts_as_one_that_did_not_help() -> None:
    told = move(with_facts(turn("到哪了", I.TRACK), parcel()))
    denied = move(after(told, "不是这个", I.DENY))
    assert (denied.action, denied.dialogue.failures) == (Action.ASK, 1)


def test_pictures_go_to_somebody_who_can_see_them() -> None:
    m = move(turn("", I.PROVIDE_INFO, type="image"))
    assert m.handover is not None
    assert "图片" in m.text
    assert m.handover.open_questions[0].en == "The customer sent pictures; please look"


def test_a_late_yes_to_the_offer_still_counts() -> None:
    article("returns", "怎么退货", "七天内可退。", "怎么退货", intents=("return_goods",))
    article("freight", "退货运费谁出", "我们出。", "运费谁出", intents=("return_goods",))
    first = move(turn("怎么退货", I.RETURN_GOODS))
    second = move(after(first, "运费谁出", I.RETURN_GOODS))
    assert second.action is Action.ANSWER
    assert move(after(second, "好的", I.AFFIRM)).handover is None
    assert move(after(second, "要的", I.AFFIRM)).handover is not None


def test_a_mere_guess_sends_nobody_off() -> None:
    first = move(turn("那个怎么弄的呀", I.PROMISE_CLAIM, confidence=0.2))
    assert first.action is Action.ASK
    assert first.dialogue.asked == {"rephrase": 1}


def test_a_complaint_heard_in_anger_goes_to_those_who_handle_complaints() -> None:
    m = move(turn("破空调，投诉你们", I.QUALITY_ISSUE, I.COMPLAINT, emotion=Emotion.ANGRY))
    assert m.handover is not None
    assert (m.handover.skill, m.handover.why) == ("complaint", "angry")


def test_three_different_questions_on_one_matter_are_three_answers() -> None:
    article("returns", "怎么退货", "七天内可退。", "怎么退货", intents=("return_goods",))
    article("freight", "退货运费谁出", "我们出。", "运费谁出", intents=("return_goods",))
    article("opened", "拆封还能退吗", "不影响。", "拆开了能退吗", intents=("return_goods",))
    m = move(turn("怎么退货", I.RETURN_GOODS))
    for asked in ("运费谁出", "拆开了能退吗"):
        m = move(after(m, asked, I.RETURN_GOODS))
        assert m.action is Action.ANSWER

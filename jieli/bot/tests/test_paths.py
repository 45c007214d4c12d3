from uuid import uuid4

import pytest

from jieli.bot import facade
from jieli.bot.contracts import Action, SourceKind
from jieli.bot.tests.makers import (
    TRACKING,
    after,
    at,
    move,
    parcel,
    path,
    refund,
    turn,
    with_facts,
)
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db
I = Intent  # noqa: E741 - reads better in tables


def test_a_path_is_walked_step_by_step_to_its_end() -> None:
    path()
    first = move(turn("空调不制冷", I.QUALITY_ISSUE))
    assert (first.action, first.options) == (Action.GUIDE, ("插好了", "没插好"))
    assert [(s.kind, s.ref, s.version) for s in first.sources] == [(SourceKind.PATH, "no-cooling", "1")]
    second = move(after(first, "插好了", I.AFFIRM))
    assert "什么颜色" in second.text
    end = move(after(second, "1", I.OTHER, confidence=0.2))
    assert end.handover is not None
    assert (end.handover.why, end.handover.skill) == ("path", "appliance_tech")
    assert "什么颜色" in end.handover.open_questions[0].zh
    assert "Which colour" in end.handover.summary.en
    assert end.dialogue.path is None
    ticket = move(after(second, "绿色", I.OTHER))
    assert ticket.handover is not None
    assert ticket.handover.ticket == "repair"
    solved = move(after(first, "没插好", I.DENY))
    assert (solved.action, solved.text, solved.handover) == (Action.ANSWER, "这样就好了。", None)


def test_an_answer_that_fits_no_choice_is_clarified_once() -> None:
    path()
    first = move(turn("空调不制冷", I.QUALITY_ISSUE))
    second = move(after(first, "嗡嗡响", I.OTHER, confidence=0.3))
    assert second.options == ("插好了", "没插好")
    third = move(after(second, "嗡嗡嗡", I.OTHER, confidence=0.3))
    assert third.handover is not None
    assert third.handover.why == "failed"


def test_turning_to_something_else_leaves_thepath() -> None:
    path()
    first = move(turn("空调不制冷", I.QUALITY_ISSUE))
    m = move(with_facts(after(first, "算了，我的退款呢", I.REFUND_STATUS), refund()))
    assert "T1001" in m.text
    assert m.dialogue.path is None


def test_a_path_that_was_taken_away_meanwhile_does_not_hold_anybody() -> None:
    first = facade.dialogue_of({"path": {"path": str(uuid4()), "step": "gone"}})
    assert move(turn("好了", I.AFFIRM, dialogue=first)).action is Action.ACKNOWLEDGE


def test_english_customers_are_answered_in_english() -> None:
    m = move(with_facts(turn("where is it", I.TRACK, locale="en"), parcel()))
    assert m.text == (
        f"Your parcel {TRACKING} (顺丰速运) is on its way; 20 min ago in 杭州: 离开杭州转运中心. "
        "It should arrive by tomorrow 18:00 (source: erp, 3 min ago)."
    )


def test_what_is_known_is_told_before_the_first_step() -> None:
    path(intents=("refund_status",))
    told = move(with_facts(turn("退款没到，空调不制冷", I.REFUND_STATUS), refund()))
    assert told.text.index("T1001") < told.text.index("插好了吗")
    assert {s.kind for s in told.sources} == {SourceKind.FACT, SourceKind.PATH}
    late = move(with_facts(turn("退款没到，空调不制冷", I.REFUND_STATUS), refund(due_at=at(hours=1))))
    assert late.handover is not None
    assert "插好了吗" not in late.text

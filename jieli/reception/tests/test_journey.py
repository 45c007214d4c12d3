"""One contact's whole way, through the public doors: in, understood, answered or handed over, tracked to closure."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from jieli.conversations import facade as conversations
from jieli.kernel import clock, deadlines, jobs, laws, outbox
from jieli.kernel.actor import Actor
from jieli.reception.tests.conftest import Say, export
from jieli.relay import facade as relay
from jieli.relay.contracts import Holder, HolderKind, Told
from jieli.routing import facade as routing
from jieli.routing.contracts import Presence

Handle = Callable[[], int]
Hire = Callable[..., Actor]


def _settle() -> None:
    """Everything that follows by itself: events, jobs, assignment."""
    for _ in range(5):
        outbox.publish()
        for queue in jobs.queues():
            jobs.run_due(queue)
        routing.assign()


def _holder() -> str:
    return str(export()[-1]["matter"]["holder"])


def test_a_message_becomes_work_with_holder_step_and_due_time(say: Say, handle: Handle) -> None:
    say("你好")
    assert handle() == 1
    (line,) = export()
    assert line["decision"]["action"] == "greet"
    assert line["decision"]["reasons"]
    assert line["decision"]["model"]
    assert line["matter"]["holder"].startswith("customer:")
    assert line["matter"]["next_step"]
    assert line["matter"]["due_at"]
    assert not list(laws.breaches())


def test_the_same_message_again_changes_nothing(say: Say, handle: Handle) -> None:
    first = say("我要转人工", message_id="same")
    again = say("我要转人工", message_id="same")
    assert first == again
    assert handle() == 1
    assert say("我要转人工", message_id="same") == first
    assert handle() == 0
    assert len(export()) == 1


def test_several_bubbles_get_one_answer_and_each_its_trace(say: Say, handle: Handle) -> None:
    for text in ("你好", "在吗", "转人工"):
        say(text)
    assert handle() == 3
    lines = export()
    assert [line["decision"]["action"] for line in lines] == ["joined", "joined", "hand_over"]
    assert [line["seq"] for line in lines] == [1, 2, 3]


def test_two_channels_of_one_phone_are_one_conversation(say: Say, handle: Handle) -> None:
    say("你好", sender="a", channel="app", phone="13800000001")
    handle()
    say("转人工", sender="b", channel="shop", phone="+86 138-0000-0001")
    handle()
    first, second = export()
    assert first["person"] == second["person"]
    assert first["conversation"] == second["conversation"]


def test_who_asks_for_a_person_gets_the_free_one_with_the_whole_context(
    say: Say, handle: Handle, staff: Hire
) -> None:
    agent = staff("lin")
    say("你好")
    handle()
    say("帮我转人工客服")
    handle()
    assert _holder() == "queue:general"
    _settle()
    assert _holder() == f"agent:{agent.id}"
    (conversation,) = conversations.open_states([_person()]).values()
    passed = relay.handovers_of([conversation.id])[conversation.id]
    assert [handover.to_holder.kind for handover in passed][-2:] == [HolderKind.QUEUE, HolderKind.AGENT]
    baton = passed[-1].baton
    assert baton.summary
    assert [one.code for one in baton.told][:2] == ["summary.who", "summary.wants"]
    assert Told("summary.why", {"why": {"code": "why.asked", "slots": {}}}) in baton.told
    assert len(baton.questions) == len(baton.open_questions)
    assert not list(laws.breaches())


def _person() -> UUID:
    return UUID(export()[-1]["person"])


def test_the_agents_answer_passes_the_baton_to_the_customer_and_back(
    say: Say, handle: Handle, staff: Hire
) -> None:
    agent = staff("lin")
    say("转人工")
    handle()
    _settle()
    conversation = _conversation()
    conversations.reply(agent, conversation=conversation, text="您好，我来帮您看。")
    assert _holder().startswith("customer:")
    say("好的，我的订单少发了一件")
    handle()
    assert _holder() == f"agent:{agent.id}"
    assert export()[-1]["decision"]["action"] == "to_holder"
    conversations.close(agent, conversation=conversation, wrap_up="solved")
    assert export()[-1]["matter"]["state"] == "closed"
    assert not list(laws.breaches())


def _conversation() -> UUID:
    return UUID(export()[-1]["conversation"])


def test_a_silent_agent_loses_the_conversation_and_gets_no_more(
    say: Say, handle: Handle, staff: Hire, house: clock.ManualClock
) -> None:
    silent = staff("lin")
    say("转人工")
    handle()
    _settle()
    other = staff("wei")
    house.shift(timedelta(seconds=61))
    deadlines.sweep()
    _settle()
    assert _holder() == f"agent:{other.id}"
    seat = routing.seat(silent.id) if silent.id else None
    assert seat is not None
    assert seat.presence is Presence.AWAY


def test_nobody_there_escalates_to_supervisors_and_never_drops(
    say: Say, handle: Handle, house: clock.ManualClock
) -> None:
    say("转人工")
    handle()
    for _ in range(4):
        house.shift(timedelta(minutes=6))
        deadlines.sweep()
        _settle()
        assert not list(laws.breaches())
    assert _holder() == "queue:supervisors"


def test_an_angry_customer_is_due_within_thirty_seconds(
    say: Say, handle: Handle, house: clock.ManualClock
) -> None:
    say("垃圾！你们就是骗子，再不解决我就去12315投诉！！！")
    handle()
    (line,) = export()
    assert line["decision"]["emotion"] == "angry"
    assert line["decision"]["action"] == "hand_over"
    assert line["matter"]["due_at"] == (house.now() + timedelta(seconds=30)).isoformat()


def test_never_to_somebody_offline_and_the_oldest_first_when_they_come(
    say: Say, handle: Handle, staff: Hire
) -> None:
    agent = staff("lin", presence=Presence.OFFLINE)
    for number in range(3):
        say("转人工", sender=f"c{number}")
        handle()
    _settle()
    assert all(line["matter"]["holder"] == "queue:general" for line in export())
    routing.set_presence(agent, Presence.ONLINE)
    _settle()
    held = [line["sender"] for line in export() if line["matter"]["holder"] == f"agent:{agent.id}"]
    assert sorted(held) == ["c0", "c1"]  # capacity two, oldest first


def test_an_agent_hands_over_with_questions_and_the_next_one_sees_them(
    say: Say, handle: Handle, staff: Hire
) -> None:
    first = staff("lin")
    say("转人工")
    handle()
    _settle()
    second = staff("wei")
    conversation = _conversation()
    routing.hand_over(
        first,
        conversation=conversation,
        to=Holder(HolderKind.AGENT, str(second.id)),
        why="要家电专家",
        summary="客户洗衣机不排水，已试过清理过滤器。",
        open_questions=["机器型号是什么"],
    )
    assert _holder() == f"agent:{second.id}"
    baton = relay.handovers_of([conversation])[conversation][-1].baton
    assert "不排水" in baton.summary
    assert baton.open_questions == ("机器型号是什么",)
    assert baton.told[0] == Told("passed.text", {"text": "客户洗衣机不排水，已试过清理过滤器。"})
    assert Told("passed.line", {"who": {"code": "holder.customer"}, "text": "转人工"}) in baton.told
    assert baton.questions == ()


def test_silence_of_the_customer_ends_the_talk_and_the_next_message_opens_another(
    say: Say, handle: Handle, house: clock.ManualClock
) -> None:
    say("你好")
    handle()
    house.shift(timedelta(hours=25))
    deadlines.sweep()
    assert export()[-1]["matter"]["state"] == "closed"
    say("你好")
    handle()
    first, second = export()
    assert first["conversation"] != second["conversation"]
    assert not list(laws.breaches())


def test_a_message_that_breaks_the_model_still_reaches_a_person(
    say: Say, handle: Handle, house: clock.ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jieli.bot import facade as bot

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bot, "answer_many", broken)
    say("你好")
    say("转人工", sender="c2")
    for _ in range(4):
        handle()
        house.shift(timedelta(minutes=2))
    lines = export()
    assert {line["matter"]["holder"] for line in lines} == {"queue:general"}
    assert all("reception_failed" in line["decision"]["reasons"][0] for line in lines)

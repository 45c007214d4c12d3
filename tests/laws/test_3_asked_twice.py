"""Law 3, nothing is asked twice: summary, facts, open questions and the whole thread go with the baton, across channels."""

from uuid import UUID

from jieli.conversations import facade as conversations
from jieli.reception import facade as reception
from jieli.relay import facade as relay
from jieli.relay.contracts import Baton, Holder, HolderKind
from jieli.routing import facade as routing
from tests.laws.client import Desk
from tests.laws.world import KNOWN_PHONE, TRACKING, World


def _talk() -> UUID:
    return UUID(list(reception.export_contacts())[-1]["conversation"])


def _baton() -> Baton:
    return relay.handovers_of([_talk()])[_talk()][-1].baton


def test_bot_to_agent_to_colleague_over_two_channels(world: World) -> None:
    world.say("app", "a", "我的快递到哪里了", phone=KNOWN_PHONE)
    world.receive()
    world.say("shop", "b", "转人工", phone=KNOWN_PHONE)
    world.receive()
    first = world.hire("lin")
    world.work()
    told = _baton()
    assert told.summary
    assert any(TRACKING in str(fact) for fact in told.facts), (
        "the parcel that the bot told of is not in the baton"
    )
    second = world.hire("wei", skills=("logistics",))
    routing.hand_over(
        first,
        conversation=_talk(),
        to=Holder(HolderKind.AGENT, str(second.id)),
        why="需要物流同事",
        summary="包裹两天没动，客户要改地址。",
        open_questions=["新地址是什么"],
    )
    desk = Desk("wei")
    shown = desk.get(f"/conversations/{_talk()}")
    assert "包裹两天没动" in shown["summary"]
    assert shown["open_questions"] == ["新地址是什么"]
    assert any(TRACKING in str(fact) for fact in shown["facts"])
    thread = desk.get(f"/conversations/{_talk()}/messages")["items"]
    said = [(line["channel"]["name"], line["text"]) for line in thread if line["direction"] == "in"]
    assert said == [("app", "我的快递到哪里了"), ("shop", "转人工")]


def test_taking_or_answering_what_the_bot_has_passes_what_was_said(world: World) -> None:
    """No queue was in between, so nobody has written a summary yet."""
    for number, act in enumerate(("take", "reply")):
        agent = world.hire(f"agent{number}", role="supervisor")
        world.say("app", f"c{number}", "你好")
        world.receive()
        if act == "take":
            routing.take(agent, conversation=_talk())
        else:
            conversations.reply(agent, conversation=_talk(), text="您好")
        assert "你好" in _baton().summary
    world.say("app", "c1", "在吗")
    world.receive()
    assert "你好" in _baton().summary


def test_what_escalates_by_itself_keeps_its_baton(world: World) -> None:
    world.say("app", "c1", "洗衣机不排水，转人工")
    world.receive()
    before = _baton()
    talk = _talk()
    relay.escalate(world.hire("lin", role="supervisor"), talk, "等太久")
    assert _baton() == before

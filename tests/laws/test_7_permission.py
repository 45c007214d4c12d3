"""Law 7, nothing leaves without permission: the window, its last message, muted customers, forbidden words, other ways."""

from datetime import timedelta
from uuid import UUID

import pytest

from jieli.channels import facade as channels
from jieli.channels.contracts import NewOutgoing, OutgoingId, SentBy
from jieli.conversations import facade as conversations
from jieli.conversations.errors import NotSent
from jieli.conversations.models import Message
from jieli.kernel import laws
from jieli.kernel.actor import BOT, SYSTEM, Actor
from jieli.kernel.ids import new_id
from jieli.reception import facade as reception
from jieli.routing import facade as routing
from tests.laws.world import World


def _talk() -> UUID:
    return UUID(list(reception.export_contacts())[-1]["conversation"])


def _taken(world: World, channel: str = "oa", **known: str) -> tuple[Actor, UUID]:
    agent = world.hire("lin", role="supervisor")
    world.say(channel, "c1", "转人工", **known)
    world.receive()
    routing.take(agent, conversation=_talk())
    return agent, _talk()


def test_five_leave_and_not_a_sixth(world: World) -> None:
    """One answer of the bot, then a person who cannot stop: WeChat lets five through, and we know before it says so."""
    world.platforms.mood = "strict"
    agent, talk = _taken(world)
    for number in range(8):
        conversations.reply(agent, conversation=talk, text=f"第 {number} 条")
        world.work()
    assert len(world.platforms.sent) == 5
    states = list(Message.objects.filter(direction="out").order_by("seq").values_list("delivery", flat=True))
    assert states.count("held") == 4
    assert world.platforms.left["c1"] == 0
    world.clock.shift(timedelta(minutes=1))
    world.say("oa", "c1", "在")
    world.receive()
    world.work()
    assert len(world.platforms.sent) == 9, "what waited for the window leaves, in order"
    assert [text for _, _, text in world.platforms.sent[5:]] == [f"第 {n} 条" for n in range(4, 8)]
    assert list(laws.breaches()) == []


def test_the_bot_leaves_the_last_one_to_people(world: World) -> None:
    """Silence after one message: whatever the bot is asked to say, it never takes the fifth."""
    world.say("oa", "c1", "你好")
    world.receive()
    (contact,) = channels.contacts_of(UUID(list(reception.export_contacts())[-1]["person"]))
    for _ in range(6):
        new = NewOutgoing(
            id=OutgoingId(new_id()), contact=contact.id, by=SentBy.BOT, conversation=_talk(), text="您还在吗"
        )
        channels.submit_many(BOT, [new])
    world.work()
    assert len(world.platforms.sent) == 4
    window = channels.windows([contact.id])[contact.id]
    assert window is not None
    assert window.left == 1


def test_after_two_days_only_another_channel_is_left(world: World) -> None:
    agent, talk = _taken(world, phone="13900000002")
    world.clock.shift(timedelta(hours=49))
    conversations.reply(agent, conversation=talk, text="问题解决了吗")
    world.work()
    held = Message.objects.filter(direction="out").order_by("-seq")[0]
    assert (held.delivery, held.delivery_reason) == ("held", "window_closed")
    world.say("app", "same", "你好", phone="13900000002")
    world.receive()
    conversations.reply(agent, conversation=talk, text="在这里回复您")
    world.work()
    assert world.platforms.sent[-1][2] == "在这里回复您"
    assert list(laws.breaches()) == []


def test_a_forbidden_word_stays_here(world: World) -> None:
    channels.put_sensitive_word(SYSTEM, "刷单返现")
    agent, talk = _taken(world)
    world.work()
    before = len(world.platforms.sent)
    with pytest.raises(NotSent):
        conversations.reply(agent, conversation=talk, text="加我微信刷单返现")
    world.work()
    assert len(world.platforms.sent) == before
    assert not Message.objects.filter(text__contains="刷单返现").exists()


def test_who_left_us_gets_nothing_more(world: World) -> None:
    agent, talk = _taken(world)
    world.work()
    world.deliver("oa", world.inbound("c1", "", message_id="bye", event="unsubscribe"))
    world.receive()
    before = len(world.platforms.sent)
    with pytest.raises(NotSent):
        conversations.reply(agent, conversation=talk, text="再看看我们的新品")
    world.work()
    assert len(world.platforms.sent) == before

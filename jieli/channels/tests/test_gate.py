"""What the gate stores and tells, against the database."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jieli.channels import audits, facade, held
from jieli.channels.contracts import (
    ChannelRef,
    ContactId,
    ContactKey,
    Delivery,
    GateVerdict,
    Heard,
    Media,
    MessageType,
    NewOutgoing,
    OutgoingId,
    SentBy,
)
from jieli.channels.models import Contact, Outgoing
from jieli.channels.tests.conftest import Make
from jieli.kernel import clock, decisions, laws
from jieli.kernel.actor import BOT, SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden

pytestmark = pytest.mark.django_db
AGENT = Actor(kind=ActorKind.HUMAN, id=uuid4(), permissions=frozenset({"conversation.reply"}))
PERSON = UUID(int=7)


@pytest.fixture
def wechat(now: ManualClock, make: Make) -> ChannelRef:
    return make("wechat")


def heard(channel: ChannelRef, sender: str = "oA", event: str = "", person: UUID = PERSON) -> ContactId:
    act = Heard(contact=ContactKey(channel.id, sender), person=person, at=clock.now(), event=event)
    return facade.note_inbound_many([act])[0]


def message(contact: ContactId, text: str = "好的", by: SentBy = SentBy.BOT, **given: Any) -> NewOutgoing:
    return NewOutgoing(
        id=OutgoingId(uuid4()), contact=contact, by=by, conversation=UUID(int=1), text=text, **given
    )


def submit(contact: ContactId, by: SentBy = SentBy.BOT, text: str = "好的", **given: Any) -> GateVerdict:
    return facade.submit_many(SYSTEM, [message(contact, text, by, **given)])[0]


def told(verdict: GateVerdict) -> tuple[str, str]:
    return verdict.reason, verdict.state


def test_the_bot_leaves_the_last_message_to_a_human(wechat: ChannelRef) -> None:
    contact = heard(wechat)
    verdicts = facade.submit_many(BOT, [message(contact) for _ in range(5)])
    assert [told(v) for v in verdicts] == [("in_window", "queued")] * 4 + [("reserved_for_human", "held")]
    assert told(submit(contact, SentBy.AGENT)) == ("in_window", "queued")
    assert told(submit(contact, SentBy.AGENT)) == ("quota_used", "held")
    window = facade.windows([contact])[contact]
    assert window is not None
    assert (window.left, window.limit) == (0, 5)


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(wechat: ChannelRef) -> None:
    def cost(count: int) -> int:
        people = [uuid4() for _ in range(count)]
        acts = [Heard(contact=ContactKey(wechat.id, str(p)), person=p, at=clock.now()) for p in people]
        with CaptureQueriesContext(connection) as queries:
            contacts = facade.note_inbound_many(acts)
            facade.submit_many(BOT, [message(contact) for contact in contacts])
        return len(queries)

    cost(1)
    assert cost(40) == cost(1)


def test_another_contact_of_the_person_takes_over(wechat: ChannelRef, make: Make, now: ManualClock) -> None:
    contact = heard(wechat)
    web = heard(make("web"), "v-1")
    now.shift(timedelta(hours=49))
    verdict = submit(contact)
    assert (verdict.allowed, verdict.reason, verdict.contact, verdict.state) == (
        True,
        "fallback",
        web,
        "sent",
    )
    [decision] = decisions.of(verdict.outgoing, "channels.gate")
    assert decision.reasons == ("fallback",)
    assert submit(contact, fallback=False).reason == "window_closed"
    stranger = heard(wechat, "oB", person=UUID(int=8))
    now.shift(timedelta(hours=49))
    assert told(submit(stranger)) == ("window_closed", "held")


def test_web_messages_are_sent_at_once(make: Make, now: ManualClock) -> None:
    verdict = submit(heard(make("web"), "v-1"))
    assert told(verdict) == ("free", "sent")
    assert not facade.send_due()
    facade.delivered_many([verdict.outgoing])
    facade.delivered_many([verdict.outgoing])
    assert facade.outgoing([verdict.outgoing])[verdict.outgoing].state == "delivered"


def test_sensitive_words_block_and_warn_with_their_place(make: Make, now: ManualClock) -> None:
    facade.put_sensitive_word(SYSTEM, "最便宜")
    facade.put_sensitive_word(SYSTEM, "保证", blocks=False)
    contact = heard(make("web"), "v-1")
    blocked = submit(contact, SentBy.AGENT, "我们最便宜")
    assert told(blocked) == ("sensitive_word", "blocked")
    assert [(w.word, w.at) for w in blocked.words] == [("最便宜", 2)]
    warned = submit(contact, SentBy.AGENT, "保证今天发货")
    assert (warned.allowed, warned.words[0].blocks) == (True, False)
    facade.remove_sensitive_word(SYSTEM, "最便宜")
    assert submit(contact, SentBy.AGENT, "我们最便宜").allowed
    assert [hit.word for hit in facade.find_sensitive("保证")] == ["保证"]


def test_a_customer_who_wants_silence_gets_it_until_they_write(wechat: ChannelRef, now: ManualClock) -> None:
    contact = heard(wechat)
    now.shift(timedelta(seconds=1))
    facade.mute([contact])
    assert submit(contact, SentBy.AGENT).reason == "muted"
    now.shift(timedelta(seconds=1))
    heard(wechat)
    assert submit(contact, SentBy.BOT).allowed
    assert submit(contact, SentBy.SYSTEM).reason == "muted"
    facade.mute([contact], muted=False)
    assert submit(contact, SentBy.SYSTEM).allowed


def test_unfollowing_shuts_everything(wechat: ChannelRef, now: ManualClock) -> None:
    contact = heard(wechat)
    now.shift(timedelta(seconds=1))
    heard(wechat, event="unsubscribe")
    assert submit(contact, SentBy.AGENT).reason == "muted"
    assert facade.windows([contact]) == {contact: None}
    now.shift(timedelta(seconds=1))
    heard(wechat, event="subscribe")
    assert submit(contact).reason == "in_window"


def test_held_messages_of_people_leave_when_the_customer_writes_again(
    wechat: ChannelRef, now: ManualClock, heard_of: list[Delivery]
) -> None:
    contact = heard(wechat)
    now.shift(timedelta(hours=49))
    first, bot, second = (submit(contact, by) for by in (SentBy.AGENT, SentBy.BOT, SentBy.SYSTEM))
    assert {v.state for v in (first, bot, second)} == {"held"}
    heard(wechat)
    states = facade.outgoing([first.outgoing, bot.outgoing, second.outgoing])
    assert (states[first.outgoing].state, states[second.outgoing].state) == ("queued", "queued")
    assert (states[bot.outgoing].state, states[bot.outgoing].reason) == ("blocked", "superseded")
    order = list(Outgoing.objects.filter(state="queued").order_by("seq").values_list("id", flat=True))
    assert order == [first.outgoing, second.outgoing]
    assert len(heard_of) == 3


def test_a_person_may_release_what_was_kept_for_people(wechat: ChannelRef) -> None:
    contact = heard(wechat)
    facade.submit_many(BOT, [message(contact) for _ in range(4)])
    kept = submit(contact)
    with pytest.raises(Forbidden):
        facade.release(Actor(kind=ActorKind.HUMAN), [kept.outgoing])
    [released] = facade.release(AGENT, [kept.outgoing])
    assert told(released) == ("in_window", "queued")
    assert facade.outgoing([kept.outgoing])[kept.outgoing].by == "agent"


def test_held_messages_do_not_wait_for_ever(wechat: ChannelRef, now: ManualClock) -> None:
    contact = heard(wechat)
    now.shift(timedelta(hours=49))
    verdict = submit(contact, SentBy.AGENT)
    held.drop_old()
    assert facade.outgoing([verdict.outgoing])[verdict.outgoing].state == "held"
    now.shift(timedelta(hours=49))
    held.drop_old()
    view = facade.outgoing([verdict.outgoing])[verdict.outgoing]
    assert (view.state, view.reason) == ("blocked", "held_too_long")


def test_submitting_the_same_message_again_changes_nothing(wechat: ChannelRef) -> None:
    new = message(heard(wechat))
    first = facade.submit_many(SYSTEM, [new])
    assert facade.submit_many(SYSTEM, [new]) == first
    assert Outgoing.objects.count() == 1
    assert Contact.objects.get().windows[0]["used"] == 1


def test_who_may_speak(wechat: ChannelRef) -> None:
    contact = heard(wechat)
    for actor, by in ((Actor(kind=ActorKind.HUMAN), SentBy.AGENT), (BOT, SentBy.AGENT), (AGENT, SentBy.BOT)):
        with pytest.raises(Forbidden):
            facade.submit_many(actor, [message(contact, by=by)])


def test_a_contact_nobody_knows(now: ManualClock) -> None:
    assert told(submit(ContactId(uuid4()))) == ("unknown_contact", "blocked")


def test_kinds_of_messages(wechat: ChannelRef, make: Make) -> None:
    contact = heard(wechat)
    picture = Media(url="https://img.example.test/1.png")
    assert submit(contact, type=MessageType.IMAGE, media=picture, text="").allowed
    assert submit(contact, type=MessageType.LOCATION).reason == "type_not_supported"
    call = heard(make("cti"), "13800000000", "call.ended", UUID(int=9))
    assert submit(call).reason == "cannot_send"
    deaf = heard(make("open"), "u1", person=UUID(int=10))
    assert submit(deaf).reason == "cannot_send"


def test_contacts_of_a_person_are_masked_and_the_last_heard_comes_first(
    wechat: ChannelRef, make: Make, now: ManualClock
) -> None:
    first = heard(wechat, "oABCDEFGHIJ")
    now.shift(timedelta(hours=1))
    second = heard(make("cti"), "13812345678", "call.ringing")
    views = facade.contacts_of(PERSON)
    assert [view.id for view in views] == [second, first]
    assert [view.masked for view in views] == ["138****5678", "oAB****GHIJ"]
    assert [view.open for view in views] == [False, True]
    facade.move_contacts([first], UUID(int=9))
    assert [view.id for view in facade.contacts_of(UUID(int=9))] == [first]
    assert "oABCDEFGHIJ" not in repr(Contact.objects.values("sender_index", "windows"))


def test_one_batch_may_hold_several_acts_of_one_contact(wechat: ChannelRef) -> None:
    at = clock.now()
    key = ContactKey(wechat.id, "oA")
    acts = [
        Heard(contact=key, person=PERSON, at=at, event="subscribe"),
        Heard(contact=key, person=PERSON, at=at + timedelta(seconds=1)),
        Heard(contact=ContactKey(wechat.id, "oB"), person=UUID(int=8), at=at),
    ]
    first, second, other = facade.note_inbound_many(acts)
    assert first == second != other
    assert {w["kind"] for w in Contact.objects.get(id=first).windows} == {"follow", "message"}


def test_the_audits_find_what_left_without_permission(wechat: ChannelRef) -> None:
    ok = submit(heard(wechat))
    Outgoing.objects.filter(id=ok.outgoing).update(state="sent", sent_at=clock.now())
    assert [breach for breach in laws.breaches() if breach.audit.startswith("channels.")] == []
    Outgoing.objects.filter(id=ok.outgoing).update(sent_at=clock.now() + timedelta(hours=48))
    assert len(list(audits.left_without_permission())) == 1
    Outgoing.objects.filter(id=ok.outgoing).update(window=None, verdict="muted")
    assert len(list(audits.left_without_permission())) == 1
    assert len(list(audits.left_without_window())) == 1

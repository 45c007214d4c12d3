"""Messages on their way out, against a platform on localhost."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from jieli.channels import audits, directory, facade, sending
from jieli.channels.adapters.port import Sent
from jieli.channels.contracts import (
    ChannelRef,
    ContactId,
    ContactKey,
    Delivery,
    DeliveryState,
    Heard,
    Media,
    MessageType,
    NewOutgoing,
    OutgoingId,
    OutgoingView,
    SentBy,
)
from jieli.channels.models import AccessToken, Contact, Outgoing
from jieli.channels.tests import platform
from jieli.channels.tests.conftest import NOW, SECRET, Make
from jieli.channels.tests.platform import Platform
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


@pytest.fixture
def server() -> Iterator[Platform]:
    with platform.running() as running:
        yield running


@pytest.fixture
def wechat(server: Platform, now: ManualClock, make: Make) -> ChannelRef:
    return make("wechat", api_base=server.url)


def contact(channel: ChannelRef, sender: str = "oA", person: int = 7) -> ContactId:
    act = Heard(contact=ContactKey(channel.id, sender), person=UUID(int=person), at=clock.now())
    return facade.note_inbound_many([act])[0]


def submit(to: ContactId, text: str = "好的", by: SentBy = SentBy.AGENT, **given: object) -> OutgoingId:
    one = OutgoingId(uuid4())
    new = NewOutgoing(id=one, contact=to, by=by, conversation=UUID(int=1), text=text, **given)  # type: ignore[arg-type]
    facade.submit_many(SYSTEM, [new])
    return one


def work() -> None:
    while facade.send_due():
        pass


def state(one: OutgoingId) -> OutgoingView:
    return facade.outgoing([one])[one]


def test_a_text_reaches_wechat_as_its_document_says(
    wechat: ChannelRef, server: Platform, heard_of: list[Delivery]
) -> None:
    one = submit(contact(wechat), "您好😀 “引号”")
    work()
    assert server.sent == [{"touser": "oA", "msgtype": "text", "text": {"content": "您好😀 “引号”"}}]
    assert (state(one).state, state(one).sent_at) == ("sent", NOW)
    assert heard_of == [Delivery(one, UUID(int=1), DeliveryState.SENT)]


def test_one_token_serves_many_messages_and_is_kept_sealed(wechat: ChannelRef, server: Platform) -> None:
    to = contact(wechat)
    for _ in range(3):
        submit(to)
    work()
    assert server.tokens == ["token-1"]
    assert AccessToken.objects.get().token == "token-1"
    assert AccessToken.objects.get().expires_at == NOW + timedelta(seconds=7200 - 300)


@pytest.mark.parametrize("code", [40001, 42001, 40014])
def test_a_refused_token_is_renewed_once_and_the_message_goes(
    wechat: ChannelRef, server: Platform, code: int
) -> None:
    server.errors = [code]
    one = submit(contact(wechat))
    work()
    assert (state(one).state, server.tokens, len(server.sent)) == ("sent", ["token-1", "token-2"], 1)


def test_a_token_that_somebody_else_renewed_is_used(wechat: ChannelRef, server: Platform) -> None:
    to = contact(wechat)
    submit(to)
    work()
    server.tokens.append("theirs")
    AccessToken.objects.update(token="theirs")
    submit(to)
    work()
    assert server.tokens == ["token-1", "theirs"]


def test_an_expired_token_is_renewed_before_it_is_refused(
    wechat: ChannelRef, server: Platform, now: ManualClock
) -> None:
    to = contact(wechat)
    submit(to)
    work()
    now.shift(timedelta(seconds=6901))
    submit(to)
    work()
    assert len(server.tokens) == 2


def test_many_senders_at_once_ask_for_one_token(wechat: ChannelRef, server: Platform) -> None:
    ids = [submit(contact(wechat, f"o{n}", n + 1)) for n in range(6)]
    carrier = sending.Carrier()
    while carrier.turn():
        pass
    assert {state(one).state for one in ids} == {"sent"}
    assert len(server.tokens) == 1


def test_a_slow_platform_does_not_hold_up_another(
    wechat: ChannelRef, server: Platform, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()
    slow_line = make("open", secret="s" * 32, callback_url=f"{server.url}/open")
    line = directory.line(slow_line.id)
    monkeypatch.setattr(line.adapter, "send", lambda _: answer.wait(30) and Sent())
    slow, quick = submit(contact(slow_line)), submit(contact(wechat))
    carrier = sending.Carrier()
    while state(quick).state != "sent":
        carrier.turn()
    assert state(slow).state == "sending"
    answer.set()
    carrier.finish()
    assert state(slow).state == "sent", "what was on its way when the worker stops is noted"


@pytest.mark.parametrize(("code", "expected"), [(40003, "failed"), (45002, "failed"), (99999, "failed")])
def test_what_repeating_cannot_mend_fails(
    wechat: ChannelRef, server: Platform, code: int, expected: str
) -> None:
    server.errors = [code]
    to = contact(wechat)
    one, two = submit(to), submit(to)
    work()
    assert state(one).state == expected
    assert str(code) in state(one).reason
    assert state(two).state == "sent"
    window = facade.windows([to])[to]
    assert window is not None
    assert window.left == 4


@pytest.mark.parametrize(
    ("code", "wait_s"), [(-1, 5), (45009, 3600), (45011, 60), (40164, 300), (48001, 300)]
)
def test_what_time_can_mend_is_tried_again_and_nothing_overtakes(
    wechat: ChannelRef, server: Platform, now: ManualClock, code: int, wait_s: int
) -> None:
    server.errors = [code]
    to = contact(wechat)
    one, two = submit(to, "1"), submit(to, "2")
    work()
    assert (state(one).state, state(two).state) == ("queued", "queued")
    three = submit(to, "3")
    now.shift(timedelta(seconds=wait_s - 1))
    work()
    assert server.sent == []
    now.shift(timedelta(seconds=1))
    work()
    assert [said["text"]["content"] for said in server.sent] == ["1", "2", "3"]
    assert {state(o).state for o in (one, two, three)} == {"sent"}
    assert list(audits.overtaken()) == []


def test_an_outage_is_survived_and_in_the_end_given_up(
    wechat: ChannelRef, server: Platform, now: ManualClock
) -> None:
    server.statuses = [500] * sending.MOST_ATTEMPTS
    to = contact(wechat)
    one, two = submit(to, "1"), submit(to, "2")
    for _ in range(sending.MOST_ATTEMPTS + 1):
        work()
        now.shift(timedelta(seconds=4400))
    assert state(one).state == "failed"
    assert "gave up" in state(one).reason
    assert state(two).state == "sent"


@pytest.mark.parametrize(("code", "left"), [(45015, None), (45047, 0)])
def test_wechat_knows_the_window_better(
    wechat: ChannelRef, server: Platform, heard_of: list[Delivery], code: int, left: int | None
) -> None:
    server.errors = [code]
    to = contact(wechat)
    one, two = submit(to, "1"), submit(to, "2", by=SentBy.BOT)
    work()
    window = facade.windows([to])[to]
    assert (window.left if window else None) == left
    assert (state(one).state, server.sent[:0]) == ("held", [])
    assert submit_reason(to) in {"window_closed", "quota_used"}
    assert [change.state for change in heard_of if change.outgoing == one] == ["held"]
    assert state(two).state in {"held", "sent"}


def submit_reason(to: ContactId) -> str:
    new = NewOutgoing(id=OutgoingId(uuid4()), contact=to, by=SentBy.AGENT, conversation=UUID(int=1), text="x")
    return facade.submit_many(SYSTEM, [new])[0].reason


def test_a_shut_window_sends_the_message_to_the_other_contact(
    wechat: ChannelRef, server: Platform, make: Make
) -> None:
    other = contact(make("open", callback_url=f"{server.url}/callback"), "u1")
    to = contact(wechat)
    server.errors = [45015]
    one = submit(to, "在别处")
    work()
    assert (state(one).state, state(one).contact) == ("sent", other)
    assert msgspec.json.decode(server.bodies[0][1])["text"] == "在别处"


def test_a_window_that_closes_while_the_message_waits(
    wechat: ChannelRef, server: Platform, now: ManualClock
) -> None:
    one = submit(contact(wechat))
    now.shift(timedelta(hours=48))
    work()
    assert (state(one).state, server.sent) == ("held", [])
    assert Outgoing.objects.get(id=one).verdict == "window_closed"


def test_a_worker_that_dies_while_sending_is_replaced(
    wechat: ChannelRef, server: Platform, now: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = contact(wechat)
    one, two = submit(to, "1"), submit(to, "2")

    def dies(*_: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_attempt", dies)
        with pytest.raises(SystemExit):
            facade.send_due()
    assert state(one).state == "sending"
    now.shift(timedelta(seconds=61))
    work()
    assert server.sent == []
    now.shift(timedelta(seconds=30))
    work()
    assert [said["text"]["content"] for said in server.sent] == ["1", "2"]
    assert {state(one).state, state(two).state} == {"sent"}


def test_concurrent_workers_send_each_message_once_and_in_order(wechat: ChannelRef, server: Platform) -> None:
    people = [contact(wechat, f"o{n}", n + 1) for n in range(4)]
    for n in range(4):
        for to in people:
            submit(to, str(n))
    threads = [threading.Thread(target=_work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    assert len(server.sent) == 16
    for n in range(4):
        assert [s["text"]["content"] for s in server.sent if s["touser"] == f"o{n}"] == ["0", "1", "2", "3"]


def _work() -> None:
    from django.db import connections

    work()
    connections.close_all()


def test_agents_racing_for_the_last_messages_of_a_window(wechat: ChannelRef) -> None:
    to = contact(wechat)
    reasons: list[str] = []

    def race() -> None:
        from django.db import connections

        reasons.extend(submit_reason(to) for _ in range(3))
        connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reasons) == ["in_window"] * 5 + ["quota_used"] * 7
    assert list(audits.over_quota()) == []


def test_a_picture_is_uploaded_first(wechat: ChannelRef, server: Platform) -> None:
    to = contact(wechat)
    one = submit(to, "", type=MessageType.IMAGE, media=Media(url=f"{server.url}/picture.png"))
    submit(to, "", type=MessageType.IMAGE, media=Media(media_id="known"))
    bad = submit(to, "", type=MessageType.IMAGE, media=Media(url=f"{server.url}/page.html"))
    work()
    assert b"\x89PNG picture" in server.uploads[0]
    assert b'filename="picture.png"' in server.uploads[0]
    assert [said["image"]["media_id"] for said in server.sent] == ["media-1", "known"]
    assert (state(one).state, state(bad).state) == ("sent", "failed")


def test_other_kinds_of_messages(wechat: ChannelRef, server: Platform) -> None:
    to = contact(wechat)
    submit(to, "看这里", type=MessageType.LINK, media=Media(url="https://shop.example.test/1"))
    submit(to, "订单", type=MessageType.CARD, media=Media(url="pages/o", name="wxapp", media_id="thumb"))
    work()
    assert server.sent[0]["text"]["content"] == "看这里\nhttps://shop.example.test/1"
    assert server.sent[1]["miniprogrampage"] == {
        "title": "订单",
        "appid": "wxapp",
        "pagepath": "pages/o",
        "thumb_media_id": "thumb",
    }


def test_the_open_channel_answers_by_signed_webhook(server: Platform, now: ManualClock, make: Make) -> None:
    to = contact(make("open", callback_url=f"{server.url}/callback"), "u1")
    server.statuses = [503]
    one = submit(to, "你好", reply_to_event="evt")
    work()
    assert state(one).state == "queued"
    now.shift(timedelta(seconds=2))
    work()
    [(headers, body)] = server.bodies
    said = msgspec.json.decode(body)
    assert (said["id"], said["to"], said["text"], said["in_reply_to"]) == (
        str(one),
        {"id": "u1"},
        "你好",
        "evt",
    )
    stamp, proof = (part.partition("=")[2] for part in headers["x-jieli-signature"].split(","))
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(proof, expected)
    assert (state(one).state, Outgoing.objects.get(id=one).platform_id) == ("sent", "theirs-1")


def test_a_receiver_that_refuses_for_good(server: Platform, now: ManualClock, make: Make) -> None:
    to = contact(make("open", callback_url=f"{server.url}/callback"), "u1")
    server.statuses = [410]
    one = submit(to)
    work()
    assert state(one).state == "failed"


def test_a_channel_switched_off_keeps_its_messages(
    wechat: ChannelRef, server: Platform, now: ManualClock
) -> None:
    one = submit(contact(wechat))
    facade.change_channel(SYSTEM, name="wechat", settings={}, enabled=False)
    work()
    assert state(one).state == "queued"
    facade.change_channel(SYSTEM, name="wechat", settings={}, enabled=True)
    now.shift(timedelta(minutes=6))
    work()
    assert state(one).state == "sent"


def test_the_test_of_a_channel_is_a_real_round_trip(wechat: ChannelRef, server: Platform, make: Make) -> None:
    good = facade.test_channel(SYSTEM, "wechat")
    assert good.ok
    assert server.tokens == ["token-1"]
    server.token_error = 40125
    bad = facade.test_channel(SYSTEM, "wechat")
    assert not bad.ok
    assert "app_secret" in bad.lines[-1]
    make("open", callback_url=f"{server.url}/callback")
    assert facade.test_channel(SYSTEM, "open").ok
    assert msgspec.json.decode(server.bodies[0][1])["type"] == "ping"
    for kind in ("cti", "web"):
        make(kind)
        assert facade.test_channel(SYSTEM, kind).ok


def test_a_wrong_secret_keeps_messages_until_it_is_mended(
    wechat: ChannelRef, server: Platform, now: ManualClock
) -> None:
    server.token_error = 40125
    one = submit(contact(wechat))
    work()
    assert "app_secret" in Outgoing.objects.get(id=one).reason
    server.token_error = 0
    now.shift(timedelta(seconds=300))
    work()
    assert state(one).state == "sent"
    assert Contact.objects.get().windows[0]["used"] == 1

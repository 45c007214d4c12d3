"""Durable, once, in order: whatever the order of arrival, however the database fails."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
import pytest
from django.db import DataError, OperationalError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jieli.channels import audits, committer, examinations, facade, inbox, inserts
from jieli.channels.arrivals import Arrival
from jieli.channels.contracts import LANES, Accepted, ChannelRef, Inbound, InboxId, MessageType, Sender
from jieli.channels.errors import InboxAlreadyHandled
from jieli.channels.models import Inbox
from jieli.channels.tests.conftest import NOW, Answer, Make, hook, hooked, signed
from jieli.kernel import clock, counters, crypto, outbox, wake
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/hooks/open/open"
Store = Callable[[Sequence[Arrival]], list[Accepted]]


@pytest.fixture
def channel(now: ManualClock, make: Make) -> ChannelRef:
    return make("open")


def inbound(message_id: str, sender: str = "u1", text: str = "在吗") -> Inbound:
    return Inbound(
        message_id=message_id, sender=Sender(sender), type=MessageType.TEXT, sent_at=clock.now(), text=text
    )


def pending() -> list[str]:
    return [item.inbound.message_id for item in facade.claim_inbox(range(LANES), 5000)]


async def _many(bodies: Sequence[bytes]) -> list[Answer]:
    def headers(body: bytes) -> dict[str, str]:
        return dict([facade.signed_header("a-secret-of-the-test", body, NOW)])

    return await asyncio.gather(*(hooked(URL, body, headers=headers(body)) for body in bodies))


def body(message_id: str, sender: str = "u1") -> bytes:
    return msgspec.json.encode({"message_id": message_id, "sender": {"id": sender}, "text": "x"})


def test_requests_at_once_share_commits_and_keep_their_order(
    channel: ChannelRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    store = inserts.store

    def counted(rows: Sequence[Arrival]) -> list[Accepted]:
        commits.append(len(rows))
        return store(rows)

    monkeypatch.setattr(inserts, "store", counted)
    bodies = [body(f"m{n}", f"u{n % 5}") for n in range(300)]
    answers = asyncio.run(_many([one for one in bodies for _ in range(3)]))
    assert {answer.status for answer in answers} == {202}
    assert sum(commits) == 900
    assert len(commits) < 450
    assert pending() == [f"m{n}" for n in range(300)]
    for n in range(300):
        assert len({answer.ids[0] for answer in answers[3 * n : 3 * n + 3]}) == 1


def test_a_sender_stays_in_one_lane_and_lanes_are_used_evenly(channel: ChannelRef) -> None:
    facade.accept_now(channel.id, [inbound(f"{s}-{n}", f"u{s}") for s in range(300) for n in range(3)])
    lanes = Inbox.objects.values_list("sender_index", "lane")
    assert len(set(lanes)) == 300
    assert len({lane for _, lane in lanes}) > LANES * 0.9
    by_lane = [item for lane in range(LANES) for item in facade.claim_inbox([lane], 1000)]
    assert len(by_lane) == 900


def test_nothing_of_a_customer_is_readable_in_the_table(channel: ChannelRef) -> None:
    facade.accept_now(channel.id, [inbound("m1", "oSecretOpenid", "我的电话是13800000000")])
    row = Inbox.objects.values().get()
    stored = repr(row)
    assert "oSecretOpenid" not in stored
    assert "13800000000" not in stored
    assert "电话" in crypto.unseal(row["payload"])


def test_a_failed_commit_stores_nothing_and_says_so(
    channel: ChannelRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = inserts.store

    def dies_before_commit(rows: Sequence[Arrival]) -> list[Accepted]:
        with transaction.atomic():
            store(rows)
            raise OperationalError("the disk is gone")

    monkeypatch.setattr(inserts, "store", dies_before_commit)
    answer = signed(URL, body("m1"))
    assert (answer.status, answer.json["code"]) == (503, "not_stored")
    assert pending() == []
    monkeypatch.setattr(inserts, "store", store)
    assert signed(URL, body("m1")).status == 202
    assert pending() == ["m1"]


def test_one_row_that_cannot_be_stored_does_not_take_others_with_it(
    channel: ChannelRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = inserts.store

    def picky(rows: Sequence[Arrival]) -> list[Accepted]:
        if any(row.dedupe_key == "bad" for row in rows):
            raise DataError("no room for this one")
        return store(rows)

    monkeypatch.setattr(inserts, "store", picky)
    answers = asyncio.run(_many([body("a"), body("bad"), body("b")]))
    assert [answer.status for answer in answers] == [202, 503, 202]
    assert pending() == ["a", "b"]


def test_a_caller_that_goes_away_does_not_stop_the_others(channel: ChannelRef) -> None:
    async def run() -> list[Accepted]:
        gone = asyncio.ensure_future(facade.accept(channel.id, inbound("gone")))
        stays = asyncio.ensure_future(facade.accept(channel.id, inbound("stays")))
        await asyncio.sleep(0)
        gone.cancel()
        return [await stays]

    assert asyncio.run(run())
    committer.shared().stop()
    assert "stays" in pending()


def test_each_commit_rings(channel: ChannelRef) -> None:
    before = wake.count(facade.WAKE_INBOX)
    facade.accept_now(channel.id, [inbound("a"), inbound("b")])
    assert wake.count(facade.WAKE_INBOX) == before + 1


def test_many_threads_at_once(channel: ChannelRef) -> None:
    def run(n: int) -> None:
        for m in range(20):
            facade.accept_now(channel.id, [inbound(f"{n}-{m}", f"u{n}"), inbound("shared", "all")])

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = pending()
    assert len(found) == 121
    for n in range(6):
        assert [one for one in found if one.startswith(f"{n}-")] == [f"{n}-{m}" for m in range(20)]


def test_finishing_is_once(channel: ChannelRef) -> None:
    ids = [one.id for one in facade.accept_now(channel.id, [inbound("a"), inbound("b"), inbound("c")])]
    facade.finish_inbox(ids[:1])
    with pytest.raises(InboxAlreadyHandled), transaction.atomic():
        facade.finish_inbox(ids)
    assert pending() == ["b", "c"]
    facade.finish_inbox([])


def test_work_that_rolls_back_is_not_handled(channel: ChannelRef) -> None:
    [one] = facade.accept_now(channel.id, [inbound("a")])
    with transaction.atomic():
        facade.finish_inbox([one.id])
        transaction.set_rollback(True)
    assert pending() == ["a"]


def test_a_failing_message_holds_back_only_its_sender(channel: ChannelRef, now: ManualClock) -> None:
    first, *_ = facade.accept_now(channel.id, [inbound("a1", "a"), inbound("a2", "a"), inbound("b1", "b")])
    facade.fail_inbox(first.id, "boom")
    assert pending() == ["b1"]
    now.shift(timedelta(seconds=5))
    assert pending() == ["a1", "a2", "b1"]
    assert facade.claim_inbox(range(LANES), 1)[0].attempts == 1


def test_a_message_that_always_fails_is_set_aside_and_reported(channel: ChannelRef, now: ManualClock) -> None:
    first, second = facade.accept_now(channel.id, [inbound("a1", "a"), inbound("a2", "a")])
    for _ in range(inbox.MOST_ATTEMPTS):
        facade.fail_inbox(first.id, "boom")
        now.shift(timedelta(minutes=2))
    assert pending() == ["a2"]
    counts = facade.intake_counts()
    assert (counts.pending, counts.dead, counts.total) == (1, 1, 2)
    assert facade.retry_dead_inbox(SYSTEM) == 1
    assert pending() == ["a1", "a2"]
    facade.fail_inbox(InboxId(second.id), "x" * 10_000)
    assert len(Inbox.objects.get(id=second.id).last_error) == 2000


def test_the_audits_find_contacts_that_nobody_handles(channel: ChannelRef, now: ManualClock) -> None:
    first, second, third = facade.accept_now(channel.id, [inbound(str(n), str(n)) for n in range(3)])
    now.shift(timedelta(minutes=11))
    assert list(audits.waiting_too_long()) == []  # nothing works: the doctor says that
    assert "jieli worker" in next(finding.mend for finding in examinations.intake())
    facade.finish_inbox([first.id])
    assert [row for row, _ in audits.waiting_too_long()] == [second.id, third.id]
    for _ in range(inbox.MOST_ATTEMPTS):
        facade.fail_inbox(second.id, "boom")
    assert [row for row, _ in audits.set_aside()] == [second.id]
    assert list(audits.doubled()) == list(audits.unreadable()) == []
    Inbox.objects.filter(id=third.id).update(payload=crypto.seal('{"not":"ours"}'))
    assert [row for row, _ in audits.unreadable()] == [third.id]


PIECES = ["hooks", "open", "wechat", "cti", "web", "", "..", "%00", "\x00", "é", "open?x", "a" * 300]
HEADERS = ["content-type", "content-length", "x-jieli-signature", "x"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.lists(st.sampled_from(PIECES), max_size=5).map(lambda parts: "/hooks/" + "/".join(parts)),
    query=st.text(st.characters(max_codepoint=255), max_size=60),
    headers=st.dictionaries(st.sampled_from(HEADERS), st.text(st.characters(max_codepoint=255), max_size=40)),
    body=st.binary(max_size=80),
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "\u0130"]),
)
def test_no_request_is_answered_with_500(
    fuzzed: None, path: str, query: str, headers: dict[str, str], body: bytes, method: str
) -> None:
    answer = hook(path, body, query=query, headers=headers, method=method)
    assert answer.status in {400, 401, 403, 404, 405, 413, 422}


@pytest.fixture
def fuzzed(now: ManualClock, make: Make) -> None:
    for kind in ("open", "wechat", "cti", "web"):
        make(kind)


def test_the_hook_of_no_channel(channel: ChannelRef) -> None:
    for path in (
        "/hooks/open/nope",
        "/hooks/carrier/x",
        "/hooks/open",
        "/hooks/open/open/more",
        "/hooks//",
        "/hooks/web/open",
    ):
        assert signed(path, b"{}").status == 404, path
    committer.shared().stop()
    assert counters.read("intake.refused.") == {
        "intake.refused.open.no_channel": 1,
        "intake.refused.unknown.no_channel": 4,
        "intake.refused.web.no_channel": 1,
    }


def test_a_channel_made_elsewhere_is_found_at_once(channel: ChannelRef, make: Make) -> None:
    assert signed(URL, body("1")).status == 202
    make("open", "second")
    assert signed("/hooks/open/second", body("1")).status == 202


def test_a_channel_switched_off_takes_nothing(channel: ChannelRef) -> None:
    facade.change_channel(SYSTEM, name="open", settings={}, enabled=False)
    assert signed(URL, body("1")).json["code"] == "channel_off"


def test_a_ringing_call_is_an_event_in_the_same_transaction(make: Make, now: ManualClock) -> None:
    make("cti")
    call = {"event": "call.ringing", "call_id": "c1", "caller": "13800000000", "extension": "8001"}
    url, sent = "/hooks/cti/cti", msgspec.json.encode(call)
    [first] = signed(url, sent).ids
    assert signed(url, sent).ids == [first]
    [event] = Event.objects.filter(name="channels.call_rang")
    assert event.subject == first
    assert event.topics == ["desk"]
    assert (event.payload["caller"], event.payload["extension"], event.payload["person"]) == (
        "138****0000",
        "8001",
        None,
    )
    assert facade.sender_of(InboxId(first)).phone == "13800000000"
    assert outbox.publish() == 1


@pytest.mark.parametrize("event", ["call.answered", "call.ended", "call.recording"])
def test_other_call_events_are_contacts_but_ring_nowhere(make: Make, now: ManualClock, event: str) -> None:
    make("cti")
    call = {
        "event": event,
        "call_id": "c1",
        "caller": "13800000000",
        "recording_url": "https://rec.example.test/1.wav",
        "duration_s": 62.5,
        "transcript": "你好",
        "at": 1772438400,
    }
    assert signed("/hooks/cti/cti", msgspec.json.encode(call)).status == 202
    [item] = facade.claim_inbox(range(LANES), 10)
    assert (item.inbound.type, item.inbound.event, item.inbound.text) == ("call", event, "你好")
    assert item.inbound.context["duration_s"] == "62.5"
    assert not Event.objects.filter(name="channels.call_rang").exists()


@pytest.mark.parametrize(
    "call",
    [
        b"{}",
        b"[]",
        b'{"event":"call.lost","call_id":"1","caller":"1"}',
        b'{"event":"call.ended","call_id":"","caller":"1"}',
    ],
)
def test_call_events_that_cannot_be_used(make: Make, now: ManualClock, call: bytes) -> None:
    make("cti")
    assert signed("/hooks/cti/cti", call).status == 422

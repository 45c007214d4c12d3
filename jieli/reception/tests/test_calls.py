"""The life of a call, told over the hook: what the desks see of it, and what is left of it in the conversation."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from jieli.channels import facade as channels
from jieli.kernel import clock, deadlines, jobs, outbox
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.realtime import projections
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.reception import telephone
from jieli.reception.contracts import CallState
from jieli.relay import facade as relay
from jieli.relay.contracts import HolderKind, MatterState
from jieli.routing import facade as routing
from jieli.routing.contracts import Presence

SECRET = "s" * 24
PHONE = "13800000000"
Staff = Callable[..., Actor]
Frames = list[Frame]


class Exchange:
    """A call centre that tells of one caller's calls, a reception that works, and desks that listen."""

    def __init__(self, handle: Callable[[], int]) -> None:
        channels.create_channel(SYSTEM, kind="cti", name="hotline", settings={"secret": SECRET})
        self.handle, self.heard = handle, outbox.position()

    def deliver(self, event: str, call: str = "c1", **more: Any) -> int:
        told = {"event": event, "call_id": call, "caller": PHONE, "at": clock.now().isoformat(), **more}
        return asyncio.run(_hook(msgspec.json.encode(told)))

    def tell(self, event: str, call: str = "c1", **more: Any) -> Frames:
        """Delivered and handled; returns what the desks are told of calls."""
        assert self.deliver(event, call, **more) == 202
        self.handle()
        return self.told()

    def told(self) -> Frames:
        outbox.publish()
        events = outbox.after(self.heard)
        self.heard = outbox.position()
        seen = [Published(e.position or 0, e.name, tuple(e.topics), e.payload) for e in events]
        return [frame for frame in projections.frames(seen) if frame.name.startswith("call.")]

    @staticmethod
    def work() -> None:
        for queue in jobs.queues():
            jobs.run_due(queue)


async def _hook(body: bytes) -> int:
    sent: list[Any] = []
    name, value = channels.signed_header(SECRET, body, clock.now())

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode())]
    scope = {"type": "http", "method": "POST", "path": "/hooks/cti/hotline", "query_string": b""}
    await channels.handle_hook(scope | {"headers": headers}, receive, send)
    return int(sent[0]["status"])


@pytest.fixture
def exchange(house: clock.ManualClock, handle: Callable[[], int]) -> Exchange:
    return Exchange(handle)


@pytest.fixture
def desk(staff: Staff) -> Client:
    """Somebody who connects whenever they like; not online, so that nothing is given to them."""
    staff("mai", presence=Presence.OFFLINE)
    client = Client()
    assert client.login(username="mai", password="Fluss-Hafen-19-Turm")
    return client


def calls(desk: Client) -> list[dict[str, Any]]:
    answer = desk.get("/api/v1/calls")
    assert answer.status_code == 200, answer.content
    return list(answer.json())


def lines(desk: Client, conversation: str) -> list[str]:
    """Types of what stands in the thread beside what was said."""
    answer = desk.get(f"/api/v1/conversations/{conversation}/messages").json()
    return [line["type"] for line in answer["items"] if line["direction"] == "event"]


def matter_of(pop: Any) -> MatterState:
    return relay.states([UUID(pop["conversation"])])[UUID(pop["conversation"])]


def names(frames: Frames) -> list[str]:
    return [frame.name for frame in frames]


def test_a_desk_that_connects_while_it_rings_sees_what_those_who_were_there_were_told(
    exchange: Exchange, desk: Client
) -> None:
    assert calls(desk) == []
    exchange.deliver("call.ringing", extension="8001")
    (first,) = exchange.told()
    exchange.handle()
    (then,) = exchange.told()
    assert (first.data["conversation"], first.data["person"]) == (None, None), "a stranger, at once"
    (shown,) = calls(desk)
    assert _plain(then.data) == shown
    assert shown["caller"] == "138****0000"
    assert shown["conversation"]
    assert shown["person"]["id"]


def _plain(data: Any) -> Any:
    """As it reaches a screen; moments as the API writes them."""
    shown = msgspec.json.decode(msgspec.json.encode(data))
    return shown | {"at": shown["at"].replace("+00:00", "Z")}


def test_who_answers_has_the_conversation_and_the_others_learn_who_it_is(
    exchange: Exchange, desk: Client, staff: Staff
) -> None:
    exchange.tell("call.ringing")
    lin = staff("lin")
    (answered,) = exchange.tell("call.answered", agent="lin", extension="8002")
    assert (answered.topic, answered.name) == ("desk", "call.answered")
    assert answered.data["answered_by"] == {"id": str(lin.id), "name": "lin"}
    assert answered.data["extension"] == "8002"
    assert calls(desk) == [], "it rings no more"
    exchange.work()
    matter = matter_of(answered.data)
    assert (matter.holder.kind, matter.holder.id) == (HolderKind.AGENT, str(lin.id))
    assert matter.next_step == "agent.follow_up", "nobody is called silent while they talk"
    assert matter.due_at == clock.now() + timedelta(minutes=30)
    (ended,) = exchange.tell("call.ended", duration_s=62)
    assert ended.name == "call.ended"
    after = matter_of(answered.data)
    assert (after.next_step, after.due_at) == ("agent.follow_up", clock.now() + timedelta(minutes=10))
    assert "call.missed" not in lines(desk, answered.data["conversation"])


@pytest.mark.parametrize("agent", ["", "nobody-of-that-name"])
def test_an_exchange_that_does_not_say_who(exchange: Exchange, desk: Client, agent: str) -> None:
    exchange.tell("call.ringing")
    (answered,) = exchange.tell("call.answered", agent=agent, extension="8002")
    assert (answered.data["answered_by"], answered.data["extension"]) == (None, "8002")
    matter = matter_of(answered.data)
    assert (matter.holder.kind, matter.next_step) == (HolderKind.QUEUE, "agent.follow_up")
    assert names(exchange.tell("call.ended")) == ["call.ended"]
    assert calls(desk) == []


def test_a_colleague_who_has_the_conversation_keeps_it(
    exchange: Exchange, desk: Client, staff: Staff
) -> None:
    _, rang = exchange.tell("call.ringing")
    wei, _ = staff("wei"), staff("lin")
    routing.take(wei, conversation=UUID(rang.data["conversation"]))
    exchange.tell("call.answered", agent="lin")
    exchange.work()
    assert matter_of(rang.data).holder.id == str(wei.id)


@pytest.mark.parametrize(
    "said", [{}, {"answered": False}, {"answered": "no"}, {"context": {"answered": "no"}}]
)
def test_nobody_answered(exchange: Exchange, desk: Client, said: dict[str, Any]) -> None:
    exchange.tell("call.ringing")
    (missed,) = exchange.tell("call.ended", **said)
    assert missed.name == "call.missed"
    assert calls(desk) == []
    assert lines(desk, missed.data["conversation"]).count("call.missed") == 1
    matter = matter_of(missed.data)
    assert (matter.next_step, matter.due_at) == ("agent.call_back", clock.now() + timedelta(minutes=15))


def test_nobody_answered_and_the_exchange_says_nothing_more(
    exchange: Exchange, desk: Client, house: clock.ManualClock
) -> None:
    _, rang = exchange.tell("call.ringing")
    house.shift(timedelta(seconds=59))
    deadlines.sweep()
    assert len(calls(desk)) == 1
    house.shift(timedelta(seconds=2))
    deadlines.sweep()
    exchange.work()
    assert names(exchange.told()) == ["call.missed"]
    assert calls(desk) == []
    assert lines(desk, rang.data["conversation"]).count("call.missed") == 1
    assert matter_of(rang.data).next_step == "agent.call_back"
    assert exchange.tell("call.ended", answered=False) == [], "it was missed before"


def test_what_was_answered_is_not_missed_when_its_time_runs_out(
    exchange: Exchange, desk: Client, house: clock.ManualClock
) -> None:
    exchange.tell("call.ringing")
    (answered,) = exchange.tell("call.answered")
    house.shift(timedelta(minutes=2))
    deadlines.sweep()
    exchange.work()
    assert exchange.told() == []
    assert "call.missed" not in lines(desk, answered.data["conversation"])


def test_what_is_answered_at_the_last_moment_is_not_missed(
    exchange: Exchange, desk: Client, house: clock.ManualClock
) -> None:
    exchange.tell("call.ringing")
    house.shift(timedelta(seconds=61))
    deadlines.sweep()
    (answered,) = exchange.tell("call.answered")
    exchange.work()
    assert exchange.told() == []
    assert "call.missed" not in lines(desk, answered.data["conversation"])


def test_what_comes_in_one_batch_is_told_as_it_is_in_the_end(exchange: Exchange, desk: Client) -> None:
    for event in ("call.ringing", "call.answered", "call.ended"):
        exchange.deliver(event)
    exchange.handle()
    frames = exchange.told()
    assert names(frames) == ["call.ended"], "and nobody hears it ring who was not there"
    assert calls(desk) == []


def test_two_calls_of_one_caller_are_two(exchange: Exchange, desk: Client) -> None:
    exchange.tell("call.ringing", "c1")
    exchange.tell("call.ringing", "c2")
    assert names(exchange.tell("call.ended", "c1", answered=True)) == ["call.ended"], (
        "it says that it was answered"
    )
    assert [pop["call"] for pop in calls(desk)] == ["c2"]


def test_delivered_again_it_moves_nothing(exchange: Exchange, desk: Client) -> None:
    exchange.tell("call.ringing")
    exchange.tell("call.ended")
    assert exchange.tell("call.ended") == []
    assert exchange.tell("call.ringing") == []


def test_who_may_see_what_rings(exchange: Exchange) -> None:
    assert Client().get("/api/v1/calls").status_code == 401


RINGS, TALKS, ENDED, MISSED = CallState.RINGING, CallState.ANSWERED, CallState.ENDED, CallState.MISSED


@pytest.mark.parametrize(
    ("state", "event", "answered", "becomes"),
    [
        (None, "call.ringing", "", RINGS),
        (None, "call.answered", "", TALKS),
        (None, "call.ended", "", MISSED),
        (None, "call.ended", "yes", ENDED),
        (None, "call.recording", "", None),
        (RINGS, "call.ringing", "", None),
        (RINGS, "call.answered", "", TALKS),
        (RINGS, "call.ended", "", MISSED),
        (RINGS, "call.ended", "No", MISSED),
        (RINGS, "call.ended", "true", ENDED),
        (TALKS, "call.ringing", "", None),
        (TALKS, "call.answered", "", None),
        (TALKS, "call.ended", "", ENDED),
        (TALKS, "call.ended", "no", ENDED),
        (ENDED, "call.answered", "", None),
        (MISSED, "call.answered", "", None),
        (MISSED, "call.ended", "yes", None),
    ],
)
def test_what_an_event_makes_of_a_call(
    state: CallState | None, event: str, answered: str, becomes: CallState | None
) -> None:
    assert telephone.after(state, event, answered) is becomes

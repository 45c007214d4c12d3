"""Old snapshot + frames = new snapshot, for everything that the hub tells; nothing missed on return; nobody else's topics."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import pytest
from django.db import connections
from django.test import Client

from jieli.channels import facade as channels
from jieli.conversations import facade as conversations
from jieli.conversations import services as conversation_services
from jieli.kernel import outbox
from jieli.kernel.actor import Actor
from jieli.kernel.ids import new_id
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.hub import Connection, Hub
from jieli.promises import facade as promises
from jieli.promises.contracts import PromiseKind
from jieli.relay import facade as relay
from jieli.relay.contracts import Holder, HolderKind
from jieli.routing import facade as routing
from jieli.routing.contracts import Presence
from jieli.tickets import facade as tickets
from tests.laws.client import Desk
from tests.laws.world import World

T = TypeVar("T")
Rows = dict[str, Any]
Told = list[dict[str, Any]]

ALARMS = {
    "channels.call_rang",
    "conversation.assigned",
    "matter.overdue",
    "sla.warned",
    "sla.breached",
    "promises.due_soon",
    "supply.parcel_moved",
    "supply.stock_changed",
    "supply.fact_arrived",
    "knowledge.article_changed",
    "message.corrected",
    "correction.reviewed",
    "candidate.changed",
    "model.changed",
}
"""Told once and kept by no list: a screen rings, or fetches what it shows."""

CALLER = "13900000002"
REPEATS = {"matter.handed_over", "matter.closed"}
"""Always together with `matter.changed`, which tells the same."""


class Scene:
    """A customer on the web page, an agent at the desk, a colleague, and what each of their screens shows."""

    def __init__(self) -> None:
        self.world = World()
        self.visitor = channels.new_visitor("web")
        self.agent = self.world.hire("lin", role="supervisor")
        self.colleague = self.world.hire("wei", presence=Presence.OFFLINE)
        self.desk = Desk("lin")
        self.count = 0
        self.say("你好")
        self.follow()
        self.person = conversations.customer_behind("web", self.visitor.token).id
        assert self.person is not None
        self.thread = self.talk

    def say(self, text: str) -> None:
        self.count += 1
        key = self.visitor.key
        inbound = self.world.inbound(key, text, message_id=f"{key}:{self.count}")
        self.world.deliver("web", inbound)
        self.world.receive()

    def follow(self, *, assign: bool = True) -> None:
        for _ in range(3):
            if assign:
                self.world.work()
            outbox.publish()

    @property
    def talk(self) -> UUID:
        assert self.person
        (state,) = conversations.open_states([self.person]).values()
        return state.id

    def mine(self, path: str) -> Any:
        answer = Client().get(f"/api/v1/customer/{path}", headers={"X-Visitor": self.visitor.token})
        assert answer.status_code == 200
        return answer.json()

    def screens(self) -> dict[str, Rows]:
        return {
            "cards": _by_id(self.desk.rows("/conversations", view="all")),
            "queues": {row["code"]: row["waiting"] for row in self.desk.get("/queues")},
            "presence": {row["agent"]: row["presence"] for row in self.desk.get("/agents")},
            "thread": _by_id(self.desk.get(f"/conversations/{self.thread}/messages", limit=200)["items"]),
            "matters": _by_id(self.desk.get("/matters")["items"]),
            "tickets": _by_id(self.desk.get("/tickets")["items"]),
            "promises": _by_id(self.desk.get("/promises")["items"]),
            "calls": {row["call"]: row for row in self.desk.get("/calls")},
            "my messages": _by_id(self.mine("messages")["items"]),
            "my matters": _by_id(self.mine("matters")),
            "my promises": _by_id(self.mine("promises")),
            "my place": {row["conversation"]: row for row in self.mine("places")},
        }

    def topics(self) -> set[str]:
        return {"desk", "promises:all", f"conversation:{self.thread}", f"person:{self.person}"}


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    made = Scene()
    yield made
    made.world.close()


def _by_id(rows: Iterable[Any]) -> Rows:
    return {str(row["id"]): row for row in rows}


def patched(screens: Mapping[str, Rows], told: Told) -> dict[str, Rows]:
    """What screens make of frames: put what came in the place of what was there."""
    now = {name: dict(rows) for name, rows in screens.items()}
    for frame in told:
        name, data, own = frame["name"], frame["data"], frame["topic"].startswith("person:")
        if name == "conversation.changed":
            now["cards"].pop(data["id"], None)
            if data["state"] == "open":
                now["cards"][data["id"]] = data
        elif name in {"message.added", "message.changed"}:
            now["my messages" if own else "thread"][data["id"]] = data
        elif name == "queue.changed":
            now["queues"] = {row["code"]: row["waiting"] for row in data["queues"]}
        elif name == "presence.changed":
            now["presence"][data["agent"]] = data["presence"]
        elif name == "matter.changed":
            now["my matters" if own else "matters"][data["id"]] = data
        elif name == "ticket.changed" and not own:
            now["tickets"][data["id"]] = data
        elif name.startswith("promises."):
            now["my promises" if own else "promises"][data["id"]] = data
        elif name.startswith("call."):
            now["calls"].pop(data["call"], None)
            if name == "call.ringing":
                now["calls"][data["call"]] = data
        elif name == "place.changed":
            now["my place"] = {data["place"]["conversation"]: data["place"]} if data["place"] else {}
    return now


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a loop whose one thread for the database ends with its connection closed."""

    async def closing() -> T:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        try:
            return await work
        finally:
            await asyncio.to_thread(connections.close_all)

    return asyncio.run(closing())


def told_since(last: int, wanted: Iterable[str]) -> Told:
    """What a hub gives a connection that comes back with the last event it has."""

    async def asked() -> Told:
        hub, connection = Hub(), Connection()
        await hub.start()
        try:
            hub.listen(connection, wanted)
            assert await hub.replay(connection, last)
        finally:
            await hub.stop()
        return [msgspec.json.decode(connection.queue.get_nowait()) for _ in range(connection.queue.qsize())]

    return run(asked())


def plain(value: Any) -> Any:
    """Moments as moments: the two encoders write the same one differently."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and value[:2] == "20" and "T" in value:
        return datetime.fromisoformat(value)
    return value


def _queued(scene: Scene) -> None:
    for actor in (scene.agent, scene.colleague):
        routing.set_presence(actor, Presence.OFFLINE)
    scene.say("转人工")


def _assigned(scene: Scene) -> None:
    scene.say("转人工")
    scene.follow()


def _ticket(scene: Scene) -> UUID:
    return tickets.open_ticket(scene.agent, title="换货", severity=2, conversation=scene.talk).id


def _promise(scene: Scene) -> UUID:
    made = promises.record(
        scene.agent,
        person=scene.person,  # type: ignore[arg-type]
        what="今天回电",
        kind=PromiseKind.REPLY,
        due_at=scene.world.clock.now() + timedelta(hours=3),
        conversation=scene.talk,
    )
    return made.id


def _call(scene: Scene) -> None:
    scene.world.say("hotline", CALLER, "", event="call.ringing", phone=CALLER, context={"call": "c1"})
    scene.world.receive()


def _hang_up(scene: Scene) -> None:
    scene.world.say("hotline", CALLER, "", event="call.ended", phone=CALLER, context={"call": "c1"})
    scene.world.receive()


def _overdue(scene: Scene) -> None:
    scene.world.clock.shift(timedelta(minutes=6))
    scene.world.sweep()


def _stranger(scene: Scene) -> None:
    scene.world.say("app", "somebody", "你好")
    scene.world.receive()


def _hand_over(scene: Scene) -> None:
    routing.set_presence(scene.colleague, Presence.ONLINE)
    to = Holder(HolderKind.AGENT, str(scene.colleague.id))
    routing.hand_over(scene.agent, conversation=scene.talk, to=to, why="请帮忙", summary="水壶漏水")


def _hand_back(scene: Scene) -> None:
    to = Holder(HolderKind.QUEUE, "logistics")
    routing.hand_over(scene.agent, conversation=scene.talk, to=to, why="物流问题", summary="包裹没动")


Act = Callable[[Scene], object]
Prepare = Callable[[Scene], Any]
ACTS: dict[str, tuple[list[Prepare], Act]] = {
    "the customer writes, the bot answers": ([], lambda s: s.say("我要退货")),
    "a new customer": ([], _stranger),
    "into the queue": ([], _queued),
    "assigned": ([_queued], lambda s: routing.set_presence(s.agent, Presence.ONLINE)),
    "taken": ([], lambda s: routing.take(s.agent, conversation=s.talk)),
    "answered": ([_assigned], lambda s: conversations.reply(s.agent, conversation=s.talk, text="您好")),
    "answered out of the queue": (
        [_queued],
        lambda s: conversations.reply(s.agent, conversation=s.talk, text="在"),
    ),
    "noted": ([_assigned], lambda s: conversations.note(s.agent, conversation=s.talk, text="老客户")),
    "read": ([_assigned], lambda s: conversation_services.mark_read(s.agent, conversation=s.talk)),
    "snoozed": (
        [_assigned],
        lambda s: conversation_services.snooze(
            s.agent, conversation=s.talk, until=s.world.clock.now() + timedelta(hours=1)
        ),
    ),
    "corrected": (
        [_assigned],
        lambda s: conversation_services.correct(
            s.agent, conversation=s.talk, intent="complaint", emotion="angry"
        ),
    ),
    "handed over": ([_assigned], _hand_over),
    "back to a queue": ([_assigned], _hand_back),
    "closed": ([_assigned], lambda s: conversations.close(s.agent, conversation=s.talk)),
    "escalated": ([_queued], lambda s: relay.escalate(s.agent, s.talk, "等太久")),
    "silent agent": ([_assigned], _overdue),
    "came online": ([], lambda s: routing.set_presence(s.colleague, Presence.ONLINE)),
    "ticket opened": ([], _ticket),
    "ticket closed": ([], lambda s: tickets.close(s.agent, ticket=_ticket(s), outcome="solved")),
    "promise made": ([], _promise),
    "promise kept": ([], lambda s: promises.settle(s.agent, promise=_promise(s), evidence={"call": "r-1"})),
    "a call": ([], _call),
    "a missed call": ([_call], _hang_up),
}


@pytest.mark.parametrize("name", ACTS)
def test_old_snapshot_and_frames_are_the_new_snapshot(scene: Scene, name: str) -> None:
    prepare, act = ACTS[name]
    for step in prepare:
        step(scene)
        scene.follow(assign=step is not _queued)
    before, last, wanted = scene.screens(), outbox.position(), scene.topics()
    act(scene)
    scene.follow()
    told = told_since(last, wanted)
    assert told, "nobody was told anything"
    after, shown = plain(scene.screens()), plain(patched(before, told))
    for screen, rows in after.items():
        assert shown[screen] == rows, screen


def test_every_event_that_is_projected_is_among_them(scene: Scene) -> None:
    """An event that somebody adds finds its place here: in an act, or among those without a snapshot."""
    for prepare, act in ACTS.values():
        for step in prepare:
            step(scene)
            scene.follow(assign=step is not _queued)
        act(scene)
        scene.follow()
        routing.set_presence(scene.agent, Presence.ONLINE)
        scene.say("你好")
    seen = {event.name for event in outbox.after(0, limit=10_000)}
    known = projections._projections.keys()
    settled = {name for name in known if name.startswith("promises.")} - {"promises.made", "promises.kept"}
    assert known - ALARMS - REPEATS - settled <= seen


def test_coming_back_gives_what_was_missed_once_and_in_order(scene: Scene) -> None:
    start, wanted = outbox.position(), scene.topics()
    for text in ("在吗", "我要退货", "转人工"):
        scene.say(text)
        scene.follow()
    whole = told_since(start, wanted)
    assert [frame["id"] for frame in whole] == sorted(frame["id"] for frame in whole)
    assert len({(f["id"], f["topic"], f["name"]) for f in whole}) == len(whole)
    for last in sorted({frame["id"] for frame in whole}):
        rest = told_since(last, wanted)
        assert _places(rest) <= _places(whole)
        assert _lasting(whole, last) <= _lasting(rest, last)
        assert all(frame["id"] > last for frame in rest)


def _places(told: Told) -> set[tuple[int, str]]:
    return {(frame["id"], frame["topic"]) for frame in told}


def _lasting(told: Told, last: int) -> set[tuple[str, str, str]]:
    """What of it is about which row, behind a position."""
    return {
        (frame["topic"], frame["name"], str(frame["data"].get("id", "")))
        for frame in told
        if frame["id"] > last
    }


def test_live_and_replayed_are_the_same(scene: Scene) -> None:
    """A screen that listens all the time and one that comes back end with the same rows."""
    wanted, last = scene.topics(), outbox.position()
    before = scene.screens()

    async def listens() -> Told:
        hub, connection = Hub(), Connection()
        await hub.start()
        hub.listen(connection, wanted)
        try:
            for text in ("在吗", "转人工"):
                await asyncio.to_thread(_say_in_thread, scene, text)
            end = await asyncio.to_thread(outbox.position)
            while hub.position < end:
                await asyncio.sleep(0.01)
        finally:
            await hub.stop()
        return [msgspec.json.decode(connection.queue.get_nowait()) for _ in range(connection.queue.qsize())]

    live = run(listens())
    assert plain(patched(before, live)) == plain(patched(before, told_since(last, wanted)))
    assert plain(patched(before, live)) == plain(scene.screens())


def _say_in_thread(scene: Scene, text: str) -> None:
    scene.say(text)
    scene.follow()


def test_away_too_long_means_reload(scene: Scene) -> None:
    async def asked(last: int) -> bool:
        hub, connection = Hub(), Connection()
        await hub.start()
        try:
            return await hub.replay(connection, last)
        finally:
            await hub.stop()

    assert run(asked(outbox.position()))
    assert not run(asked(outbox.position() + 1)), "from a future that never was"
    scene.world.clock.shift(timedelta(days=30))
    outbox.prune(timedelta(days=1))
    assert not run(asked(1))


def test_nobody_listens_to_what_is_not_theirs(scene: Scene) -> None:
    customer = conversations.customer_behind("web", scene.visitor.token)
    theirs = {f"person:{scene.person}"}
    foreign = {
        "desk",
        "promises:all",
        "calls:all",
        "supply:parcels",
        "knowledge:articles",
        f"agent:{scene.agent.id}",
        f"agent:{customer.id}",
        f"conversation:{scene.talk}",
        f"matter:{scene.talk}",
        f"person:{new_id()}",
        "person:",
        "person",
        "*",
        "",
    }
    assert {topic for topic in theirs | foreign if topics.may_listen(customer, topic)} == theirs
    stranger = conversations.customer_behind("web", channels.new_visitor("web").token)
    assert not any(topics.may_listen(stranger, topic) for topic in theirs | foreign)
    for staff in (scene.agent, Actor(kind=scene.agent.kind, id=new_id())):
        assert not topics.may_listen(staff, f"person:{scene.person}")
        assert not topics.may_listen(staff, f"agent:{scene.colleague.id}")


def test_what_a_customer_is_told_is_only_theirs(scene: Scene) -> None:
    """Two customers talk at once; neither topic carries a word of the other."""
    last = outbox.position()
    scene.world.say("app", "other", "我的秘密是西瓜")
    scene.say("我的秘密是南瓜")
    scene.follow()
    mine = told_since(last, {f"person:{scene.person}"})
    told = msgspec.json.encode(mine).decode()
    assert "南瓜" in told
    assert "西瓜" not in told
    for frame in mine:
        assert frame["topic"] == f"person:{scene.person}"

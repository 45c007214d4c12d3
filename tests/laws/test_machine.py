"""The laws against chance: customers, platforms, workers that die, agents that race and clocks that jump, in any order."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jieli.channels.contracts import Inbound, InboxId
from jieli.conversations import facade as conversations
from jieli.conversations.models import Conversation
from jieli.identity import facade as identity
from jieli.identity.models import Merge, Person
from jieli.kernel import laws
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.errors import JieliError
from jieli.reception import facade as reception
from jieli.relay.contracts import Holder, HolderKind
from jieli.routing import facade as routing
from jieli.routing.contracts import Presence
from jieli.routing.models import Seat
from tests.laws import faults, invariants
from tests.laws.world import KNOWN_PHONE, LANES, World

SENDERS = st.sampled_from(["c1", "c2", "c3"])
CHANNELS = st.sampled_from(["app", "shop", "oa", "oa"])
PHONES = st.sampled_from(["", "", KNOWN_PHONE, "13900000002"])
AGENTS = st.sampled_from([0, 1])
STATEMENTS = st.integers(1, 60)
TEXTS = st.sampled_from(
    [
        "你好",
        "转人工",
        "我的快递到哪里了",
        "订单 JL20261109001 什么时候到",
        "垃圾！你们就是骗子，再不解决我就去12315投诉！！！",
        "我要退货",
        "谢谢，没事了",
        "洗衣机不排水怎么办",
        "😤😤",
        "，",
    ]
)
FAULTS = st.sampled_from([faults.dying, faults.breaking])
Act = Callable[[], object]


class Relay(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(emptying=True)
        self.windows = invariants.Windows()
        self.acknowledged: dict[InboxId, str] = {}
        self.delivered: list[tuple[str, Inbound, InboxId]] = []
        self.agents: list[Actor] = []
        self.count = 0

    def teardown(self) -> None:
        try:
            self._everything_ends_well()
        finally:
            self.world.close()

    @initialize()
    def people(self) -> None:
        """Two agents; one customer with a parcel, one who waits for a person, one on WeChat whom the bot answered."""
        self.agents = [self.world.hire("lin", role="supervisor"), self.world.hire("wei")]
        self.write("app", "c1", "我的快递到哪里了", KNOWN_PHONE)
        self.write("shop", "c2", "转人工", "")
        self.write("oa", "c3", "你好", "")
        self.world.receive()

    # customers and their platforms

    @rule(channel=CHANNELS, sender=SENDERS, text=TEXTS, phone=PHONES)
    def write(self, channel: str, sender: str, text: str, phone: str) -> None:
        self.count += 1
        known = {"phone": phone} if phone and channel != "oa" else {}
        inbound = self.world.inbound(sender, text, message_id=f"m{self.count}", **known)
        self._deliver(channel, inbound)

    @rule(channel=CHANNELS, sender=SENDERS, texts=st.lists(TEXTS, min_size=1, max_size=6), phone=PHONES)
    def talk(self, channel: str, sender: str, texts: list[str], phone: str) -> None:
        """Several bubbles, each handled before the next comes, or all at once."""
        for text in texts:
            self.write(channel, sender, text, phone)
            if len(texts) % 2:
                self.world.receive()
        self.work()

    @rule(sender=SENDERS, event=st.sampled_from(["subscribe", "unsubscribe", "user_enter_tempsession"]))
    def act(self, sender: str, event: str) -> None:
        self.count += 1
        self._deliver("oa", self.world.inbound(sender, "", message_id=f"m{self.count}", event=event))

    @rule(
        phone=st.sampled_from([KNOWN_PHONE, "13900000002", "057188880000"]),
        event=st.sampled_from(["call.ringing", "call.answered", "call.ended"]),
    )
    def call(self, phone: str, event: str) -> None:
        self.count += 1
        self._deliver("hotline", self.world.inbound(phone, "", message_id=f"m{self.count}", event=event))

    def _deliver(self, channel: str, inbound: Inbound) -> None:
        key = self.world.deliver(channel, inbound)
        assert key not in self.acknowledged
        self.acknowledged[key] = f"{channel}:{inbound.sender.key}"
        self.delivered.append((channel, inbound, key))

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        channel, inbound, key = data.draw(st.sampled_from(self.delivered))
        assert self.world.deliver(channel, inbound) == key

    @rule(mood=st.sampled_from(["ok", "down", "strict", "shut"]))
    def platform_is(self, mood: str) -> None:
        self.world.platforms.mood = mood

    @rule(plays=st.sampled_from(["", "silent"]))
    def sources_are(self, plays: str) -> None:
        self.world.source(plays)

    # workers

    @rule()
    def receive(self) -> None:
        self.world.receive()

    @rule(channel=CHANNELS, sender=SENDERS, text=TEXTS, fault=FAULTS, at=STATEMENTS)
    def receive_and_fail(
        self, channel: str, sender: str, text: str, fault: Callable[[int], object], at: int
    ) -> None:
        self.write(channel, sender, text, "")
        with fault(at):  # type: ignore[attr-defined]
            reception.handle(LANES)

    @rule(channel=CHANNELS, sender=SENDERS, text=TEXTS)
    def receive_too_late(self, channel: str, sender: str, text: str) -> None:
        self.write(channel, sender, text, "")
        with faults.overtaken(self.world.receive):
            reception.handle(LANES)

    @rule(channel=CHANNELS, sender=SENDERS, text=TEXTS)
    def receive_twice_at_once(self, channel: str, sender: str, text: str) -> None:
        self.write(channel, sender, text, "")
        assert not faults.at_once(lambda: reception.handle(LANES), lambda: reception.handle(LANES))

    @rule()
    def work(self) -> None:
        with self._assigning():
            self.world.work()

    @rule(fault=FAULTS, at=STATEMENTS)
    def work_and_fail(self, fault: Callable[[int], object], at: int) -> None:
        with self._assigning(), fault(at):  # type: ignore[attr-defined]
            self.world.work()

    @rule(seconds=st.sampled_from([-600, -30, 2, 45, 61, 200, 700, 90_000]), at=STATEMENTS)
    def time_jumps(self, seconds: int, at: int) -> None:
        """A worker dies over what is due; the next one carries it out."""
        self.world.clock.shift(timedelta(seconds=seconds))
        with faults.dying(at):
            self.world.sweep()
        self.world.sweep()
        self.world.receive()
        with self._assigning():
            self.world.work()
        self.world.sweep()

    # agents

    @rule(agent=AGENTS, presence=st.sampled_from(list(Presence)))
    def come_and_go(self, agent: int, presence: Presence) -> None:
        routing.set_presence(self.agents[agent], presence)

    @rule(data=st.data(), agent=AGENTS)
    def one_acts(self, data: st.DataObject, agent: int) -> None:
        if acts := self._acts(agent):
            self._try(data.draw(st.sampled_from(acts)))

    @rule(data=st.data())
    def two_race(self, data: st.DataObject) -> None:
        """Both want something of the same talk, at the same moment as its customer and the assigning worker."""
        one, other = self._acts(0), self._acts(1)
        if one and other:
            racing = [data.draw(st.sampled_from(one)), data.draw(st.sampled_from(other))]
            for error in faults.at_once(*racing, self.world.receive, routing.assign):
                assert isinstance(error, JieliError), error

    def _try(self, act: Act) -> None:
        with contextlib.suppress(JieliError):  # a refusal in words is an answer
            act()

    def _acts(self, number: int) -> list[Act]:
        talk = Conversation.objects.filter(open=True).order_by("-pk").values_list("pk", flat=True).first()
        if talk is None:
            return []
        agent, other = self.agents[number], self.agents[1 - number]
        colleague = Holder(HolderKind.AGENT, str(other.id))
        general = Holder(HolderKind.QUEUE, "general")
        return [
            lambda: routing.take(agent, conversation=talk),
            lambda: conversations.reply(agent, conversation=talk, text="您好，我来看一下。"),
            lambda: conversations.close(agent, conversation=talk),
            lambda: conversations.note(agent, conversation=talk, text="客户着急"),
            lambda: self._hand_over(agent, talk, general),
            lambda: self._hand_over(agent, talk, colleague),
        ]

    def _hand_over(self, agent: Actor, talk: UUID, to: Holder) -> None:
        with self._assigning():
            routing.hand_over(
                agent, conversation=talk, to=to, why="需要帮助", summary="水壶漏水", open_questions=["型号？"]
            )

    def _assigning(self) -> "_Assigning":
        return _Assigning()

    # persons

    @precondition(lambda self: Person.objects.filter(merged_into=None).count() > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        roots = list(Person.objects.filter(merged_into=None).order_by("id").values_list("id", flat=True))
        kept, gone = data.draw(st.permutations(roots))[:2]
        self._try(lambda: identity.merge(SYSTEM, kept, gone, "同一个人，电话核实"))

    @precondition(lambda self: Merge.objects.filter(undone_at=None).exists())
    @rule()
    def part(self) -> None:
        newest = Merge.objects.filter(undone_at=None).order_by("-id").first()
        assert newest
        identity.undo_merge(SYSTEM, newest.id, "核实后是两个人")

    # laws

    @invariant()
    def no_audit_finds_anything(self) -> None:
        assert list(laws.breaches()) == []

    @invariant()
    def every_law_holds(self) -> None:
        assert list(self._breaches()) == []

    def _breaches(self) -> Iterator[str]:
        yield from invariants.acknowledged_once(self.acknowledged)
        yield from invariants.in_order(self.acknowledged)
        yield from invariants.held_by_somebody()
        yield from invariants.no_talk_twice()
        yield from invariants.told_on()
        yield from invariants.sourced()
        yield from invariants.explained()
        yield from invariants.whole_families()
        yield from self.windows.breaches()

    def _everything_ends_well(self) -> None:
        """Left alone, the installation handles the rest; then each talk can be found, and each merge be undone."""
        self.world.platforms.mood = "ok"
        self.world.source("")
        self.world.settle()
        assert list(laws.breaches()) == []
        assert list(self._breaches()) == []
        assert list(invariants.waits_in_its_queue()) == []
        assert list(invariants.fits()) == []
        assert len(list(reception.export_contacts())) == len(self.acknowledged)
        while newest := Merge.objects.filter(undone_at=None).order_by("-id").first():
            identity.undo_merge(SYSTEM, newest.id, "核实后是两个人")
        assert list(invariants.whole_families()) == []
        assert not Person.objects.exclude(merged_into=None).exists()


class _Assigning:
    """Whoever is given a talk inside the block is online and has room for it."""

    def __enter__(self) -> None:
        self._before = _assignees()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        given = {talk: agent for talk, agent in _assignees().items() if self._before.get(talk) != agent}
        for agent in set(given.values()):
            seat = Seat.objects.get(agent=agent)
            load = routing.seat(agent)
            assert seat.presence == Presence.ONLINE, f"{agent} is {seat.presence} and was given a talk"
            assert load is not None
            assert load.load <= load.capacity, f"{agent} has {load.load} talks and room for {load.capacity}"


def _assignees() -> dict[UUID, UUID]:
    rows = Conversation.objects.filter(open=True).exclude(assignee=None).values_list("pk", "assignee")
    return {talk: agent for talk, agent in rows if agent}


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_events_breaks_a_law() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Relay,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

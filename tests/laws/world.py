"""A small installation in this process that a test can drive through its doors: customers, platforms, agents, a clock."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

from django.core.management import call_command

from jieli.channels import committer, directory
from jieli.channels import facade as channels
from jieli.channels.adapters.open import adapter as open_adapter
from jieli.channels.adapters.port import Sending, Sent
from jieli.channels.adapters.wechat import adapter as wechat_adapter
from jieli.channels.contracts import Inbound, InboxId, MessageType, Sender
from jieli.channels.errors import QuotaUsed, WindowClosed
from jieli.demo import basics
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.identity import facade as identity
from jieli.identity.contracts import IdentityKind, Key, NewPerson
from jieli.kernel import clock, deadlines, jobs, outbox
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.errors import Transient
from jieli.reception import facade as reception
from jieli.routing import facade as routing
from jieli.routing.contracts import Presence
from jieli.supply import facade as supply
from jieli.supply.contracts import DemoEntry, FactKind, NewSource

LANES = range(64)
START = datetime(2026, 11, 11, 12, tzinfo=UTC)
PASSWORD = "Fluss-Hafen-19-Turm"
KNOWN_PHONE = "13800000001"
ORDER, TRACKING, WHERE = "JL20261109001", "SF7770123456789", "虹桥云仓分拨点"
WECHAT = {"app_id": "wxlaws00000000001", "app_secret": "laws-app-secret", "token": "lawsToken1"}


class Platforms:
    """Plays WeChat and the brand's gateway: `mood` "down" answers nobody, "strict" obeys WeChat's count, "shut" knows no
    window, "ok" takes everything."""

    def __init__(self) -> None:
        self.mood = "ok"
        self.sent: list[tuple[str, UUID, str]] = []
        self.left: defaultdict[str, int] = defaultdict(int)

    def send(self, sending: Sending) -> Sent:
        if self.mood == "down":
            raise Transient("the platform does not answer", code="down")
        self.sent.append((sending.key, sending.id, sending.text))
        return Sent(f"p{len(self.sent)}")

    def send_wechat(self, sending: Sending) -> Sent:
        if self.mood == "shut":
            raise WindowClosed("45015")
        if self.mood == "strict":
            if not self.left[sending.key]:
                raise QuotaUsed("45047")
            self.left[sending.key] -= 1
        return self.send(sending)


class World:
    """One at a time, on an empty database: `emptying` makes it so where no fixture does. `close` ends it."""

    def __init__(self, *, emptying: bool = False) -> None:
        _forget()
        if emptying:
            _empty()
        self._stack = ExitStack()
        self.clock = clock.ManualClock(START)
        self._stack.enter_context(clock.using(self.clock))
        self.platforms = Platforms()
        for module, send in ((open_adapter, "send"), (wechat_adapter, "send_wechat")):
            method = getattr(self.platforms, send)
            told: Callable[..., Sent] = lambda _self, sending, method=method: method(sending)  # noqa: E731
            self._stack.enter_context(mock.patch.object(module.Adapter, "send", told))
        governance.ensure_roles()
        basics.load()
        self._connect()
        self._stock()
        self._count = 0

    def _connect(self) -> None:
        gateway = {"secret": "s" * 24, "callback_url": "http://127.0.0.1:9/out"}
        for name in ("app", "shop"):
            channels.create_channel(SYSTEM, kind="open", name=name, settings=gateway)
        channels.create_channel(SYSTEM, kind="cti", name="hotline", settings={"secret": "s" * 24})
        channels.create_channel(SYSTEM, kind="wechat", name="oa", settings=WECHAT)

    def _stock(self) -> None:
        """One known customer with an order and a parcel in the demo's ERP."""
        key = Key(IdentityKind.PHONE, "", KNOWN_PHONE, verified=True, strong=True)
        new = NewPerson(keys=(key,), name="章小满", source="laws", at=START)
        (self.known,) = identity.import_persons(SYSTEM, [new])
        supply.create_source(SYSTEM, NewSource(name="demo", kind="demo", kinds=tuple(FactKind)))
        order = {
            "number": ORDER,
            "state": "shipped",
            "placed_at": (START - timedelta(days=2)).isoformat(),
            "amount": "1299.00",
            "lines": [{"sku": "AP-KETTLE-1", "name": "恒温电水壶", "qty": 1, "price": "1299.00"}],
        }
        track = {"at": (START - timedelta(minutes=20)).isoformat(), "text": f"已到达{WHERE}", "place": WHERE}
        parcel = {
            "tracking": TRACKING,
            "carrier": "顺丰",
            "state": "in_transit",
            "order": ORDER,
            "tracks": [track],
        }
        supply.load_demo(
            [
                DemoEntry(kind=FactKind.ORDER, key=ORDER, value=order, person=self.known),
                DemoEntry(kind=FactKind.PARCEL, key=TRACKING, value=parcel, person=self.known),
            ]
        )

    def close(self) -> None:
        self._stack.close()
        committer.shared().stop()
        committer.shared.cache_clear()

    def say(self, channel: str, sender: str, text: str, **more: Any) -> InboxId:
        """Acknowledged when it returns; not yet handled."""
        self._count += 1
        return self.deliver(channel, self.inbound(sender, text, message_id=f"m{self._count}", **more))

    def inbound(
        self,
        sender: str,
        text: str,
        *,
        message_id: str,
        event: str = "",
        context: Mapping[str, str] | None = None,
        **known: str,
    ) -> Inbound:
        return Inbound(
            message_id=message_id,
            sender=Sender(sender, **known),
            type=_type(event),
            text=text,
            event=event,
            context=context or {},
            sent_at=clock.now(),
        )

    def deliver(self, channel: str, *inbound: Inbound) -> InboxId:
        accepted = channels.accept_now(channels.channel_named(channel).id, inbound)
        if channel == "oa" and not accepted[0].duplicate:
            self.platforms.left[inbound[0].sender.key] = 5
        return accepted[0].id

    def hire(
        self,
        name: str,
        *,
        role: str = "agent",
        skills: Sequence[str] = (),
        presence: Presence = Presence.ONLINE,
    ) -> Actor:
        new = NewStaff(username=name, password=PASSWORD, name=name, roles=(role,))
        (person,) = governance.create_staff(SYSTEM, [new])
        actor = governance.actor_by_id(person.id)
        routing.ensure(person.id, skills=skills, capacity=2)
        routing.set_presence(actor, presence)
        return actor

    def source(self, plays: str) -> None:
        """ "" answers, "silent" does not."""
        supply.change_source(SYSTEM, "demo", settings={"plays": plays})
        supply.forget()

    @staticmethod
    def receive() -> int:
        done = 0
        while handled := reception.handle(LANES):
            done += handled
        return done

    @staticmethod
    def work() -> None:
        """What follows by itself: events, jobs, assignment."""
        outbox.publish()
        for queue in jobs.queues():
            jobs.run_due(queue)
        while channels.send_due():
            pass
        routing.assign()

    @staticmethod
    def sweep() -> None:
        """What is due now. Each pass leaves nothing due, or it would spin."""
        for _ in range(20):
            if not deadlines.sweep():
                return
        raise AssertionError("deadlines are due again as soon as they were carried out")

    def settle(self) -> None:
        """As an installation that was left alone for a moment; failed messages and jobs get their other tries."""
        for _ in range(12):
            self.clock.shift(timedelta(seconds=70))
            for agent in routing.all_seats():
                if agent.presence is not Presence.OFFLINE:
                    routing.seen(agent.agent)
            self.sweep()
            self.receive()
            for _ in range(3):
                self.work()
            self.sweep()
            if not channels.intake_counts().pending:
                return


def _type(event: str) -> MessageType:
    if event.startswith("call."):
        return MessageType.CALL
    return MessageType.EVENT if event else MessageType.TEXT


def _forget() -> None:
    """This process knows nothing of an earlier world."""
    committer.shared().stop()
    committer.shared.cache_clear()
    directory.forget()
    directory._known.by_id.clear()
    directory._known.by_name.clear()
    supply.forget()


def _empty() -> None:
    options = {"reset_sequences": False, "allow_cascade": True, "inhibit_post_migrate": True}
    call_command("flush", verbosity=0, interactive=False, **options)

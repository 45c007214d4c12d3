from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from jieli.channels import facade as channels
from jieli.channels.contracts import Inbound, InboxId, MessageType, Sender
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM, Actor
from jieli.reception import facade as reception
from jieli.relay import facade as relay
from jieli.relay.contracts import GENERAL, SUPERVISORS, LineStep
from jieli.routing import facade as routing
from jieli.routing.contracts import NewQueue, Presence

Say = Callable[..., InboxId]
LANES = range(64)


@pytest.fixture
def house(transactional_db: None, manual_clock: clock.ManualClock) -> clock.ManualClock:
    """Queues, an escalation line and two channels: what `jieli up --empty` would have made."""
    governance.ensure_roles()
    routing.save_queues(
        [
            NewQueue("general", "综合", "General"),
            NewQueue("supervisors", "班长", "Supervisors", skill="supervise"),
        ]
    )
    steps = [
        LineStep(holder=holder, within_s=300, next_step="agent.answer") for holder in (GENERAL, SUPERVISORS)
    ]
    relay.save_line(SYSTEM, code="default", steps=steps)
    for name in ("app", "shop"):
        settings = {"secret": "s" * 24, "callback_url": "http://127.0.0.1:9/out"}
        channels.create_channel(SYSTEM, kind="open", name=name, settings=settings)
    return manual_clock


@pytest.fixture
def say(house: clock.ManualClock) -> Say:
    """A customer says something on a channel; it is durable, not yet handled."""
    count = 0

    def speak(text: str, *, sender: str = "c1", channel: str = "app", **more: Any) -> InboxId:
        nonlocal count
        count += 1
        given: dict[str, Any] = {"message_id": f"m{count}", "type": MessageType.TEXT, "sent_at": clock.now()}
        given |= {
            key: more.pop(key) for key in list(more) if key in {"message_id", "type", "event", "context"}
        }
        inbound = Inbound(sender=Sender(key=sender, **more), text=text, **given)
        return channels.accept_now(channels.channel_named(channel).id, [inbound])[0].id

    return speak


@pytest.fixture
def handle() -> Callable[[], int]:
    """Reception works until the inbox is empty."""

    def work() -> int:
        done = 0
        while handled := reception.handle(LANES):
            done += handled
        return done

    return work


@pytest.fixture
def staff(house: clock.ManualClock) -> Callable[..., Actor]:
    """Somebody with a role and a seat, online unless told otherwise."""

    def hire(
        username: str,
        *,
        role: str = "agent",
        skills: tuple[str, ...] = (),
        presence: Presence = Presence.ONLINE,
    ) -> Actor:
        new = NewStaff(username=username, password="Fluss-Hafen-19-Turm", name=username, roles=(role,))
        (person,) = governance.create_staff(SYSTEM, [new])
        actor = governance.actor_by_id(person.id)
        routing.ensure(person.id, skills=skills, capacity=2)
        routing.set_presence(actor, presence)
        return actor

    return hire


def export() -> list[dict[str, Any]]:
    return list(reception.export_contacts())


def at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


__all__ = ["LANES", "UUID", "Say", "export"]

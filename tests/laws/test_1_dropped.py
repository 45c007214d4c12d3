"""Law 1, nothing is dropped: whoever leaves, and however long nobody comes, somebody has it, does something, by some time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jieli.conversations import facade as conversations
from jieli.governance.models import User
from jieli.kernel import laws
from jieli.promises import facade as promises
from jieli.promises.contracts import PromiseKind
from jieli.reception import facade as reception
from jieli.relay import facade as relay
from jieli.relay.contracts import SUPERVISORS
from jieli.routing import facade as routing
from jieli.routing.contracts import Presence
from tests.laws.world import World


def _line() -> dict[str, Any]:
    return list(reception.export_contacts())[-1]


def _require_held(world: World) -> None:
    matter = _line()["matter"]
    assert matter["state"] == "open"
    assert matter["holder"]
    assert matter["next_step"]
    assert matter["due_at"] > world.clock.now().isoformat()
    assert list(laws.breaches()) == []


def test_a_night_in_which_nobody_comes(world: World) -> None:
    """Twelve hours, looked at every seven minutes: never without a due time ahead, at last with the supervisors."""
    world.say("app", "c1", "转人工")
    world.receive()
    for _ in range(100):
        world.clock.shift(timedelta(minutes=7))
        world.sweep()
        world.work()
        _require_held(world)
    assert _line()["matter"]["holder"] == "queue:supervisors"


@pytest.mark.parametrize("presence", [Presence.OFFLINE, Presence.AWAY, Presence.LEAVING])
def test_an_agent_who_leaves_with_a_talk_in_hand(world: World, presence: Presence) -> None:
    agent = world.hire("lin")
    world.say("app", "c1", "转人工")
    world.receive()
    world.work()
    assert _line()["matter"]["holder"] == f"agent:{agent.id}"
    routing.set_presence(agent, presence)
    world.clock.shift(timedelta(minutes=2))
    world.sweep()
    world.work()
    assert _line()["matter"]["holder"].startswith("queue:")
    _require_held(world)


def test_an_account_that_is_closed_with_a_talk_in_hand(world: World) -> None:
    agent = world.hire("lin")
    world.say("app", "c1", "转人工")
    world.receive()
    world.work()
    User.objects.filter(id=agent.id).update(is_active=False)
    routing.set_presence(agent, Presence.OFFLINE)
    world.clock.shift(timedelta(minutes=2))
    world.sweep()
    world.work()
    _require_held(world)


def test_an_absent_agents_customer_comes_back(world: World) -> None:
    """The agent answered and went home; what the customer then writes goes to those who are there."""
    agent = world.hire("lin")
    world.say("app", "c1", "转人工")
    world.receive()
    world.work()
    conversation = _line()["conversation"]
    conversations.reply(agent, conversation=conversation, text="我查一下，稍后回复您。")
    routing.set_presence(agent, Presence.OFFLINE)
    other = world.hire("wei")
    world.say("app", "c1", "查到了吗")
    world.receive()
    world.work()
    assert _line()["matter"]["holder"] == f"agent:{other.id}"
    _require_held(world)


def test_somebody_answers_a_talk_that_waits_in_a_queue(world: World) -> None:
    """Their answer takes it out of the queue: nobody else is given it."""
    helper = world.hire("lin", presence=Presence.BUSY)
    world.say("app", "c1", "转人工")
    world.receive()
    conversations.reply(helper, conversation=_line()["conversation"], text="您好，请讲。")
    world.hire("wei")
    routing.assign()
    assert _line()["matter"]["holder"].startswith("customer:")
    world.work()
    assert sum(queue.waiting for queue in routing.board()) == 0
    _require_held(world)


def test_a_broken_promise_is_the_supervisors_to_make_good(world: World) -> None:
    """Not passed on at once for being late: it has a time of its own from now on."""
    agent = world.hire("lin")
    due = world.clock.now() + timedelta(minutes=20)
    made = promises.record(agent, person=world.known, what="今天回电", kind=PromiseKind.REPLY, due_at=due)
    for _ in range(5):
        world.clock.shift(timedelta(minutes=6))
        world.sweep()
        world.work()
    world.sweep()
    task = relay.states([made.id])[made.id]
    assert (task.open, task.holder, task.next_step) == (True, SUPERVISORS, "promise.make_good")
    assert task.due_at
    assert task.due_at > world.clock.now()
    assert list(laws.breaches()) == []


@pytest.mark.parametrize("column", ["holder_kind = ''", "next_step = ''", "due_at = NULL"])
def test_the_database_itself_refuses(world: World, column: str) -> None:
    world.say("app", "c1", "转人工")
    world.receive()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE relay_matter SET {column}")

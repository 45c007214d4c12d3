from typing import Any

import msgspec
import pytest

from jieli.kernel import outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.realtime import projections
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.relay import facade as relay
from jieli.relay.contracts import GENERAL, Change
from jieli.tickets import facade
from jieli.tickets.contracts import Stage
from jieli.tickets.tests.conftest import agent, held_by, opened

pytestmark = pytest.mark.django_db


def frames() -> list[Frame]:
    position = outbox.position()
    outbox.publish()
    events = [Published(e.position or 0, e.name, tuple(e.topics), e.payload) for e in outbox.after(position)]
    return projections.frames(events)


def snapshot(*ids: Any) -> dict[str, Any]:
    return {str(view.id): msgspec.to_builtins(view) for view in facade.views(ids)}


def test_the_old_snapshot_and_the_frames_make_the_new_snapshot(time: ManualClock) -> None:
    """Frames of a ticket replace it; frames of its matter replace what it stands on."""
    me, one, other = agent(), opened(), opened(severity=1)
    frames()
    shown = snapshot(one.id, other.id)
    facade.change_stage(me, ticket=one.id, stage=Stage.WORKING)
    relay.change(SYSTEM, Change(matter=one.id, next_note="门板已到仓"))
    relay.change(SYSTEM, Change(matter=other.id, holder=GENERAL))
    facade.change(me, ticket=other.id, tags=["VIP"], severity=2)
    facade.assign(me, ticket=other.id, to=held_by(me), why="mine")

    for frame in frames():
        if frame.topic == "desk" and frame.name == "ticket.changed":
            shown[frame.data["id"]] = dict(frame.data)
        elif frame.topic == "desk" and frame.name == "matter.changed":
            shown[frame.data["id"]]["matter"] = dict(frame.data)

    assert shown == snapshot(one.id, other.id)


def test_the_customers_frames_hold_nothing_internal(time: ManualClock) -> None:
    ticket = opened()
    facade.comment(agent(), ticket=ticket.id, text="顾客脾气不好", internal=True)
    own = [frame for frame in frames() if frame.topic == f"person:{ticket.person}"]
    assert {frame.name for frame in own} == {"ticket.changed", "matter.changed"}
    assert "顾客脾气不好" not in str(own)

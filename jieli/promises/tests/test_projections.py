"""Frames have the shapes of the snapshots, and what the customer's screen gets is the customer's view."""

import msgspec
import pytest

from jieli.kernel import outbox
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Published
from jieli.promises import facade as promises
from jieli.promises.tests.conftest import ANNA, Make

pytestmark = pytest.mark.django_db


def test_each_screen_gets_its_own_view(make: Make) -> None:
    promise = make(evidence={"message": "m1"})
    promises.settle(SYSTEM, promise=promise.id, evidence={"tracking": "SF1"})
    outbox.publish()
    events = [
        Published(row.position or 0, row.name, tuple(row.topics), row.payload) for row in outbox.after(0)
    ]
    by_topic = {(frame.topic, frame.name): frame.data for frame in projections.frames(events)}
    staff = by_topic["promises:all", "promises.kept"]
    customer = by_topic[f"person:{ANNA}", "promises.kept"]
    assert staff == msgspec.to_builtins(promises.of_person(SYSTEM, ANNA)[0])
    assert customer == msgspec.to_builtins(promises.to_customer(SYSTEM, ANNA)[0])
    assert "evidence" not in customer


def test_who_may_listen() -> None:
    assert topics.may_listen(
        Actor(kind=ActorKind.HUMAN, permissions=frozenset({"promise.read"})), "promises:all"
    )
    assert not topics.may_listen(Actor(kind=ActorKind.CUSTOMER, id=ANNA), "promises:all")

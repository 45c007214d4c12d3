"""Frames have the shapes of the snapshots, and what the customer's screen gets is the customer's view."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import pytest

from jieli.identity import facade as identity
from jieli.identity.contracts import IdentityKind, Key, NewPerson
from jieli.kernel import outbox
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.ids import new_id
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Published
from jieli.promises import facade as promises
from jieli.promises.tests.conftest import ANNA, NOW, Make
from jieli.promises.tests.test_http import call

pytestmark = pytest.mark.django_db
LEDGER = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"promise.read"}))


def plain(value: Any) -> Any:
    """Moments as moments: the two encoders write the same one differently."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return datetime.fromisoformat(value) if isinstance(value, str) and value[10:11] == "T" else value


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
    (line,) = call(LEDGER, "GET", "/promises")[1]["items"]
    assert plain(staff) == plain(line)
    assert staff["customer"] is None, "nobody is known by this id"
    assert customer == msgspec.to_builtins(promises.to_customer(SYSTEM, ANNA)[0])
    assert "evidence" not in customer


def test_the_ledger_names_the_customer_masked(make: Make) -> None:
    key = Key(IdentityKind.PHONE, "", "13800000001", verified=True, strong=True)
    (person,) = identity.import_persons(
        SYSTEM, [NewPerson(keys=(key,), name="章小满", source="test", at=NOW)]
    )
    made = make(person=person, order="JL20261109001", conversation=new_id())
    outbox.publish()
    events = [
        Published(row.position or 0, row.name, tuple(row.topics), row.payload) for row in outbox.after(0)
    ]
    (told,) = [frame.data for frame in projections.frames(events) if frame.topic == "promises:all"]
    (line,) = call(LEDGER, "GET", "/promises")[1]["items"]
    assert plain(told) == plain(line)
    assert line["customer"] == {"id": str(person), "name_masked": "章**", "tier": "normal"}
    assert (line["order"], line["conversation"]) == ("JL20261109001", str(made.conversation))
    assert "章小满" not in str(line)


def test_who_may_listen() -> None:
    assert topics.may_listen(
        Actor(kind=ActorKind.HUMAN, permissions=frozenset({"promise.read"})), "promises:all"
    )
    assert not topics.may_listen(Actor(kind=ActorKind.CUSTOMER, id=ANNA), "promises:all")

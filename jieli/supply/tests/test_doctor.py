import pytest

from jieli.kernel import doctor
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.doctor import Health
from jieli.kernel.realtime import topics
from jieli.supply import facade as supply
from jieli.supply.contracts import Ask, FactKind, NewSource

pytestmark = pytest.mark.django_db


def findings() -> list[tuple[Health, str]]:
    return [(one.health, one.mend) for one in doctor.examine() if "supply" in one.what.lower()]


def test_without_a_source_of_orders_it_says_what_to_do() -> None:
    [(health, mend)] = findings()
    assert health is Health.WARNING
    assert "http" in mend


def test_a_source_that_is_left_alone_is_named() -> None:
    supply.create_source(SYSTEM, NewSource(name="demo", kind="demo", kinds=(FactKind.ORDER,)))
    supply.lookup_many([Ask(None, FactKind.ORDER, "A")])
    assert findings() == [(Health.OK, "")]
    supply.change_source(SYSTEM, "demo", settings={"plays": "silent"})
    for _ in range(5):
        supply.lookup_many([Ask(None, FactKind.ORDER, "A")])
    [(health, mend)] = findings()
    assert health is Health.BROKEN
    assert mend


def test_who_may_listen() -> None:
    reader = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"supply.read"}))
    assert topics.may_listen(reader, "supply:parcels")
    assert not topics.may_listen(Actor(kind=ActorKind.CUSTOMER), "supply:parcels")

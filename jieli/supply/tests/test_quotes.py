"""Quotes of facts that a system outside vouched for: what it last told is what may be quoted."""

from datetime import timedelta
from typing import Any

import pytest

from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.supply import facade as supply
from jieli.supply import snapshots
from jieli.supply.contracts import FactKind, NewSource, Quote, RawFact, seal_of
from jieli.supply.tests.conftest import NOW, order

pytestmark = pytest.mark.django_db
TOLD = order("P1")


@pytest.fixture
def erp(watch: ManualClock) -> ManualClock:
    """An ERP that told the order P1 a minute before now."""
    settings = {"base_url": "https://erp.example.com"}
    new = NewSource(name="erp", kind="http", kinds=(FactKind.ORDER,), settings=settings, enabled=False)
    supply.create_source(SYSTEM, new)
    _tell(TOLD, NOW - timedelta(minutes=1))
    return watch


def _tell(value: dict[str, object], as_of: Any) -> None:
    snapshots.store("erp", [RawFact(kind=FactKind.ORDER, key="P1", value=value, as_of=as_of)])


def _quote(**more: Any) -> Quote:
    made: dict[str, Any] = {
        "kind": "order",
        "key": "P1",
        "source": "erp",
        "as_of": NOW - timedelta(minutes=1),
    }
    return Quote(**(made | {"seal": seal_of(TOLD), "at": NOW + timedelta(seconds=1)} | more))


def _wrong(**more: Any) -> str:
    quote = _quote(**more)
    return supply.misquoted([quote]).get(quote, "")


def test_what_it_told_may_be_quoted(erp: ManualClock) -> None:
    assert _wrong() == ""


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"key": "P2"}, "does not know"),
        ({"kind": "refund"}, "does not know"),
        ({"source": "wms"}, "no source"),
        ({"as_of": None}, "no age"),
        ({"as_of": NOW}, "last told it as of"),
        ({"seal": "0" * 16}, "another value"),
        ({"asked": True, "source": "wms"}, "no source"),
    ],
)
def test_anything_else_is_an_invention(erp: ManualClock, changed: dict[str, Any], what: str) -> None:
    assert what in _wrong(**changed)


def test_what_it_told_before_may_have_been_quoted(erp: ManualClock) -> None:
    """Of a fact that moved on only the newest value is kept, so an older quote is believed."""
    erp.shift(timedelta(minutes=10))
    _tell(order("P1", state="shipped"), NOW + timedelta(minutes=9))
    assert _wrong() == ""
    assert _wrong(as_of=NOW + timedelta(minutes=9), at=NOW + timedelta(minutes=11)) != ""


def test_a_source_that_was_asked_in_vain_vouches_for_nothing(erp: ManualClock) -> None:
    assert _wrong(asked=True, key="P2", seal="") == ""
    assert _wrong(asked=True, source="", seal="") == ""

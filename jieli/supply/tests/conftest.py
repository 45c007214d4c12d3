from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.kernel.ids import new_id
from jieli.supply import facade as supply
from jieli.supply.contracts import DemoEntry, FactKind, NewSource

NOW = datetime(2026, 11, 18, 6, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    supply.forget()
    yield
    supply.forget()


@pytest.fixture
def watch() -> Iterator[clock.ManualClock]:
    manual = clock.ManualClock(NOW)
    with clock.using(manual):
        yield manual


def order(number: str, **more: object) -> dict[str, object]:
    return {
        "number": number,
        "state": "paid",
        "placed_at": (NOW - timedelta(days=1)).isoformat(),
        "amount": "1299.00",
        "lines": [{"sku": "AP-KETTLE-1", "name": "恒温电水壶", "qty": 1, "price": "1299.00"}],
    } | more


def parcel(tracking: str, number: str = "", state: str = "in_transit", **more: object) -> dict[str, object]:
    made: dict[str, object] = {"tracking": tracking, "carrier": "顺丰", "state": state, "tracks": []}
    return made | ({"order": number} if number else {}) | more


@pytest.fixture
def demo(db: None) -> None:
    """Two customers with an order each, one with a parcel; stock, a promotion, a product."""
    supply.create_source(SYSTEM, NewSource(name="demo", kind="demo", kinds=tuple(FactKind)))
    supply.load_demo(
        [
            DemoEntry(kind=FactKind.ORDER, key="JL1001", value=order("JL1001"), person=ANNA),
            DemoEntry(kind=FactKind.PARCEL, key="SF100", value=parcel("SF100", "JL1001"), person=ANNA),
            DemoEntry(kind=FactKind.ORDER, key="JL2002", value=order("JL2002"), person=BO),
            DemoEntry(kind=FactKind.STOCK, key="AP-KETTLE-1", value=STOCK),
            DemoEntry(kind=FactKind.PROMOTION, key="D11", value=PROMOTION),
            DemoEntry(kind=FactKind.PRODUCT, key="AP-KETTLE-1", value=PRODUCT),
        ]
    )


ANNA, BO, CARL = new_id(), new_id(), new_id()
STOCK = {"sku": "AP-KETTLE-1", "on_hand": 12, "reserved": 5}
PRODUCT = {"sku": "AP-KETTLE-1", "name": "恒温电水壶", "name_en": "Kettle", "aliases": ["烧水壶", "电水壶"]}
PROMOTION = {
    "code": "D11",
    "name": "双十一返场",
    "text": "满 300 减 40",
    "from_at": "2026-11-01T00:00:00+08:00",
    "to_at": "2026-11-30T00:00:00+08:00",
}

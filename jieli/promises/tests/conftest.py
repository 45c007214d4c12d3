from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.promises import facade as promises
from jieli.promises.contracts import MadeBy, NewPromise, Promise, PromiseKind

NOW = datetime(2026, 11, 18, 6, 20, tzinfo=UTC)
ANNA = UUID(int=7)
Make = Callable[..., Promise]


@pytest.fixture
def watch() -> Iterator[clock.ManualClock]:
    manual = clock.ManualClock(NOW)
    with clock.using(manual):
        yield manual


def new(**changes: Any) -> NewPromise:
    given: dict[str, Any] = {
        "person": ANNA,
        "what": "今天发货",
        "kind": PromiseKind.SHIP_BY,
        "made_by": MadeBy.BOT,
        "evidence": {"words": "今天发货"},
        "due_at": clock.now() + timedelta(hours=10),
    }
    return NewPromise(**given | changes)


@pytest.fixture
def make(db: None, watch: clock.ManualClock) -> Make:
    return lambda **changes: promises.record_many(SYSTEM, [new(**changes)])[0]

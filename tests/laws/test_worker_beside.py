"""`jieli up` keeps a worker beside the front: started again when it dies, gone when the front is."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.laws.installation import Installation

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds children as Linux shows them"),
    pytest.mark.skipif(bool(os.environ.get("JIELI_DATABASE_URL")), reason="the same with any database"),
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "house")
    try:
        yield made
    finally:
        made.close()


def _children(pid: int) -> list[int]:
    """Linux lists them by the thread that made them."""
    return [
        int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()
    ]


def _until(true: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_worker_that_dies_is_replaced_and_ends_with_its_front(house: Installation) -> None:
    house.start("up --empty")
    house.wait_until_idle()
    front = house.pid("up --empty")
    [first] = _children(front)
    os.kill(first, signal.SIGKILL)
    _until(lambda: _children(front) not in ([], [first]))
    [second] = _children(front)
    house.kill("up --empty")
    _until(lambda: not Path(f"/proc/{second}").exists())


def test_in_one_process_there_is_no_other(house: Installation) -> None:
    house.start("up --empty --one-process")
    house.wait_until_idle()
    assert _children(house.pid("up --empty --one-process")) == []
    house.stop()

import threading

import pytest

from jieli.kernel import worker
from jieli.kernel.worker import Loop, Worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_loop_outlives_a_failing_turn_and_ends_with_its_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, again, ended = list[int](), threading.Event(), threading.Event()

    def turn() -> int:
        turns.append(1)
        if len(turns) == 1:
            raise ValueError("a bug")
        again.set()
        return 0

    monkeypatch.setattr(worker, "loops", lambda: [Loop("one", turn, "test.bell", finish=ended.set)])
    working = Worker()
    working.start()
    assert again.wait(10)
    assert not ended.is_set()
    working.stop()
    assert ended.is_set()

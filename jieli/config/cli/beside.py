"""A worker in a process of its own beside the front: hooks are answered while reception is busy, on two cores."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

LIFELINE = "JIELI_LIFELINE"
_PAUSE_S = 1.0
_PATIENCE_S = 15.0


@contextmanager
def worker() -> Iterator[None]:
    """A worker that is started again when it dies, and ends with this process, however that ends."""
    lifeline, held = os.pipe()  # nobody writes: who reads it hears of the end when nobody holds it any more
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []
    keeper = threading.Thread(
        target=_keep, args=(lifeline, stopping, running), name="worker-keeper", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        for one in running:
            one.terminate()
        keeper.join(_PATIENCE_S)
        for one in running:
            one.kill()
        os.close(held)
        os.close(lifeline)


def _keep(lifeline: int, stopping: threading.Event, running: list[subprocess.Popen[bytes]]) -> None:
    while not stopping.is_set():
        one = subprocess.Popen(
            [sys.executable, "-m", "jieli", "worker"],
            env={**os.environ, LIFELINE: str(lifeline)},
            pass_fds=(lifeline,),
            process_group=0,  # Ctrl+C is for us; we stop the worker after the last request
        )
        running[:] = [one]
        code = one.wait()
        if not stopping.is_set():
            log.error("the worker ended (%s); another one is started", code)
            stopping.wait(_PAUSE_S)


def watch_lifeline() -> None:
    """In the worker: end at once when whoever started us is gone, as if the power were cut."""
    if lifeline := os.environ.get(LIFELINE):
        threading.Thread(target=_end_with, args=(int(lifeline),), name="lifeline", daemon=True).start()


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)

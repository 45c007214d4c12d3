"""Training in a process of its own, the politest on the machine, which ends when whoever asked for it is gone.

`python -m jieli.learning.child FILE` reads its examples as one line of JSON, writes the model to FILE and prints its header.
What customers wrote goes through a pipe and never lies on a disk.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from jieli.learning.errors import Abandoned, TrainingFailed
from jieli.understanding import facade as understanding
from jieli.understanding.facade import Example

_LOOK_EVERY_S = 1.0
_SHOWN = 300
_NICE = 19


def train(more: Sequence[Example], path: Path, goes_on: Callable[[], bool]) -> dict[str, Any]:
    """Returns the model's header. Raises `Abandoned` as soon as `goes_on` says no, `TrainingFailed` with what went wrong."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as wrong:
        child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "jieli.learning.child", str(path)],
            stdin=subprocess.PIPE,
            stdout=told,
            stderr=wrong,
            start_new_session=True,
        )
        try:
            _follow(child, msgspec.json.encode(list(more)) + b"\n", goes_on)
        finally:
            _end(child)
        if child.returncode != 0:
            raise TrainingFailed(_last_words(wrong) or f"training ended with {child.returncode}")
        told.seek(0)
        header: dict[str, Any] = json.loads(told.read())
        return header


def _follow(child: "subprocess.Popen[bytes]", line: bytes, goes_on: Callable[[], bool]) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(line)
        child.stdin.flush()
    except BrokenPipeError:
        child.wait()  # it ended before it read anything; what it said tells why
    while child.poll() is None:
        if not goes_on():
            raise Abandoned("another worker goes on with this")
        try:
            child.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Nothing of it goes on, not even what it started."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    assert child.stdin is not None
    try:
        child.stdin.close()
    except BrokenPipeError:
        return


def _last_words(wrong: IO[bytes]) -> str:
    wrong.seek(0)
    lines = wrong.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:_SHOWN] if lines else ""


def _main() -> None:
    os.nice(_NICE)
    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    header = understanding.train_candidate(msgspec.json.decode(line, type=list[Example]), Path(sys.argv[1]))
    json.dump(header, sys.stdout)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        continue
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    _main()

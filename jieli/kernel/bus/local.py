"""Processes on one machine that work on the same data folder: a datagram to the socket of each of them."""

import hashlib
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jieli.kernel.bus.threaded import Closed, ThreadedBus
from jieli.kernel.ids import new_id

_LONGEST = 500


def _folder() -> Path:
    """Not in the data folder: the path of a socket has room for a hundred bytes only."""
    name = hashlib.sha256(str(settings.JIELI_BUS_NAME).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir(), f"jieli-{name}")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class _Line:
    """This process's own socket, and the way to those of the others."""

    def __init__(self) -> None:
        self._mine = _folder() / f"{new_id().hex[-12:]}.sock"

    def send(self, messages: list[str]) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            for other in self._mine.parent.glob("*.sock"):
                if messages and other != self._mine:
                    _send(out, other, messages)

    def receive(self, closed: Closed) -> Iterator[str]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.bind(str(self._mine))
            line.settimeout(1.0)
            try:
                while not closed():
                    try:
                        yield line.recv(_LONGEST).decode()
                    except TimeoutError:
                        continue
            finally:
                self._mine.unlink(missing_ok=True)


def _send(out: socket.socket, other: Path, messages: list[str]) -> None:
    try:
        for message in messages:
            out.sendto(message.encode(), str(other))
    except BlockingIOError:  # it has plenty to wake up for
        return
    except (ConnectionRefusedError, FileNotFoundError):  # its process is gone
        other.unlink(missing_ok=True)


def make() -> ThreadedBus:
    line = _Line()
    return ThreadedBus(send=line.send, receive=line.receive, errors=(OSError,))

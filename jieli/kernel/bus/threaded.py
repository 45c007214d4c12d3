"""What the buses over a network share: a sender that folds equal messages together and never blocks a caller,
and a receiver that reconnects."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

from jieli.kernel.bus import Listener

log = logging.getLogger(__name__)
_RETRY_S = 1.0
_CLOSING_S = 3.0
Closed = Callable[[], bool]


class ThreadedBus:
    """`send(messages)` ships a batch, and lets go of its connection when given none; `receive(closed)` yields messages
    until `closed()`, looking once a second. Both may raise `errors` when cut off."""

    def __init__(
        self,
        *,
        send: Callable[[list[str]], None],
        receive: Callable[[Closed], Iterator[str]],
        errors: tuple[type[Exception], ...],
    ) -> None:
        self._send, self._receive, self._errors = send, receive, errors
        self._waiting: dict[str, None] = {}
        self._wake = threading.Condition()
        self._closed = self._sending = False
        self._threads: list[threading.Thread] = []

    def publish(self, message: str) -> None:
        with self._wake:
            self._waiting[message] = None
            if not self._sending:
                self._sending = True
                self._start("bus-send", self._send_for_ever)
            self._wake.notify()

    def listen(self, listener: Listener) -> None:
        self._start("bus-listen", lambda: self._listen_for_ever(listener))

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()
        for thread in self._threads:
            thread.join(_CLOSING_S)

    def _send_for_ever(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    self._send([])
                    return
                batch, self._waiting = list(self._waiting), {}
            try:
                self._send(batch)
            except self._errors as error:
                log.warning("bus: %d wake-ups not sent (%s); readers poll meanwhile", len(batch), error)
                time.sleep(_RETRY_S)

    def _listen_for_ever(self, listener: Listener) -> None:
        while not self._closed:
            try:
                for message in self._receive(lambda: self._closed):
                    listener(message)
            except self._errors as error:
                log.warning("bus: not listening (%s); trying again", error)
                time.sleep(_RETRY_S)

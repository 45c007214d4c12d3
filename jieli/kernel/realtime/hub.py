"""The hub of one front process: reads each published event once and passes it to every listening connection.

Protocol: the client says the last event id it has; the hub replays what it missed, then goes on live. A client too
slow to take its frames is cut off and resumes later; one that was away too long is told to reload.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from jieli.kernel import outbox, wake
from jieli.kernel.realtime import projections
from jieli.kernel.realtime.contracts import Frame, Published

log = logging.getLogger(__name__)

_QUEUE = 1000
_REPLAY = 1000
_IDLE_S = 1.0
_encode = msgspec.json.Encoder().encode


class Connection:
    """One listening socket: its topics and the frames that wait to be sent."""

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self.queue: asyncio.Queue[str] = asyncio.Queue(_QUEUE)
        self.overrun = asyncio.Event()
        self._held: list[tuple[int, str]] | None = None

    def hold(self) -> None:
        """Keep what comes from now on behind what is still being looked up: frames are sent in the order of the log."""
        self._held = []

    def release(self, first: Sequence[tuple[int, str]], until: int) -> None:
        """Send what was looked up, which reaches `until`, and then what was held and is later."""
        later = [one for one in self._held or () if one[0] > until]
        self._held = None
        for position, text in [*first, *later]:
            self.offer(position, text)

    def offer(self, position: int, text: str) -> None:
        if self._held is not None:
            self._held.append((position, text))
            return
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.overrun.set()


def encode(frame: Frame) -> str:
    return _encode(
        {"id": frame.position, "topic": frame.topic, "name": frame.name, "data": frame.data}
    ).decode()


class Hub:
    def __init__(self) -> None:
        self._by_topic: dict[str, set[Connection]] = {}
        self._position = 0
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._position = await _in_thread(outbox.position)

        def woken() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        self._unwatch = wake.watch(outbox.WAKE_PUBLISHED, woken)
        self._task = asyncio.create_task(self._follow(), name="hub")

    async def stop(self) -> None:
        if self._task:
            self._unwatch()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def position(self) -> int:
        return self._position

    def listen(self, connection: Connection, topics: Iterable[str]) -> None:
        for topic in topics:
            connection.topics.add(topic)
            self._by_topic.setdefault(topic, set()).add(connection)

    def unlisten(self, connection: Connection, topics: Iterable[str]) -> None:
        for topic in list(topics):
            connection.topics.discard(topic)
            listening = self._by_topic.get(topic, set())
            listening.discard(connection)
            if not listening:
                self._by_topic.pop(topic, None)

    def leave(self, connection: Connection) -> None:
        self.unlisten(connection, connection.topics)

    async def replay(self, connection: Connection, last: int) -> bool:
        """Queue what the topics missed since `last`, before what was held meanwhile; False when that is too long ago
        and the client must reload."""
        events = await _in_thread(outbox.after, last, limit=_REPLAY + 1)
        gap = events and events[0].position > last + 1
        kept = len(events) <= _REPLAY and not gap and last <= self._position
        missed = await self._frames(events, connection.topics) if kept else []
        connection.release(
            [(frame.position, encode(frame)) for frame in missed if frame.topic in connection.topics],
            events[-1].position if kept and events else last,
        )
        return kept

    async def _follow(self) -> None:
        while True:
            try:
                events = await _in_thread(outbox.after, self._position)
                if events:
                    await self._pass_on(events)
                    continue
            except (DatabaseError, OSError) as error:
                log.warning("hub: cannot read events (%s); trying again", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _IDLE_S)
            self._woken.clear()

    async def _pass_on(self, events: list[Any]) -> None:
        for frame in await self._frames(events, self._by_topic.keys()):
            if listening := self._by_topic.get(frame.topic):
                text = encode(frame)
                for connection in list(listening):
                    connection.offer(frame.position, text)
        self._position = events[-1].position

    @staticmethod
    async def _frames(events: list[Any], watched: Iterable[str]) -> list[Frame]:
        topics = set(watched)
        wanted = [
            Published(event.position, event.name, tuple(event.topics), event.payload)
            for event in events
            if topics.intersection(event.topics)
        ]
        return await _in_thread(projections.frames, wanted) if wanted else []


async def _in_thread(function: Any, *args: Any, **kwargs: Any) -> Any:
    def call() -> Any:
        close_old_connections()
        return function(*args, **kwargs)

    return await sync_to_async(call, thread_sensitive=False)()

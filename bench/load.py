"""The load generator: prepared requests over kept connections, one at a time on each.

`python -m bench.load SHOTS HITS CONNECTIONS [RATE]`: as fast as answers come, or RATE messages a second whatever comes.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import uvloop

from bench.shots import PORT, Hit, Shot, Volley

_TAKEN = (b"HTTP/1.1 200", b"HTTP/1.1 202")


class _Line(asyncio.Protocol):
    """One connection; `ask` resolves with the status line of the answer."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def ask(self, wire: bytes) -> "asyncio.Future[bytes]":
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(wire)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        answer, self._answer, self._buffer = self._answer, None, b""
        if answer is not None and not answer.done():
            answer.set_result(head[:12])

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(b"")


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def _fire(shots: list[Shot], connections: int, rate: float) -> list[Hit]:
    loop = asyncio.get_running_loop()
    lines = [(await loop.create_connection(_Line, "127.0.0.1", PORT))[1] for _ in range(connections)]
    hits: list[Hit] = []
    plan = _plan(shots, rate, loop.time())
    await asyncio.gather(*(_work(line, plan, hits) for line in lines))
    return hits


def _plan(shots: list[Shot], rate: float, start: float) -> Iterator[tuple[float, Shot]]:
    """Each request with the moment, by the loop's clock, at which it is due; one plan for all connections."""
    sent = 0
    for shot in shots:
        yield (start + sent / rate if rate else 0.0), shot
        sent += len(shot.ids)


async def _work(line: _Line, plan: Iterator[tuple[float, Shot]], hits: list[Hit]) -> None:
    """A request that found no free connection in time counts from when it was due: nothing is left out."""
    loop = asyncio.get_running_loop()
    for due, shot in plan:
        wait = due - loop.time() if due else 0.0
        if wait > 0:
            await asyncio.sleep(wait)
        sent = time.time() + (min(wait, 0.0) if due else 0.0)
        said = await line.ask(shot.wire)
        hits.append(Hit(shot.ids, sent, time.time(), said in _TAKEN))
        if not said:
            return


def main() -> None:
    shots_file, hits_file, connections, *rate = sys.argv[1:]
    shots = msgspec.msgpack.decode(Path(shots_file).read_bytes(), type=list[Shot])
    hits = uvloop.run(_fire(shots, int(connections), float(rate[0]) if rate else 0.0))
    Path(hits_file).write_bytes(msgspec.msgpack.encode(Volley(hits, time.process_time())))


if __name__ == "__main__":
    main()

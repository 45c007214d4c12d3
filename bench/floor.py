"""The floor: a bare ASGI app that only inserts the same inbox row with the same group commit, and answers.

No signature, no decryption, no parsing: whatever a hook does beyond this is what intake costs.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from typing import Any

import uvicorn

from bench import ready  # noqa: F401
from bench.shots import PORT
from jieli.channels import committer, directory
from jieli.channels.arrivals import Arrival
from jieli.channels.contracts import ChannelRef, Inbound, MessageType, Sender
from jieli.kernel import clock

_numbers = count()
_SOMETHING = Inbound(
    message_id="", sender=Sender("floor"), type=MessageType.TEXT, text="", sent_at=clock.now()
)
_SENDER = "f" * 64
_PAYLOAD = "v1:" + "x" * 400


class Floor:
    """NDJSON bodies become one row a line, as in the open hook."""

    def __init__(self) -> None:
        self._channel: ChannelRef | None = None

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if scope["path"] != "/healthz":
            await committer.shared().put([self._arrival() for _ in range(body.count(b"\n") + 1)])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})
        await send({"type": "http.response.body", "body": b"success"})

    def _arrival(self) -> Arrival:
        assert self._channel is not None
        number = next(_numbers)
        return Arrival(
            self._channel, f"floor{number}", _SENDER, number % 64, _PAYLOAD, clock.now(), _SOMETHING
        )

    async def _lifespan(
        self, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        await receive()
        await asyncio.to_thread(directory.refresh)
        self._channel = next(line.ref for line in directory.lines().values() if line.ref.kind == "open")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(committer.shared().stop)
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(
        Floor(),
        host="127.0.0.1",
        port=PORT,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
    )

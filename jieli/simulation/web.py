"""Visitors of the web chat: the socket of the customer page, one a visitor."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from jieli.simulation.contracts import Heard, Said
from jieli.simulation.delivery import Delivered, Outcome

_ANSWER_S = 10.0
_TRIES = 3
Tell = Callable[[Heard], None]


class Page:
    """One visitor's open page: sends until it is acknowledged, reconnects when the line was lost."""

    def __init__(self, url: str, channel: str, key: str, tell: Tell) -> None:
        self._url, self._channel, self._key, self._tell = url, channel, key, tell
        self._token = ""
        self._line: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def deliver(self, said: Said) -> Delivered:
        why = ""
        for repeated in range(_TRIES):
            try:
                answer = await self._ask(said)
            except (OSError, TimeoutError, WebSocketException, httpx.HTTPError) as error:
                why = type(error).__name__
                await self.close()
                continue
            if answer["type"] == "ack":
                return Delivered(Outcome.TAKEN, repeated)
            return Delivered(Outcome.REFUSED, repeated, str(answer.get("reason", "")))
        return Delivered(Outcome.UNANSWERED, _TRIES - 1, why)

    async def close(self) -> None:
        if self._reader:
            self._reader.cancel()
        if self._line:
            await self._line.close()
        self._line = self._reader = None

    async def _ask(self, said: Said) -> dict[str, Any]:
        line = self._line or await self._opened()
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[said.id] = answer
        context = dict(said.context) | {"simulated": "true"}
        message = {"type": "message", "id": said.id, "text": said.text, "context": context}
        try:
            await line.send(msgspec.json.encode(message).decode())
            return await asyncio.wait_for(answer, _ANSWER_S)
        finally:
            self._waiting.pop(said.id, None)

    async def _opened(self) -> ClientConnection:
        if not self._token:
            async with httpx.AsyncClient(base_url=self._url, trust_env=False) as http:
                made = await http.post("/api/v1/customer/session", json={"channel": self._channel})
                made.raise_for_status()
                self._token = str(made.json()["token"])
        address = f"ws{self._url.removeprefix('http')}/ws/customer"
        query = f"channel={self._channel}&token={self._token}"
        self._line = await connect(f"{address}?{query}", proxy=None)
        self._reader = asyncio.create_task(self._read(self._line))
        return self._line

    async def _read(self, line: ClientConnection) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            async for raw in line:
                self._frame(msgspec.json.decode(raw, type=dict[str, Any]))

    def _frame(self, frame: dict[str, Any]) -> None:
        waiting = self._waiting.get(str(frame.get("id")))
        if frame.get("type") in ("ack", "refused") and waiting and not waiting.done():
            waiting.set_result(frame)
        elif frame.get("name") == "message.added" and frame["data"]["direction"] == "out":
            said = frame["data"]
            self._tell(
                Heard(channel=self._channel, key=self._key, text=said["text"], by=said["author"]["kind"])
            )

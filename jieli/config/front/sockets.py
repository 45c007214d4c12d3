"""The sockets of the desk and of customers: one protocol.

Server → client: `{"type": "hello", "event_id"}`, frames `{"id", "topic", "name", "data"}`, `{"type": "reset"}` when too
much was missed (reload the snapshots), `{"type": "ack"|"refused", …}`, `{"type": "pong"}`.
A client that comes back says in the address what it heard last and what it followed: `last_event_id=7&topics=a,b`; what
it missed comes first, in the order of the log.
Client → server: `{"type": "subscribe"|"unsubscribe", "topics": […]}`, `{"type": "ping"}`, and from customers
`{"type": "message", "id", "text", "context"?}`, acknowledged once it is durable.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from asgiref.sync import sync_to_async
from django.db import close_old_connections

from jieli.channels import facade as channels
from jieli.conversations import facade as conversations
from jieli.governance import facade as governance
from jieli.kernel.actor import Actor
from jieli.kernel.errors import JieliError
from jieli.kernel.realtime import topics
from jieli.kernel.realtime.hub import Connection, Hub
from jieli.routing import facade as routing

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Handle = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]

_LONGEST_FRAME = 64 * 1024
_MOST_TOPICS = 200


async def refuse(receive: Receive, send: Send, code: int, reason: str) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code, "reason": reason})


async def desk(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Staff, by session cookie. Their heartbeat is their presence."""
    actor = await in_thread(governance.actor_from_session, cookies(scope))
    if actor is None:
        await refuse(receive, send, 4401, "Sign in first.")
        return

    async def handle(message: dict[str, Any]) -> dict[str, Any] | None:
        if message.get("type") == "ping" and actor.id is not None:
            await in_thread(routing.seen, actor.id)
            return {"type": "pong"}
        return None

    own = [topic for topic in ("desk", f"agent:{actor.id}") if topics.may_listen(actor, topic)]
    await Session(hub, actor, scope, receive, send, handle).run(own)


async def customer(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """A customer, by the token of their chat session."""
    query = dict(parse_qsl(scope.get("query_string", b"").decode()))
    channel, token = query.get("channel", "web"), query.get("token", "")
    try:
        actor = await in_thread(conversations.customer_behind, channel, token)
        own = await in_thread(conversations.customer_ids, actor)
    except JieliError as error:
        await refuse(receive, send, 4401, str(error))
        return

    async def handle(message: dict[str, Any]) -> dict[str, Any] | None:
        if message.get("type") == "ping":
            return {"type": "pong"}
        if message.get("type") != "message":
            return None
        return await take_message(channel, token, message)

    await Session(hub, actor, scope, receive, send, handle).run([f"person:{one}" for one in own])


async def take_message(channel: str, token: str, message: dict[str, Any]) -> dict[str, Any]:
    key, text, context = message.get("id"), message.get("text"), message.get("context") or {}
    if not isinstance(key, str) or not isinstance(text, str) or not isinstance(context, dict):
        return {"type": "refused", "id": key, "reason": "A message has an id and a text."}
    try:
        plain = {str(name): str(value) for name, value in context.items()}
        accepted = await channels.accept_web(channel, token, message_id=key, text=text, context=plain)
    except JieliError as error:
        return {"type": "refused", "id": key, "code": error.code, "reason": str(error)}
    return {"type": "ack", "id": key, "inbox": str(accepted.id), "duplicate": accepted.duplicate}


class Session:
    """One socket: sends what the hub queues, hears what the client says, ends when either side does."""

    def __init__(
        self, hub: Hub, actor: Actor, scope: Scope, receive: Receive, send: Send, handle: Handle
    ) -> None:
        self.hub, self.actor, self.receive, self.send, self.handle = hub, actor, receive, send, handle
        self.connection = Connection()
        query = dict(parse_qsl(scope.get("query_string", b"").decode()))
        self.last = int(query["last_event_id"]) if query.get("last_event_id", "").isdecimal() else 0
        self.followed = query.get("topics", "").split(",")

    async def run(self, own_topics: list[str]) -> None:
        """`own_topics` are followed from the start, unasked; the actor may listen to them."""
        await self.receive()
        await self.send({"type": "websocket.accept"})
        followed = await in_thread(self._allowed, self.followed)
        if self.last:
            self.connection.hold()
        self.hub.listen(self.connection, [*own_topics, *followed])
        await self.tell({"type": "hello", "event_id": self.hub.position})
        if self.last and not await self.hub.replay(self.connection, self.last):
            await self.tell({"type": "reset", "event_id": self.hub.position})
        tasks = [asyncio.create_task(work()) for work in (self._hear, self._speak, self._overrun)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.leave(self.connection)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(RuntimeError, OSError):
                await self.send(
                    {"type": "websocket.close", "code": 1013 if self.connection.overrun.is_set() else 1000}
                )

    async def tell(self, message: dict[str, Any]) -> None:
        await self.send({"type": "websocket.send", "text": msgspec.json.encode(message).decode()})

    async def _speak(self) -> None:
        while True:
            await self.send({"type": "websocket.send", "text": await self.connection.queue.get()})

    async def _overrun(self) -> None:
        await self.connection.overrun.wait()

    async def _hear(self) -> None:
        while True:
            event = await self.receive()
            if event["type"] == "websocket.disconnect":
                return
            raw = event.get("text") or ""
            if len(raw) > _LONGEST_FRAME:
                await self.tell({"type": "refused", "reason": "This is too long for one frame."})
                continue
            try:
                message = msgspec.json.decode(raw, type=dict[str, Any])
            except msgspec.DecodeError:
                await self.tell({"type": "refused", "reason": "A frame is one JSON object."})
                continue
            if answer := await self._answer(message):
                await self.tell(answer)

    async def _answer(self, message: dict[str, Any]) -> dict[str, Any] | None:
        wanted = message.get("topics")
        if message.get("type") in {"subscribe", "unsubscribe"} and isinstance(wanted, list):
            return await self._subscribe(
                message["type"], [topic for topic in wanted if isinstance(topic, str)]
            )
        return await self.handle(message)

    def _allowed(self, wanted: list[str]) -> list[str]:
        return [topic for topic in wanted[:_MOST_TOPICS] if topics.may_listen(self.actor, topic)]

    async def _subscribe(self, kind: str, wanted: list[str]) -> dict[str, Any]:
        if kind == "unsubscribe":
            self.hub.unlisten(self.connection, wanted)
        else:
            self.hub.listen(self.connection, await in_thread(self._allowed, wanted))
        return {"type": "subscribed", "topics": sorted(self.connection.topics), "event_id": self.hub.position}


def cookies(scope: Scope) -> dict[str, str]:
    raw = b"; ".join(value for name, value in scope.get("headers", ()) if name == b"cookie").decode("latin-1")
    return {name: morsel.value for name, morsel in SimpleCookie(raw).items()}


async def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    def call() -> Any:
        close_old_connections()
        return function(*args)

    return await sync_to_async(call, thread_sensitive=False)()

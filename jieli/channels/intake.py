"""The edge: `/hooks/<kind>/<channel>`, bare ASGI. Verify, normalise, make durable, then answer.

The request path touches no database: channels come from the directory, rows go to the committer.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from django.db import DatabaseError

from jieli.channels import adapters, committer, directory, refusals
from jieli.channels.adapters.port import LARGEST_BODY, HookRequest, Received, Response
from jieli.channels.arrivals import arrival
from jieli.channels.contracts import Accepted, ChannelRef, Inbound
from jieli.channels.errors import IntakeFull, Refused
from jieli.kernel import clock

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_PROBLEM = b"application/problem+json"
_MOST_QUERY = 50


class Gone(Exception):
    """The caller hung up."""


async def handle_hook(scope: Scope, receive: Receive, send: Send) -> None:
    kind, name = _address(scope["path"])
    try:
        response = await _handled(kind, name, scope, receive)
    except Refused as refused:
        shown_kind = kind if kind in adapters.manifests() else "unknown"
        refusals.note(shown_kind, name, refused.reason, refused.detail)
        committer.shared().start()
        response = _problem(refused)
    except Gone:
        return
    await _reply(send, response)


async def _handled(kind: str, name: str, scope: Scope, receive: Receive) -> Response:
    line = await _line(kind, name)
    body = await _body(scope, receive)
    received = _received(line, scope, body)
    if not received.inbound:
        return received.answer(())
    return received.answer(await durable(line.ref, received.inbound, line.manifest.answer_within_s))


async def durable(channel: ChannelRef, inbound: Sequence[Inbound], within_s: float) -> list[Accepted]:
    """Raises `Refused` with 503 when the rows are not on disk in time; the platform then delivers again."""
    now = clock.now()
    try:
        future = committer.shared().put([arrival(channel, one, now) for one in inbound])
        return await _within(future, within_s)
    except IntakeFull as error:
        raise Refused("full", 503, str(error)) from None
    except TimeoutError:
        raise Refused("slow", 503, f"not stored within {within_s} s") from None
    except DatabaseError as error:
        raise Refused("not_stored", 503, type(error).__name__) from None


async def _within(future: "asyncio.Future[list[Accepted]]", seconds: float) -> list[Accepted]:
    """As `asyncio.wait_for`, for a future that only we hold, at a fifth of its cost."""
    timer = asyncio.get_running_loop().call_later(seconds, _expire, future)
    try:
        return await future
    finally:
        timer.cancel()


def _expire(future: "asyncio.Future[list[Accepted]]") -> None:
    if not future.done():
        future.set_exception(TimeoutError())


def _address(path: str) -> tuple[str, str]:
    parts = path.strip("/").split("/")
    return (parts[1], parts[2]) if len(parts) == 3 else ("", path)


async def _line(kind: str, name: str) -> directory.Line:
    line = directory.peek(kind, name)
    if line is None and kind in adapters.manifests():
        await _channels_read_again()
        line = directory.peek(kind, name)
    if line is None:
        raise Refused("no_channel", 404, "no channel has this address; see “jieli channel list”")
    if not line.enabled:
        raise Refused("channel_off", 403, "the channel is switched off")
    if line.adapter is None:
        raise Refused("channel_broken", 503, line.broken)
    return line


async def channels_known() -> None:
    """Call before looking up a channel in a coroutine."""
    if not directory.is_fresh():
        await _channels_read_again()


async def _channels_read_again() -> None:
    if directory.age_s() > directory.SHORTEST_AGE_S:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.wrap_future(committer.shared().look_for_channels()), 3.0)


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Refuses before it has buffered more than the limit."""
    for key, value in scope["headers"]:
        if key == b"content-length" and value.isdigit() and (len(value) > 12 or int(value) > LARGEST_BODY):
            raise _too_large()
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise _too_large()
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large() -> Refused:
    return Refused("too_large", 413, f"a body has at most {LARGEST_BODY} bytes")


def _received(line: directory.Line, scope: Scope, body: bytes) -> Received:
    assert line.adapter is not None
    return line.adapter.receive(
        HookRequest(
            method=scope["method"],
            query=_query(scope["query_string"].decode("latin-1")),
            headers={key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]},
            body=body,
            now=clock.now(),
        )
    )


def _query(text: str) -> dict[str, str]:
    if text.count("&") >= _MOST_QUERY:
        raise Refused("malformed", 400, "the query has too many fields")
    if "%" in text or "+" in text:
        pairs = parse_qsl(text, keep_blank_values=True)
    else:
        pairs = [(key, value) for key, _, value in (part.partition("=") for part in text.split("&"))]
    return dict(reversed(pairs))


def _problem(refused: Refused) -> Response:
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": refused.reason.replace("_", " "),
        "status": refused.status,
        "detail": refused.detail,
        "code": refused.reason,
    }
    if refused.errors:
        said["errors"] = refused.errors
    return Response(refused.status, msgspec.json.encode(said), _PROBLEM)


async def _reply(send: Send, response: Response) -> None:
    headers = [(b"content-type", response.type), (b"content-length", b"%d" % len(response.body))]
    if response.status == 503:
        headers.append((b"retry-after", b"1"))
    if response.status == 413:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})

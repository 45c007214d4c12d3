"""The platforms' servers on one port: WeChat's API, and the addresses to which open channels send their answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import uvicorn

from jieli.channels import facade as channels
from jieli.kernel import clock
from jieli.simulation.contracts import Heard
from jieli.simulation.wechat_server import Answer, WeChatServer

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Tell = Callable[[Heard], None]
_SIGNATURE = b"x-jieli-signature"


class Platforms:
    """A bare ASGI app. `apps` names the channel of each AppID, `secrets` the signing secret of each open channel."""

    def __init__(
        self, wechat: WeChatServer, apps: Mapping[str, str], secrets: Mapping[str, str], tell: Tell
    ) -> None:
        self._wechat, self._apps, self._secrets, self._tell = wechat, apps, secrets, tell
        self._seen: set[str] = set()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        body = await _body(receive)
        status, answer = self._answer(scope["path"], query, body, dict(scope["headers"]))
        raw = msgspec.json.encode(answer)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(raw)),
            (b"connection", b"close"),  # a line kept open would be dead for the sender after the drill
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": raw})

    def _answer(
        self, path: str, query: Mapping[str, str], body: bytes, headers: Mapping[bytes, bytes]
    ) -> tuple[int, Answer]:
        now, token = clock.now(), query.get("access_token", "")
        match path.strip("/").split("/"):
            case ["cgi-bin", "token"]:
                return 200, self._wechat.token(query.get("appid", ""), query.get("secret", ""), now)
            case ["cgi-bin", "message", "custom", "send"]:
                return 200, self._custom_message(token, body)
            case ["cgi-bin", "media", "upload"]:
                return 200, self._wechat.upload(token, query.get("type", ""), len(body), now)
            case ["open", name] if name in self._secrets:
                return self._open(name, body, headers.get(_SIGNATURE, b"").decode("latin-1"))
            case _:
                return 404, {"errcode": 404, "errmsg": "the simulator plays no such address"}

    def _custom_message(self, token: str, body: bytes) -> Answer:
        try:
            message = msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError:
            return {"errcode": 47001, "errmsg": "data format error (simulated)"}
        app, answer = self._wechat.send(token, message, clock.now())
        if answer["errcode"] == 0:
            self._tell(Heard(channel=self._apps[app], key=str(message["touser"]), text=_text_of(message)))
        return answer

    def _open(self, name: str, body: bytes, signature: str) -> tuple[int, Answer]:
        """Checks the signature as a real gateway must; a message that comes twice is told once."""
        if not _is_signed(self._secrets[name], body, signature):
            return 401, {"error": "the signature does not fit (simulated)"}
        message = msgspec.json.decode(body, type=dict[str, Any])
        key = str(message.get("id", ""))
        if key and key not in self._seen:
            self._seen.add(key)
            to, text, by = message["to"]["id"], str(message.get("text", "")), str(message.get("by", ""))
            self._tell(Heard(channel=name, key=to, text=text, by=by))
        return 200, {"id": f"sim-{key}", "state": "delivered"}


async def _body(receive: Receive) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _text_of(message: Mapping[str, Any]) -> str:
    kind = str(message["msgtype"])
    return str(message["text"]["content"]) if kind == "text" else f"[{kind}]"


def _is_signed(secret: str, body: bytes, signature: str) -> bool:
    stamp = signature.partition("t=")[2].partition(",")[0]
    if not stamp.isdecimal():
        return False
    at = datetime.fromtimestamp(int(stamp), UTC)
    return channels.signed_header(secret, body, at)[1] == signature


@asynccontextmanager
async def served(app: Platforms, address: str) -> AsyncIterator[None]:
    """Serves on the loopback address while the block runs. Raises `OSError` when the port is taken."""
    found = urlsplit(address)
    config = uvicorn.Config(
        app,
        host=found.hostname or "127.0.0.1",
        port=found.port or 80,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started and not task.done():
        await asyncio.sleep(0.02)
    if task.done():
        raise OSError(f"{address} cannot be served; is another simulation running?")
    try:
        yield
    finally:
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """Ends with the block that it serves; signals are for whoever runs the block."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from jieli.channels import committer, deliveries, directory, facade, intake, refusals
from jieli.channels.contracts import ChannelRef, Delivery
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-test"
APP = "wxdemo00000000001"
TOKEN = "demoToken1"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
WECHAT = {"app_id": APP, "app_secret": "demo-app-secret", "token": TOKEN}


@pytest.fixture(autouse=True)
def _forgetful_process() -> Iterator[None]:
    """Each test begins as a process that knows no channels and counts nothing."""
    directory.forget()
    directory._known.by_id.clear()
    directory._known.by_name.clear()
    refusals._counted.clear()
    yield
    committer.shared().stop()
    committer.shared.cache_clear()


@pytest.fixture
def now() -> Iterator[ManualClock]:
    with clock.using(ManualClock(NOW)) as manual:
        assert isinstance(manual, ManualClock)
        yield manual


Make = Callable[..., ChannelRef]


@pytest.fixture
def make() -> Make:
    def made(kind: str, name: str = "", **settings: str) -> ChannelRef:
        given: Mapping[str, str] = {"wechat": WECHAT, "web": {}}.get(kind, {"secret": SECRET})
        view = facade.create_channel(SYSTEM, kind=kind, name=name or kind, settings={**given, **settings})
        return facade.channel(view.id)

    return made


@pytest.fixture
def heard_of(monkeypatch: pytest.MonkeyPatch) -> list[Delivery]:
    """Every change of a delivery that listeners are told."""
    told: list[Delivery] = []
    monkeypatch.setattr(deliveries, "_listeners", [told.extend])
    return told


class Answer:
    def __init__(self, messages: Sequence[Mapping[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = dict(messages[0]["headers"])
        self.body: bytes = messages[1]["body"]

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def ids(self) -> list[UUID]:
        said = self.json
        return [UUID(one) for one in said.get("ids", [said.get("id")])]


async def hooked(
    path: str,
    body: bytes | Sequence[bytes] = b"",
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
) -> Answer:
    chunks = [body] if isinstance(body, bytes) else list(body)
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    raw = [(k.lower().encode(), v.encode("latin-1")) for k, v in (headers or {}).items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode("latin-1"),
        "headers": raw,
    }
    await intake.handle_hook(scope, receive, send)
    return Answer(sent)


def hook(path: str, body: bytes | Sequence[bytes] = b"", **how: Any) -> Answer:
    return asyncio.run(hooked(path, body, **how))


def signed(path: str, body: bytes, *, secret: str = SECRET, at: datetime | None = None, **how: Any) -> Answer:
    name, value = facade.signed_header(secret, body, at or clock.now())
    return hook(path, body, headers={name: value, **how.pop("headers", {})}, **how)


def pushed(xml: str, *, path: str = "/hooks/wechat/wechat", nonce: str = "n1", **settings: str) -> Answer:
    query, body = facade.wechat_push({**WECHAT, **settings}, xml, at=clock.now(), nonce=nonce)
    return hook(path, body, query=query)

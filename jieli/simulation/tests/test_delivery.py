"""Replay and redelivery against the real intake, in this process."""

import asyncio
import random
import socket
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest

from jieli.channels import facade as channels
from jieli.channels.contracts import LANES, InboxItem, MessageType
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import Invalid
from jieli.simulation import dialogues, hooks, replay
from jieli.simulation.contracts import Heard, Said
from jieli.simulation.delivery import Courier, Delivered, Outcome
from jieli.simulation.platforms import Platforms, served
from jieli.simulation.wechat_server import WeChatServer

WECHAT = {
    "app_id": "wxdemo00000000009",
    "app_secret": "demo-app-secret",
    "token": "demoToken9",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
SECRET = "a-secret-of-the-simulation"


@pytest.fixture
def house(transactional_db: None) -> Iterator[None]:
    channels.create_channel(SYSTEM, kind="wechat", name="wx", settings=WECHAT)
    channels.create_channel(SYSTEM, kind="open", name="shop", settings={"secret": SECRET})
    channels.create_channel(SYSTEM, kind="cti", name="line", settings={"secret": SECRET})
    channels.create_channel(SYSTEM, kind="web", name="page", settings={})
    yield
    channels.stop_intake()


class Shaky(httpx.AsyncBaseTransport):
    """The installation in this process, over a line that is cut before or after the hook was reached."""

    def __init__(self, cut: float = 0.0) -> None:
        self._inner = httpx.ASGITransport(app=channels.handle_hook)
        self._cut, self._rng = cut, random.Random(3)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._rng.random() < self._cut:
            raise httpx.ConnectError("cut before")
        answer = await self._inner.handle_async_request(request)
        if self._rng.random() < self._cut:
            raise httpx.ReadError("cut after")
        return answer


def inbox() -> list[InboxItem]:
    return channels.claim_inbox(range(LANES), 1000)


def deliver(hook: hooks.Hook, *acts: Said) -> list[Delivered]:
    async def run() -> list[Delivered]:
        async with Courier("http://here", transport=Shaky()) as courier:
            return [await courier.deliver(hook, one, tries=2) for one in acts]

    return asyncio.run(run())


def play(
    channel: str, *, cut: float = 0.0, each: int = 1, told: Sequence[dialogues.Dialogue] | None = None
) -> replay.Tally:
    playing = replay.Playing(hook=hooks.hook(channel), each=each)

    async def run() -> replay.Tally:
        async with Courier("http://here", transport=Shaky(cut)) as courier:
            return await replay.play(courier, playing, told or example(), lambda _: None)

    return asyncio.run(run())


def example() -> list[dialogues.Dialogue]:
    return list(dialogues.read(dialogues.EXAMPLE))


def expected() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in example():
        found[one.customer] += [(replay.message_id(one.session, turn.index), turn.text) for turn in one.turns]
    return found


def arrived() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in inbox():
        found[item.inbound.sender.key].append((item.inbound.message_id, item.inbound.text))
    return found


@pytest.mark.parametrize("channel", ["wx", "shop"])
def test_a_replay_over_a_bad_line_loses_doubles_and_reorders_nothing(house: None, channel: str) -> None:
    tally = play(channel, cut=0.25, each=3)
    assert tally.complete
    assert tally.retried > 0
    assert tally.repeated == 2 * tally.acknowledged
    assert arrived() == expected()


def test_a_second_replay_is_a_redelivery(house: None) -> None:
    play("wx")
    again = play("wx")
    assert again.complete
    assert arrived() == expected()


def test_a_refused_message_ends_its_session_and_is_told(house: None) -> None:
    """What comes after must not overtake it; other customers go on."""
    wrong = dialogues.Dialogue("s-wrong", "x" * 500, (dialogues.Turn(0, "a"), dialogues.Turn(1, "b")))
    tally = play("shop", told=[wrong, *example()])
    assert not tally.complete
    assert (tally.refused, tally.unsent) == (1, 1)
    assert "422" in tally.why
    assert arrived() == expected()


@pytest.mark.parametrize(
    "text", ["<b>&amp;</b> ]]> “引号”", "表情 😡👍🏽", "坏\x00字\x0b符\ufffe", "\t两行\n字 "]
)
def test_any_words_arrive_through_an_encrypted_push(house: None, text: str) -> None:
    [delivered] = deliver(hooks.hook("wx"), Said(id="1", key="o1", at=clock.now(), text=text))
    assert delivered.outcome is Outcome.TAKEN
    [item] = inbox()
    kept = "".join(sign for sign in text if sign not in "\x00\x0b\ufffe")
    assert item.inbound.text == kept


def test_pictures_events_and_calls_arrive_as_what_they_are(house: None) -> None:
    now = clock.now()
    wx, line = hooks.hook("wx"), hooks.hook("line")
    told = {"call_id": "c1", "queue": "hotline"}
    deliver(
        wx,
        Said(id="2", key="o1", at=now, event="user_enter_tempsession"),
        Said(id="3", key="o1", at=now, image=True),
    )
    deliver(
        line,
        Said(id="4", key="19900000001", at=now, event="call.ringing", context=told),
        Said(id="5", key="19900000001", at=now, event="call.ended", context=told | {"duration_s": "30"}),
    )
    shapes = [(item.inbound.type, item.inbound.event) for item in inbox()]
    assert shapes == [
        (MessageType.EVENT, "user_enter_tempsession"),
        (MessageType.IMAGE, ""),
        (MessageType.CALL, "call.ringing"),
        (MessageType.CALL, "call.ended"),
    ]


def test_the_web_chat_has_no_hook(house: None) -> None:
    with pytest.raises(Invalid, match="page"):
        hooks.hook("page")


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_the_products_own_adapters_are_content_with_the_platforms_played(house: None) -> None:
    address, heard = free_address(), list[Heard]()
    channels.change_channel(SYSTEM, name="wx", settings={"api_base": address})
    channels.change_channel(SYSTEM, name="shop", settings={"callback_url": f"{address}/open/shop"})
    wechat = WeChatServer({WECHAT["app_id"]: WECHAT["app_secret"]})
    platforms = Platforms(wechat, {WECHAT["app_id"]: "wx"}, {"shop": SECRET}, heard.append)

    async def tested() -> list[Any]:
        async with served(platforms, address):
            return [await asyncio.to_thread(channels.test_channel, SYSTEM, name) for name in ("wx", "shop")]

    results = asyncio.run(tested())
    assert [result.ok for result in results] == [True, True], results


def test_a_gateway_takes_only_what_is_signed_and_each_message_once(house: None) -> None:
    heard: list[Heard] = []
    platforms = Platforms(WeChatServer({}), {}, {"shop": SECRET}, heard.append)
    body = b'{"id":"m1","to":{"id":"c1"},"type":"text","text":"\xe5\x88\xb0\xe4\xba\x86","by":"bot"}'
    _, good = channels.signed_header(SECRET, body, clock.now())

    async def post(signature: str) -> int:
        transport = httpx.ASGITransport(app=platforms)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://there") as http:
            answer = await http.post("/open/shop", content=body, headers={"X-Jieli-Signature": signature})
            return answer.status_code

    codes = [asyncio.run(post(signature)) for signature in (good, good, good[:-1] + "x", "")]
    assert codes == [200, 200, 401, 401]
    assert heard == [Heard(channel="shop", key="c1", text="到了", by="bot")]

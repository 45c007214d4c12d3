"""Hooks through the real front: what comes is refused in words and stores nothing, or is kept exactly. Nothing else works
meanwhile: no worker runs in these tests."""

import asyncio
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from unittest import mock

import httpx
import msgspec
import pytest

from jieli.channels import facade as channels
from jieli.channels.contracts import InboxItem
from jieli.config.front import build
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.reception import facade as reception
from jieli.supply import facade as supply
from jieli.supply.contracts import FactKind, NewSource
from jieli.supply.sources.http.source import HttpSource
from tests.laws.world import KNOWN_PHONE, LANES, WECHAT, World

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SAFE = {**WECHAT, "aes_key": AES_KEY}
SECRET = "s" * 24
MIB = 1024 * 1024


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    made = World()
    channels.create_channel(
        SYSTEM, kind="wechat", name="safe", settings={**SAFE, "app_id": "wxsafe0000000001"}
    )
    yield made
    made.close()


SAFE_APP = {**SAFE, "app_id": "wxsafe0000000001"}


def post(
    path: str,
    body: bytes | Iterable[bytes] = b"",
    *,
    headers: Mapping[str, str] | Mapping[str, bytes] | None = None,
    method: str = "POST",
) -> httpx.Response:
    """One request to a front without a worker; an iterable is sent in pieces, without its length."""

    async def pieces(given: Iterable[bytes]) -> Any:
        for piece in given:
            yield piece

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=build(worker=False))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://front") as http:
            content = body if isinstance(body, bytes) else pieces(body)
            return await http.request(method, path, content=content, headers=dict(headers or {}))

    return asyncio.run(asked())


def signed(body: bytes, *, channel: str = "app", kind: str = "open", **how: Any) -> httpx.Response:
    at = clock.now() + how.pop("later", timedelta(0))
    name, value = channels.signed_header(how.pop("secret", SECRET), body, at)
    headers = {"content-type": "application/json", **how.pop("headers", {}), name: value}
    return post(f"/hooks/{kind}/{channel}", body, headers=headers, **how)


def pushed(
    xml: str, *, settings: Mapping[str, str] = SAFE_APP, channel: str = "safe", nonce: str = "n1"
) -> httpx.Response:
    query, body = channels.wechat_push(settings, xml, at=clock.now(), nonce=nonce)
    return post(f"/hooks/wechat/{channel}?{query}", body)


def text_xml(content: str, *, number: int = 1) -> str:
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>{int(clock.now().timestamp())}"
        f"</CreateTime><MsgType>text</MsgType><Content>{content}</Content><MsgId>{number}</MsgId></xml>"
    )


def message(text: str = "你好", **more: Any) -> dict[str, Any]:
    return {"message_id": "m1", "sender": {"id": "c1"}, "type": "text", "text": text, **more}


def encoded(said: Any) -> bytes:
    return msgspec.json.encode(said)


def kept() -> list[InboxItem]:
    return channels.claim_inbox(LANES, 1000)


def require_refused(answer: httpx.Response, *statuses: int, nth: int = 1) -> None:
    """A problem in words, nothing stored, and counted as the `nth`."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert problem["detail"]
    assert kept() == []
    channels.stop_intake()  # what is counted is written at the end of a turn
    assert sum(channels.intake_counts().refused.values()) == nth


EXACT = (
    "好的👍🏽 家人👨‍👩‍👧‍👦",
    "𠮷野家 𡃁 㐂",
    "إلى اللقاء \u200f",
    "e\u0301 ≠ é",
    "第一行\n\t第二行 \u2028 \ufeff",
    "</xml><script>alert(1)</script>",
    "'; DROP TABLE channels_inbox; --",
    "%00 %s {0} \\u0000 \\",
    "0" * 60_000,
)


def test_whatever_can_be_typed_is_kept_exactly(world: World) -> None:
    for number, text in enumerate(EXACT):
        assert signed(encoded(message(text, message_id=f"m{number}"))).status_code == 202
    assert [item.inbound.text for item in kept()] == list(EXACT)
    assert reception.handle(LANES) == len(EXACT), "it can be handled, too"


VISIBLY = (
    (b'"a\\u0000b"', "a␀b"),
    (b'"a\\ud83db"', "a�b"),
    (b'"\\udc00\\ud800"', "��"),
    (b'"\\ud83d\\ude24"', "😤"),
)


def test_what_no_database_takes_is_kept_visibly(world: World) -> None:
    for number, (sent, _) in enumerate(VISIBLY):
        body = b'{"message_id":"m%d","sender":{"id":"c1"},"text":%s}' % (number, sent)
        assert signed(body).status_code == 202
    assert [item.inbound.text for item in kept()] == [stored for _, stored in VISIBLY]
    assert reception.handle(LANES) == len(VISIBLY)


MALFORMED = (
    b"",
    b"{}",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\x00" * 100,
    "不是".encode("gbk"),
    encoded(message()).decode().encode("utf-16"),
    b"\xff\xfe" + encoded(message()),
    b'{"message_id":"m1","sender":{"id":"c1"},"text":"\xed\xa0\x80"}',
    b"[" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"message_id":"m1","sender":{"id":"c1"},"context":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
    encoded(message(message_id="")),
    encoded(message(sender={"id": ""})),
    encoded(message(sender={"id": "x" * 300})),
    encoded(message(sent_at="yesterday")),
    encoded(message(sent_at=10**30)),
    encoded(message(type="telepathy")),
    encoded(message(type="event")),
)


def test_malformed_bodies_are_refused_in_words(world: World) -> None:
    for nth, body in enumerate(MALFORMED, 1):
        require_refused(signed(body), 400, 422, nth=nth)


def test_one_bad_line_and_nothing_is_taken(world: World) -> None:
    lines = [encoded(message(message_id=f"m{n}")) for n in range(5)]
    lines[3] = b'{"message_id":"m3"}'
    answer = signed(b"\n".join(lines), headers={"content-type": "application/x-ndjson"})
    require_refused(answer, 422)
    assert [one["line"] for one in answer.json()["errors"]] == [4]
    lines[3] = encoded(message(message_id="m3"))
    whole = signed(b"\n".join(lines), headers={"content-type": "application/x-ndjson"})
    assert whole.status_code == 202
    assert len(whole.json()["ids"]) == len(kept()) == 5


def test_a_body_of_ten_megabytes_is_read_and_one_byte_more_is_not(world: World) -> None:
    """The text of the large one is cut where it is said, and the rest of it is not lost on the way."""
    frame = encoded(message(""))
    filling = b"x" * (10 * MIB - len(frame))
    largest = frame.replace(b'"text":""', b'"text":"' + filling + b'"')
    assert len(largest) == 10 * MIB
    assert signed(largest).status_code == 202
    (item,) = kept()
    assert item.inbound.context["clipped"] == str(len(filling))
    reception.handle(LANES)
    require_refused(signed(largest + b" "), 413)


def test_an_endless_body_is_cut_off_before_it_is_buffered(world: World) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += MIB
            yield b"x" * MIB

    require_refused(post("/hooks/open/app", endless()), 413)
    assert sent <= 12 * MIB


def test_a_false_length_is_no_way_around(world: World) -> None:
    require_refused(post("/hooks/open/app", b"x", headers={"content-length": str(10**15)}), 413)


DOCTYPES = (
    ('<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>', "&b;"),
    ('<!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/passwd">]>', "&file;"),
    ('<!DOCTYPE xml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>', "x"),
    ('<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/evil.dtd">', "x"),
    ("<!DOCTYPE xml>", "x"),
    ("", "&undefined;"),
)
"""Before a push that is complete in every other way, and what its text then says."""

NOT_XML = (
    "<xml>" * 50_000,
    "<a>" * 5000 + "</a>" * 5000,
    "<xml><MsgType>text</MsgType></xml>",
    "<xml",
    "",
)


@pytest.mark.parametrize("channel", ["oa", "safe"])
def test_xml_that_wants_more_than_to_be_read(world: World, channel: str) -> None:
    """In plain mode and inside the envelope."""
    settings = WECHAT if channel == "oa" else SAFE_APP
    greedy = [f"{doctype}{text_xml(content)}" for doctype, content in DOCTYPES]
    for nth, xml in enumerate([*greedy, *NOT_XML], 1):
        require_refused(pushed(xml, settings=settings, channel=channel, nonce=f"n{nth}"), 400, nth=nth)


def test_wechat_is_answered_while_nobody_works(world: World) -> None:
    for number in range(20):
        answer = pushed(text_xml(f"第 {number} 条 😤", number=number))
        assert (answer.status_code, answer.content) == (200, b"success")
        assert pushed(text_xml(f"第 {number} 条 😤", number=number)).content == b"success"
    assert [item.inbound.text for item in kept()] == [f"第 {number} 条 😤" for number in range(20)]


NOT_FOR_US = (
    {"token": "anotherToken"},
    {"app_id": "wxsomeoneelse0001"},
    {"aes_key": "ABCDEFGabcdefghijklmnopqrstuvwxyz0123456789"},
    {"aes_key": ""},
)


def test_pushes_that_are_not_for_us(world: World) -> None:
    for nth, wrong in enumerate(NOT_FOR_US, 1):
        require_refused(pushed(text_xml("x"), settings={**SAFE_APP, **wrong}), 403, nth=nth)


def test_a_push_recorded_yesterday(world: World) -> None:
    query, body = channels.wechat_push(SAFE_APP, text_xml("x"), at=clock.now(), nonce="n1")
    world.clock.shift(timedelta(days=1))
    require_refused(post(f"/hooks/wechat/safe?{query}", body), 403)


UNSIGNED = (
    None,
    "",
    "t=,v1=",
    "v1=" + "0" * 64,
    "t=99999999999999999999,v1=" + "0" * 64,
    "t=-1,v1=x",
    "t=1²,v1=é",
)


def test_signatures_that_are_none(world: World) -> None:
    for nth, value in enumerate(UNSIGNED, 1):
        headers = {} if value is None else {"x-jieli-signature": value.encode("latin-1")}
        require_refused(post("/hooks/open/app", encoded(message()), headers=headers), 401, nth=nth)


def test_a_signature_of_another_secret_another_body_and_another_day(world: World) -> None:
    body = encoded(message())
    assert signed(body, secret="t" * 24).status_code == 401
    name, value = channels.signed_header(SECRET, body, clock.now())
    assert post("/hooks/open/app", encoded(message("anders")), headers={name: value}).status_code == 401
    for later in (timedelta(minutes=-6), timedelta(minutes=6)):
        assert signed(body, later=later).status_code == 401
    assert kept() == []
    assert signed(body, later=timedelta(minutes=-4)).status_code == 202


NOWHERE = (
    "/hooks/open/nobody",
    "/hooks/fax/app",
    "/hooks/open",
    "/hooks/open/app/more",
    "/hooks/wechat/app",
    "/hooks/",
)


def test_addresses_that_nobody_has(world: World) -> None:
    for nth, path in enumerate(NOWHERE, 1):
        require_refused(post(path, encoded(message())), 404, nth=nth)


def test_other_methods(world: World) -> None:
    require_refused(signed(b"", method="PUT"), 405)


def test_a_source_that_hangs_delays_no_hook(world: World) -> None:
    """Reception stands still in the middle of a question to an ERP that never answers; contacts are taken all the same."""
    settings = {
        "base_url": "http://127.0.0.1:9",
        "pulls": {"parcel": {"fields": {"tracking": "no"}, "by_key": "/{key}"}},
    }
    supply.create_source(
        SYSTEM, NewSource(name="erp", kind="http", kinds=(FactKind.PARCEL,), settings=settings)
    )
    asked, answer = threading.Event(), threading.Event()

    def hang(*_: Any, **__: Any) -> list[Any]:
        asked.set()
        answer.wait()
        return []

    world.say("app", "c1", "快递 SF7770123456789 到哪里了", phone=KNOWN_PHONE)
    with (
        mock.patch.object(HttpSource, "pull", hang),
        mock.patch.object(HttpSource, "can_pull", return_value=True),
    ):
        worker = threading.Thread(target=_work)
        worker.start()
        try:
            assert asked.wait(60), "nobody asked the source"
            taken = signed(encoded(message(message_id="while-it-hangs")))
            assert taken.status_code == 202
            assert not answer.is_set()
        finally:
            answer.set()
            worker.join()
    assert len(list(reception.export_contacts())) + len(kept()) == 2


def _work() -> None:
    from django.db import connections

    reception.handle(LANES)
    connections.close_all()

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jieli.channels import texts
from jieli.channels.adapters.wechat import messages
from jieli.channels.adapters.wechat.xml import read_xml
from jieli.channels.contracts import Inbound, Media

PAYLOADS = Path(__file__).parent / "payloads"
OPENID = "oJieliDemo0000000000000000001"


def _read(name: str) -> Inbound:
    body = (PAYLOADS / name).read_bytes()
    return messages.inbound(texts.read_json(body) if name.endswith("json") else read_xml(body))


MESSAGES: dict[str, dict[str, Any]] = {
    "text.xml": {"type": "text", "text": "我的快递到哪了？😀"},
    "text.json": {"type": "text", "text": "我的快递到哪了？😀"},
    "image.xml": {
        "type": "image",
        "media": Media(url="http://mmbiz.example.test/pic/1", media_id="media_image_1"),
    },
    "image.json": {
        "type": "image",
        "media": Media(url="http://mmbiz.example.test/pic/1", media_id="media_image_1"),
    },
    "voice.xml": {
        "type": "voice",
        "text": "我要退货",
        "media": Media(media_id="media_voice_1", mime="audio/amr"),
    },
    "video.xml": {
        "type": "video",
        "media": Media(media_id="media_video_1"),
        "context": {"thumb": "thumb_1"},
    },
    "shortvideo.xml": {
        "type": "video",
        "media": Media(media_id="media_short_1"),
        "context": {"thumb": "thumb_2"},
    },
    "location.xml": {
        "type": "location",
        "text": "示例市示例路 1 号",
        "context": {"latitude": "23.134521", "longitude": "113.358803", "scale": "20"},
    },
    "link.xml": {
        "type": "link",
        "text": "一件外套\n直播间同款",
        "media": Media(url="https://shop.example.test/sku/1"),
    },
    "miniprogrampage.xml": {
        "type": "card",
        "text": "订单详情",
        "media": Media(url="https://img.example.test/1", media_id="thumb_3"),
        "context": {"app_id": "wxdemo00000000001", "page": "pages/order?id=1"},
    },
    "miniprogrampage.json": {
        "type": "card",
        "text": "订单详情",
        "media": Media(url="https://img.example.test/1", media_id="thumb_3"),
        "context": {"app_id": "wxdemo00000000001", "page": "pages/order?id=1"},
    },
    "file.xml": {
        "type": "file",
        "media": Media(media_id="filekey_1", name="发票.pdf", size=20480),
        "context": {"md5": "d41d8cd98f00b204e9800998ecf8427e"},
    },
}
EVENTS: dict[str, tuple[str, Mapping[str, str]]] = {
    "subscribe.xml": ("subscribe", {"eventkey": "qrscene_box7", "ticket": "ticket_1"}),
    "unsubscribe.xml": ("unsubscribe", {}),
    "click.xml": ("menu_click", {"eventkey": "MY_ORDERS"}),
    "view.xml": ("menu_view", {"eventkey": "https://shop.example.test/"}),
    "scan.xml": ("scan", {"eventkey": "42", "ticket": "ticket_2"}),
    "location_event.xml": (
        "location",
        {"latitude": "23.137466", "longitude": "113.352425", "precision": "119.385040"},
    ),
    "scancode.xml": (
        "scancode_waitmsg",
        {"eventkey": "SCAN_BOX", "scancodeinfo.scantype": "qrcode", "scancodeinfo.scanresult": "SN0001"},
    ),
    "user_enter_tempsession.json": (
        "user_enter_tempsession",
        {"sessionfrom": "product:SKU-1", "unionid": "uDemo1"},
    ),
}


def test_every_payload_is_expected_to_mean_something() -> None:
    assert {path.name for path in PAYLOADS.iterdir()} == MESSAGES.keys() | EVENTS.keys()


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name: str) -> None:
    expected = {"text": "", "media": None, "context": {}} | MESSAGES[name]
    found = _read(name)
    assert {field: getattr(found, field) for field in expected} == expected
    assert found.sender.key == OPENID
    assert found.message_id.startswith("2490000000000000")
    assert found.sent_at == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
    assert found.event == ""


@pytest.mark.parametrize("name", EVENTS)
def test_events(name: str) -> None:
    found = _read(name)
    assert (found.type, found.event, found.context) == ("event", *EVENTS[name])
    assert OPENID not in found.message_id


def test_xml_and_json_mean_the_same() -> None:
    for name in ("text", "image", "miniprogrampage"):
        assert _read(f"{name}.xml") == _read(f"{name}.json")


def test_an_event_delivered_again_has_the_same_id_and_another_event_has_not() -> None:
    click = read_xml((PAYLOADS / "click.xml").read_bytes())
    first = messages.inbound(click).message_id
    assert messages.inbound(dict(click)).message_id == first
    for field, value in {"EventKey": "OTHER", "CreateTime": "1760000001", "FromUserName": "oB"}.items():
        assert messages.inbound(click | {field: value}).message_id != first


def test_unionid_is_taken_when_present() -> None:
    assert _read("user_enter_tempsession.json").sender.unionid == "uDemo1"


def test_a_kind_that_wechat_adds_later_is_not_dropped() -> None:
    raw = {"FromUserName": "o1", "CreateTime": 1760000000, "MsgType": "hologram", "MsgId": 7, "Beam": "x"}
    found = messages.inbound(raw)
    assert (found.text, found.context["wechat_type"], found.context["beam"]) == (
        "[hologram]",
        "hologram",
        "x",
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"FromUserName": ""},
        {"MsgType": ""},
        {"CreateTime": "yesterday"},
        {"CreateTime": "9" * 30},
        {"CreateTime": None},
        {"FromUserName": {"a": "b"}},
        {"MsgType": "event"},
    ],
)
def test_messages_without_sense(broken: dict[str, Any]) -> None:
    raw = {"FromUserName": "o1", "CreateTime": "1760000000", "MsgType": "text", "MsgId": "1"} | broken
    with pytest.raises(ValueError, match=r"missing|time|name"):
        messages.inbound(raw)

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from jieli.channels import committer, directory, facade, inserts, intake
from jieli.channels.adapters.wechat import crypto, messages
from jieli.channels.adapters.wechat.xml import read_xml
from jieli.channels.arrivals import Arrival
from jieli.channels.contracts import LANES, Accepted, InboxItem
from jieli.channels.errors import Refused
from jieli.channels.tests import reference_aes
from jieli.channels.tests.conftest import AES_KEY, APP, NOW, TOKEN, Make, hook, pushed
from jieli.kernel import counters
from jieli.kernel.clock import ManualClock

pytestmark = pytest.mark.django_db(transaction=True)


def text(content: str = "你好", message_id: int = 1, openid: str = "oA") -> str:
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>1760000000</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content><MsgId>{message_id}</MsgId></xml>"
    )


def taken() -> list[InboxItem]:
    return facade.claim_inbox(range(LANES), 1000)


def refused() -> dict[str, int]:
    committer.shared().stop()
    return counters.read("intake.refused.")


@pytest.fixture(params=["plain", "safe"])
def mode(request: pytest.FixtureRequest, now: ManualClock, make: Make) -> dict[str, str]:
    settings = {"aes_key": AES_KEY} if request.param == "safe" else {}
    make("wechat", **settings)
    return settings


def test_a_push_is_durable_and_answered_with_success(mode: dict[str, str]) -> None:
    answer = pushed(text("快递到哪了😀"), **mode)
    assert (answer.status, answer.body) == (200, b"success")
    [item] = taken()
    assert (item.inbound.text, item.inbound.sender.key, item.inbound.message_id) == (
        "快递到哪了😀",
        "oA",
        "1",
    )
    assert (item.channel.kind, item.channel.namespace) == ("wechat", APP)


def test_a_push_delivered_three_times_is_one_contact(mode: dict[str, str], now: ManualClock) -> None:
    for nonce in ("a", "b", "c"):
        assert pushed(text(), nonce=nonce, **mode).status == 200
        now.shift(timedelta(seconds=5))
    assert len(taken()) == 1


def test_a_wrong_signature_is_refused(mode: dict[str, str]) -> None:
    query, body = facade.wechat_push({"token": "other", "app_id": APP, **mode}, text(), at=NOW, nonce="n")
    assert hook("/hooks/wechat/wechat", body, query=query).status == 403
    assert taken() == []
    assert refused() == {"intake.refused.wechat.signature_wrong": 1}


@pytest.mark.parametrize("off_s", [-301, 301])
def test_a_stale_push_is_refused(mode: dict[str, str], now: ManualClock, off_s: int) -> None:
    settings = {"token": TOKEN, "app_id": APP, **mode}
    query, body = facade.wechat_push(settings, text(), at=NOW + timedelta(seconds=off_s), nonce="n")
    assert hook("/hooks/wechat/wechat", body, query=query).json["code"] == "stale"
    assert taken() == []


@pytest.mark.parametrize(
    "query", ["", "signature=&timestamp=&nonce=", "signature=%ff%fe", "a=1" + "&a=1" * 60]
)
def test_requests_that_are_not_signed_at_all(mode: dict[str, str], query: str) -> None:
    assert hook("/hooks/wechat/wechat", text().encode(), query=query).status in {400, 403}
    assert taken() == []


def test_url_verification_echoes(mode: dict[str, str], now: ManualClock) -> None:
    stamp = str(int(NOW.timestamp()))
    signature = crypto.signature(TOKEN, stamp, "n1")
    query = f"signature={signature}&timestamp={stamp}&nonce=n1&echostr=5299%3Cx%3E"
    answer = hook("/hooks/wechat/wechat", query=query, method="GET")
    assert (answer.status, answer.body) == (200, b"5299<x>")
    wrong = hook("/hooks/wechat/wechat", query=query.replace(signature, "0" * 40), method="GET")
    assert wrong.status == 403
    assert hook("/hooks/wechat/wechat", method="PUT").status == 405


def test_a_push_made_by_an_independent_implementation_is_taken(now: ManualClock, make: Make) -> None:
    make("wechat", aes_key=AES_KEY)
    stamp = str(int(NOW.timestamp()))
    encrypted = reference_aes.encrypt(text("独立").encode(), AES_KEY, APP, b"0123456789abcdef")
    signature = crypto.signature(TOKEN, stamp, "n", encrypted)
    query = f"timestamp={stamp}&nonce=n&encrypt_type=aes&msg_signature={signature}"
    body = msgspec.json.encode({"ToUserName": "gh_1", "Encrypt": encrypted})
    assert hook("/hooks/wechat/wechat", body, query=query).body == b"success"
    assert [item.inbound.text for item in taken()] == ["独立"]


def test_compatible_mode_trusts_only_the_encrypted_half(now: ManualClock, make: Make) -> None:
    make("wechat", aes_key=AES_KEY)
    query, body = facade.wechat_push(
        {"token": TOKEN, "app_id": APP, "aes_key": AES_KEY}, text("真"), at=NOW, nonce="n"
    )
    both = body.replace(b"</xml>", text("假").encode().removeprefix(b"<xml>"))
    assert hook("/hooks/wechat/wechat", both, query=query).status == 200
    assert [item.inbound.text for item in taken()] == ["真"]


def test_with_a_key_nothing_unencrypted_is_taken(now: ManualClock, make: Make) -> None:
    """The plain signature does not cover the body: whoever has seen one address could write anything."""
    make("wechat", aes_key=AES_KEY)
    answer = pushed(text())
    assert (answer.status, answer.json["code"]) == (403, "not_encrypted")


def test_without_a_key_an_encrypted_push_says_what_to_mend(now: ManualClock, make: Make) -> None:
    make("wechat")
    assert "aes_key" in pushed(text(), aes_key=AES_KEY).json["detail"]


def test_another_apps_push_and_another_key_are_refused(now: ManualClock, make: Make) -> None:
    make("wechat", aes_key=AES_KEY)
    assert pushed(text(), aes_key=AES_KEY, app_id="wxsomebodyelse").json["code"] == "app_wrong"
    assert pushed(text(), aes_key="B" * 43).json["code"] == "undecipherable"
    assert taken() == []


def test_a_nonce_of_plain_mode_carries_one_body_only(now: ManualClock, make: Make) -> None:
    make("wechat")
    assert pushed(text("先", 1), nonce="same").status == 200
    assert pushed(text("先", 1), nonce="same").status == 200
    assert pushed(text("改过的", 2), nonce="same").json["code"] == "replayed"


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + text("]]>&b;<![CDATA[")
EXTERNAL = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + text("]]>&a;<![CDATA[")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<xml>",
        "rubbish",
        "{",
        "[]",
        "{}",
        BOMB,
        EXTERNAL,
        "<!DOCTYPE xml>" + text(),
        "<xml>" + "<a>" * 50_000,
        '{"a":' * 50_000,
        '{"MsgType":"text","FromUserName":"o","CreateTime":1760000000,"x":' + "[" * 5000 + "]" * 5000 + "}",
        text().replace("<xml>", "<xml>&undefined;"),
    ],
)
def test_bodies_that_cannot_be_used(mode: dict[str, str], body: str) -> None:
    answer = pushed(body, **mode)
    assert (answer.status, answer.json["code"]) == (400, "malformed")
    assert taken() == []


def test_bytes_that_are_no_utf8_are_refused(now: ManualClock, make: Make) -> None:
    make("wechat")
    query, _ = facade.wechat_push({"token": TOKEN, "app_id": APP}, "", at=NOW, nonce="n")
    for body in (text("你").encode("gbk"), text().encode()[:-1] + b"\xff>", b'{"MsgType":"\xff"}'):
        assert hook("/hooks/wechat/wechat", body, query=query).status == 400


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b", "a␀b"),
        ("a\x01b", "a�b"),
        ("👨‍👩‍👧😀𠮷", "👨‍👩‍👧😀𠮷"),
        ("一\n二\t三", "一\n二\t三"),
        ("&lt;b&gt;", "&lt;b&gt;"),
    ],
)
def test_odd_characters_are_kept(mode: dict[str, str], sent: str, kept: str) -> None:
    assert pushed(text(sent), **mode).status == 200
    assert taken()[0].inbound.text == kept


def test_an_oversized_body_is_refused_before_it_is_read(mode: dict[str, str]) -> None:
    endless = [b"x" * 1_048_576] * 40
    assert hook("/hooks/wechat/wechat", endless).status == 413
    assert endless != []
    told = hook("/hooks/wechat/wechat", b"", headers={"content-length": str(11 * 1024 * 1024)})
    assert told.status == 413
    assert refused() == {"intake.refused.wechat.too_large": 2}


def test_a_body_just_below_the_limit_is_kept_cut_and_marked(mode: dict[str, str]) -> None:
    long = "长" * 2_000_000
    assert pushed(text(long), **mode).status == 200
    inbound = taken()[0].inbound
    assert len(inbound.text.encode()) <= 65_536 < len(inbound.text.encode()) + 4
    assert inbound.context["clipped"] == str(len(long.encode()))


def test_what_is_not_durable_in_time_is_asked_for_again(
    mode: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No success within the time, so WeChat comes again; what was late turns out to be durable, and is not doubled."""
    store = inserts.store

    def slowly(rows: Sequence[Arrival]) -> list[Accepted]:
        time.sleep(0.3)
        return store(rows)

    monkeypatch.setattr(inserts, "store", slowly)
    line = directory.named("wechat")
    with pytest.raises(Refused) as refused:
        asyncio.run(intake.durable(line.ref, [messages.inbound(read_xml(text().encode()))], 0.05))
    assert (refused.value.status, refused.value.reason) == (503, "slow")
    committer.shared().stop()
    assert pushed(text(), **mode).status == 200
    assert len(taken()) == 1


def test_a_full_queue_asks_for_it_again(mode: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "MOST_WAITING", 0)
    answer = pushed(text(), **mode)
    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"1")
    assert taken() == []

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jieli.channels import facade
from jieli.channels.adapters.open import messages
from jieli.channels.contracts import LANES, InboxItem
from jieli.channels.errors import Refused
from jieli.channels.tests.conftest import NOW, Make, hook, signed
from jieli.kernel.clock import ManualClock

URL = "/hooks/open/open"
db = pytest.mark.django_db(transaction=True)


def message(message_id: str = "m1", **given: object) -> bytes:
    return msgspec.json.encode({"message_id": message_id, "sender": {"id": "u1"}, "text": "在吗"} | given)


def taken() -> list[InboxItem]:
    return facade.claim_inbox(range(LANES), 2000)


@pytest.fixture
def channel(now: ManualClock, make: Make) -> None:
    make("open")


@db
def test_a_message_with_everything(channel: None) -> None:
    body = message(
        sender={
            "id": "u1",
            "name": "林小满",
            "phone": "13800000000",
            "email": "a@b.test",
            "account": "A1",
            "unionid": "x",
        },
        type="image",
        url="https://img.example.test/1.jpg",
        sent_at="2026-03-02T07:59:00+08:00",
        context={"order": "JL1", "sku": "S-1", "live": True, "n": 3, "none": None},
    )
    answer = signed(URL, body)
    assert answer.status == 202
    [item] = taken()
    assert [item.id] == answer.ids
    found = item.inbound
    assert (found.sender.name, found.sender.phone, found.sender.account) == ("林小满", "13800000000", "A1")
    assert found.media is not None
    assert found.media.url == "https://img.example.test/1.jpg"
    assert found.sent_at.isoformat() == "2026-03-01T23:59:00+00:00"
    assert found.context == {"order": "JL1", "sku": "S-1", "live": "true", "n": "3"}


@db
def test_a_duplicate_gets_the_same_id(channel: None) -> None:
    first = signed(URL, message())
    again = signed(URL, message(text="changed"))
    assert first.ids == again.ids
    assert [item.inbound.text for item in taken()] == ["在吗"]


@db
def test_a_thousand_lines_at_once_in_order(channel: None) -> None:
    lines = [message(f"m{n}", text=str(n), sender={"id": f"u{n % 7}"}) for n in range(1000)]
    answer = signed(URL, b"\n".join(lines), headers={"content-type": "application/x-ndjson"})
    assert answer.status == 202
    items = taken()
    assert [item.id for item in items] == answer.ids
    assert [item.inbound.text for item in items] == [str(n) for n in range(1000)]
    assert signed(URL, b"\n".join(lines)).ids == answer.ids
    assert signed(URL, b"\n".join([*lines, message("one more")])).status == 413


@db
def test_the_same_message_twice_in_one_request(channel: None) -> None:
    first, second, other = signed(URL, message("a") + b"\n" + message("a") + b"\n\n" + message("b")).ids
    assert first == second != other


@db
def test_wrong_lines_are_named_and_nothing_is_taken(channel: None) -> None:
    body = b"\n".join([message("a"), b'{"sender":{"id":"u"}}', b"{", message("d", sender={"id": ""})])
    answer = signed(URL, body)
    assert answer.status == 422
    assert [one["line"] for one in answer.json["errors"]] == [2, 3, 4]
    assert taken() == []


@db
def test_a_pretty_printed_object_is_one_message(channel: None) -> None:
    assert signed(URL, msgspec.json.format(message(), indent=2)).status == 202


@db
@pytest.mark.parametrize(
    ("at", "code"), [(timedelta(seconds=301), "stale"), (timedelta(seconds=-301), "stale")]
)
def test_signatures_last_five_minutes(channel: None, at: timedelta, code: str) -> None:
    assert signed(URL, message(), at=NOW + at).json["code"] == code
    assert signed(URL, message(), at=NOW + at * 0.99).status == 202


@db
@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=ab", "t=x,v1=ab", "t=²,v1=ab", "t=1,v1=é", "t=" + "9" * 400 + ",v1=a"]
)
def test_headers_that_sign_nothing(channel: None, header: str) -> None:
    answer = hook(URL, message(), headers={"X-Jieli-Signature": header} if header else {})
    assert answer.status == 401


@db
def test_a_changed_body_or_another_secret_is_refused(channel: None) -> None:
    name, value = facade.signed_header("another-secret-of-somebody", message(), NOW)
    assert hook(URL, message(), headers={name: value}).json["code"] == "signature_wrong"
    name, value = facade.signed_header("a-secret-of-the-test", message(), NOW)
    assert hook(URL, message("m2"), headers={name: value}).json["code"] == "signature_wrong"
    assert hook(URL, method="GET").status == 405


@db
def test_a_secret_can_be_changed_without_a_gap(channel: None) -> None:
    old = facade.signed_header("the-secret-we-had-before", message(), NOW)[1]
    new = facade.signed_header("a-secret-of-the-test", message(), NOW)[1]
    assert hook(URL, message(), headers={"X-Jieli-Signature": f"{old},{new.split(',')[1]}"}).status == 202


@db
def test_odd_text_is_kept(channel: None) -> None:
    sent = rb'{"message_id":"1","sender":{"id":"u"},"text":"a\u0000b\ud800c\ud83d\ude00"}'
    assert signed(URL, sent).status == 202
    assert taken()[0].inbound.text == "a␀b�c😀"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"\xff",
        b'{"message_id":"1"}',
        message(message_id=" "),
        message(sender={"id": "x" * 201}),
        message(type="smell"),
        message(type="event"),
        message(sent_at="soon"),
        message(sent_at=10**400) if False else b'{"message_id":"1","sender":{"id":"u"},"sent_at":1e400}',
        message(sent_at=-1),
        message(text=5),
        message(context={"a": {"b": "c"}}),
        b'{"message_id":"1","sender":{"id":"u"},"x":' + b"[" * 100_000 + b"}",
    ],
)
def test_bodies_that_cannot_be_used(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        messages.read(body, "application/json")
    assert refused.value.status == 422


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        found, _ = messages.read(body, "application/json")
    except Refused:
        return
    assert found

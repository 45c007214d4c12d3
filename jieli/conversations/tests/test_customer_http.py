"""The customer's page: a session of one's own, the language of the page, links that open one person's page."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from jieli.channels import facade as channels
from jieli.conversations import facade as conversations
from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, IdentityKind, Key, PersonId
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
MOBILE = "13912345678"
SECRET = "identity-secret-of-the-site"


@pytest.fixture(autouse=True)
def _web(manual_clock: clock.ManualClock) -> None:
    for name, settings in (("web", {"identity_secret": SECRET}), ("other", {})):
        channels.create_channel(SYSTEM, kind="web", name=name, settings=settings)


@pytest.fixture
def lin() -> PersonId:
    """Somebody known by phone."""
    key = Key(IdentityKind.PHONE, "", MOBILE, verified=True, strong=True)
    (found,) = identity.resolve_many([Contact(keys=(key,), name="林晚", source="test", at=clock.now())])
    return found.person


def begin(client: Client, **body: str) -> Any:
    return client.post("/api/v1/customer/session", body, content_type="application/json")


def identify(client: Client, token: str, account: str, **more: str) -> Any:
    proof = hmac.new(SECRET.encode(), account.encode(errors="replace"), hashlib.sha256).hexdigest()
    body = {"token": token, "account": account, "user_hash": proof, **more}
    return client.post("/api/v1/customer/identify", body, content_type="application/json")


def test_a_visitor_stays_the_same_person_by_their_token(client: Client) -> None:
    first = begin(client).json()
    again = begin(client, token=first["token"]).json()
    assert again["person"] == first["person"]
    assert begin(client).json()["person"] != first["person"]


def test_the_pages_language_is_kept_for_what_is_said_to_them(client: Client) -> None:
    token = begin(client, locale="en").json()["token"]
    assert begin(client, token=token).json()["locale"] == "en"
    assert begin(client, locale="xx").status_code == 422


def test_a_link_opens_the_page_of_the_person_it_was_made_for(client: Client, lin: PersonId) -> None:
    opened = begin(client, link=conversations.customer_link(lin)).json()
    assert opened["person"] == str(lin)
    assert begin(client, token=opened["token"]).json()["person"] == str(lin)


def test_a_link_ends_and_cannot_be_made_up(
    client: Client, lin: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = conversations.customer_link(lin)
    assert begin(client, link=f"{link}x").json()["code"] == "link_invalid"
    monkeypatch.setattr("time.time", lambda: clock.now().timestamp() + timedelta(days=4000).total_seconds())
    assert begin(client, link=link).status_code == 403


@pytest.mark.parametrize("who", [MOBILE, f"+86 {MOBILE}"])
def test_customers_are_found_by_what_they_are_known_by(lin: PersonId, who: str) -> None:
    assert conversations.find_customer(who) == lin
    assert conversations.find_customer("13900000000") is None


@pytest.mark.parametrize(
    "headers", [{}, {"X-Visitor": "x"}, {"X-Visitor": "x", "X-Channel": "a\x00b"}, {"X-Channel": "no-such"}]
)
@pytest.mark.parametrize("what", ["messages", "matters", "promises", "orders", "places"])
def test_nothing_is_shown_without_a_session(client: Client, headers: Mapping[str, str], what: str) -> None:
    assert 400 <= client.get(f"/api/v1/customer/{what}", headers=dict(headers)).status_code < 500


@pytest.mark.parametrize("what", ["messages", "matters", "promises", "orders", "places"])
def test_a_session_of_another_channel_opens_nothing(client: Client, what: str) -> None:
    token = begin(client).json()["token"]
    mine = {"X-Visitor": token, "X-Channel": "web"}
    assert client.get(f"/api/v1/customer/{what}", headers=mine).status_code == 200
    other = client.get(f"/api/v1/customer/{what}", headers=mine | {"X-Channel": "other"})
    assert other.json()["code"] == "visitor_token_invalid"


def test_who_signs_in_at_the_shop_is_the_accounts_person(client: Client) -> None:
    key = Key(IdentityKind.ACCOUNT, "shop", "A-1", verified=True, strong=True)
    (found,) = identity.resolve_many([Contact(keys=(key,), name="林晚", source="test", at=clock.now())])
    visitor = begin(client, locale="en").json()
    known = identify(client, visitor["token"], "A-1", name="林晚").json()
    assert known.keys() == visitor.keys()
    assert known["name"] == "林晚"
    assert {UUID(visitor["person"]), found.person} <= identity.family(UUID(known["person"]))
    assert begin(client, token=known["token"]).json()["person"] == known["person"]


def test_another_account_in_the_same_browser_is_another_person(client: Client) -> None:
    first = identify(client, begin(client).json()["token"], "A-1").json()
    second = identify(client, first["token"], "A-2").json()
    assert UUID(second["person"]) not in identity.family(UUID(first["person"]))


@pytest.mark.parametrize("proof", ["", "0" * 64, "a\x00b", hashlib.sha256(b"A-1").hexdigest()])
def test_nobody_is_taken_for_an_account_that_the_shop_did_not_vouch_for(client: Client, proof: str) -> None:
    visitor = begin(client).json()
    refused = identify(client, visitor["token"], "A-1", user_hash=proof)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "user_hash" in refused.json()["detail"]
    assert begin(client, token=visitor["token"]).json()["person"] == visitor["person"]


def test_a_channel_without_a_secret_identifies_nobody(client: Client) -> None:
    token = begin(client, channel="other").json()["token"]
    refused = identify(client, token, "A-1", channel="other")
    assert refused.status_code == 403
    assert "identity_secret" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"account": ""}, "invalid"),
        ({"account": "A" * 201}, "invalid"),
        ({"account": "A\x001"}, "invalid"),
        ({"account": "\ud800"}, "invalid"),
        ({"user_hash": "\ud800"}, "invalid"),
        ({"name": "林\x00"}, "invalid"),
        ({"channel": "we\x00b"}, "invalid"),
        ({"channel": "no-such"}, "channel_unknown"),
        ({"token": "x"}, "visitor_token_invalid"),
        ({"channel": "other"}, "visitor_token_invalid"),
    ],
)
def test_what_cannot_be_used_is_refused(client: Client, wrong: dict[str, str], code: str) -> None:
    token = begin(client).json()["token"]
    given = {"token": token, "account": "A-1"} | wrong
    refused = identify(client, given.pop("token"), given.pop("account"), **given)
    assert 400 <= refused.status_code < 500
    assert refused.json()["code"] == code

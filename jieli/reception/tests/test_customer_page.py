"""What the customer's own page shows of a talk: my words by the row that took them, my place while I wait."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jieli.channels import facade as channels
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM

SECRET = "identity-secret-of-the-site"
Visit = Callable[[], dict[str, str]]


@pytest.fixture
def visit(house: clock.ManualClock, client: Client) -> Visit:
    """Somebody new opens the page; the headers that say who asks."""
    channels.create_channel(SYSTEM, kind="web", name="web", settings={"identity_secret": SECRET})

    def begin() -> dict[str, str]:
        answer = client.post("/api/v1/customer/session", {"channel": "web"}, content_type="application/json")
        return {"X-Visitor": answer.json()["token"]}

    return begin


def words(headers: dict[str, str], text: str) -> str:
    accepted = channels.accept_web("web", headers["X-Visitor"], message_id=text, text=text)
    return str(asyncio.run(accepted).id)


def shown(client: Client, what: str, headers: dict[str, str]) -> Any:
    return client.get(f"/api/v1/customer/{what}", headers=headers).json()


def test_my_message_is_known_by_the_row_that_took_it(
    visit: Visit, client: Client, handle: Callable[[], int]
) -> None:
    me = visit()
    inbox = words(me, "你好")
    handle()
    said, answered = shown(client, "messages", me)["items"]
    assert (said["direction"], said["inbox"]) == ("in", inbox)
    assert (answered["direction"], answered["inbox"]) == ("out", None)


def test_who_waits_sees_their_own_place_and_nobody_elses(
    visit: Visit, client: Client, handle: Callable[[], int], house: clock.ManualClock
) -> None:
    first, second, idle = visit(), visit(), visit()
    for one in (first, second):
        words(one, "转人工")
        handle()
        house.shift(timedelta(seconds=5))
    (ahead,), (behind,) = shown(client, "places", first), shown(client, "places", second)
    assert (ahead["position"], behind["position"]) == (1, 2)
    assert ahead["expected_wait_s"] <= behind["expected_wait_s"]
    assert shown(client, "places", idle) == []


def test_older_messages_are_fetched_from_where_the_page_ended(
    visit: Visit, client: Client, handle: Callable[[], int]
) -> None:
    me = visit()
    for text in ("你好", "在吗", "谢谢"):
        words(me, text)
        handle()
    everything = shown(client, "messages", me)
    assert everything["next_cursor"] is None
    page = client.get("/api/v1/customer/messages", {"limit": 2}, headers=me).json()
    older = client.get(
        "/api/v1/customer/messages", {"limit": 100, "before": page["next_cursor"]}, headers=me
    ).json()
    assert [*older["items"], *page["items"]] == everything["items"]


def sign_in(client: Client, headers: dict[str, str], account: str) -> dict[str, str]:
    """The headers of the same page, once the shop vouched for its visitor."""
    proof = hmac.new(SECRET.encode(), account.encode(), hashlib.sha256).hexdigest()
    body = {"token": headers["X-Visitor"], "account": account, "user_hash": proof}
    answer = client.post("/api/v1/customer/identify", body, content_type="application/json")
    return {"X-Visitor": answer.json()["token"]}


def test_a_talk_begun_as_a_stranger_goes_on_as_the_accounts(
    visit: Visit,
    client: Client,
    say: Callable[..., Any],
    handle: Callable[[], int],
    house: clock.ManualClock,
) -> None:
    say("谢谢", sender="known", account="A-1")
    handle()
    house.shift(timedelta(minutes=1))
    stranger = visit()
    words(stranger, "转人工")
    handle()
    (before,) = shown(client, "places", stranger)
    me = sign_in(client, stranger, "A-1")
    handle()
    words(me, "订单到哪了")
    handle()
    (after,) = shown(client, "places", me)
    assert after["conversation"] == before["conversation"]
    said = [one for one in shown(client, "messages", me)["items"] if one["direction"] == "in" and one["text"]]
    assert [one["text"] for one in said] == ["谢谢", "转人工", "订单到哪了"]
    assert said[1]["conversation"] == said[2]["conversation"]

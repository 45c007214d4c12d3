"""The customer's socket: what it listens to from the start, after One-ID joined the ids they were known by."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from jieli.channels import facade as channels
from jieli.config.front import sockets
from jieli.conversations import facade as conversations
from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, IdentityKind, Key, PersonId
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.kernel.realtime.hub import Hub

pytestmark = pytest.mark.django_db(transaction=True)


def joined(channel: str, token: str) -> tuple[PersonId, PersonId]:
    """The stranger of this token and somebody with an account, now one person."""
    account = Key(IdentityKind.ACCOUNT, "shop", "A-1", verified=True, strong=True)
    visitor = Key(
        IdentityKind.WEB_VISITOR, channel, channels.visitor(channel, token).key, verified=True, strong=True
    )
    one, other, _ = (
        identity.resolve_many([Contact(keys=keys, name="", source="test", at=clock.now())])[0].person
        for keys in ((visitor,), (account,), (visitor, account))
    )
    return one, other


async def subscribed(query: str) -> list[str]:
    """The topics that a fresh line says it follows."""
    frames: list[dict[str, Any]] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": json.dumps({"type": "subscribe", "topics": ["desk"]})},
        {"type": "websocket.disconnect"},
    ]
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return frames.pop(0)

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await sockets.customer(Hub(), {"query_string": query.encode()}, receive, send)
    answers = [json.loads(message["text"]) for message in told if message["type"] == "websocket.send"]
    (topics,) = [answer["topics"] for answer in answers if answer["type"] == "subscribed"]
    return list(topics)


def test_a_line_hears_of_what_stands_under_each_id_of_its_person_and_nothing_else() -> None:
    channels.create_channel(SYSTEM, kind="web", name="web", settings={})
    token = channels.new_visitor("web").token
    stranger, account = joined("web", token)
    topics = asyncio.run(subscribed(urlencode({"channel": "web", "token": token})))
    assert set(topics) == {f"person:{stranger}", f"person:{account}"}
    assert conversations.customer_behind("web", token).id == identity.canonical(stranger)

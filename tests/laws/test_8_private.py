"""Law 8, nothing private is shown by default: no phone, e-mail, id number or full name in any answer, frame or log."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from jieli.channels import facade as channels
from jieli.config.api import api
from jieli.conversations import facade as conversations
from jieli.governance import facade as governance
from jieli.kernel import outbox
from jieli.kernel.realtime import projections
from jieli.kernel.realtime.contracts import Published
from jieli.promises import facade as promises
from jieli.promises.contracts import PromiseKind
from jieli.reception import facade as reception
from jieli.routing import facade as routing
from jieli.tickets import facade as tickets
from tests.laws import faults
from tests.laws.client import Desk
from tests.laws.world import KNOWN_PHONE, LANES, START, World

EMAIL, ID_NUMBER, NAME = "xiaoman.zhang@example.com", "330106199003077119", "章小满"
SECRETS = (KNOWN_PHONE, "138 0000 0001", "138-0000-0001", EMAIL, ID_NUMBER, NAME)
SAID = f"转人工，打我电话138 0000 0001或{KNOWN_PHONE}，邮箱{EMAIL}，身份证{ID_NUMBER}"
ROLES = ("agent", "expert", "supervisor", "operations")


@pytest.fixture
def ids(world: World) -> dict[str, UUID]:
    """One customer who told everything on every channel, and whatever staff make of it."""
    agent = world.hire("lin")
    told = {"phone": KNOWN_PHONE, "email": EMAIL, "name": NAME}
    world.say("hotline", KNOWN_PHONE, SAID, event="call.ringing", phone=KNOWN_PHONE, name=NAME)
    world.receive()
    world.say("app", "c1", SAID, **told)
    page = {"page": f"https://shop.example/?tel={KNOWN_PHONE}", "note": EMAIL}
    world.say("shop", "c9", SAID, context=page, **told)
    world.receive()
    world.work()
    line = list(reception.export_contacts())[-1]
    talk, person = UUID(line["conversation"]), UUID(line["person"])
    routing.take(agent, conversation=talk)
    conversations.note(agent, conversation=talk, text=f"客户电话 {KNOWN_PHONE}")
    conversations.reply(agent, conversation=talk, text=f"会打到 {KNOWN_PHONE}")
    ticket = tickets.open_ticket(
        agent, title=f"回电 {KNOWN_PHONE}", description=SAID, severity=2, conversation=talk, person=person
    )
    promise = promises.record(
        agent,
        person=person,
        what=f"今天回电 {KNOWN_PHONE}",
        kind=PromiseKind.REPLY,
        due_at=START.replace(hour=20),
        conversation=talk,
    )
    world.work()
    return {
        "person": person,
        "conversation": talk,
        "matter": talk,
        "ticket": ticket.id,
        "promise": promise.id,
    }


def _leaks(text: str) -> list[str]:
    plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else text
    return [secret for secret in SECRETS if secret in text or secret in plain]


def _readable(ids: dict[str, UUID]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every GET of the API that is about these rows, or about none."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" not in methods or "/customer/" in path or "/my-" in path:
            continue
        needed = re.findall(r"{(\w+)}", path)
        if set(needed) <= ids.keys():
            query = {"person": ids["person"], "q": KNOWN_PHONE, "kind": "order"}
            asked = {one["name"] for one in methods["get"].get("parameters", []) if one["in"] == "query"}
            wanted = {
                name: value for name, value in query.items() if name in asked and name in {"person", "q"}
            }
            yield path.removeprefix("/api/v1").format(**ids), wanted


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_shows_what_is_private(world: World, ids: dict[str, UUID], role: str) -> None:
    world.hire("looks", role=role)
    desk, answered, leaks = Desk("looks"), 0, []
    for path, query in _readable(ids):
        status, body = desk.ask(path, **query)
        assert status < 500, path
        answered += status == 200
        leaks += [(path, secret) for secret in _leaks(body)]
    assert leaks == []
    assert answered >= 20, f"only {answered} addresses answered"


def test_no_frame_shows_what_is_private(world: World, ids: dict[str, UUID]) -> None:
    """But for the customer's own topic: they may see what they said."""
    outbox.publish()
    events = [
        Published(event.position or 0, event.name, tuple(event.topics), event.payload)
        for event in outbox.after(0)
    ]
    frames = projections.frames(events)
    assert len({frame.name for frame in frames}) >= 6
    for frame in frames:
        if not frame.topic.startswith("person:"):
            assert _leaks(json.dumps(frame.data, ensure_ascii=False)) == [], frame


def test_no_log_line_shows_what_is_private(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Not even when everything fails in turn."""
    caplog.set_level(logging.DEBUG, logger="jieli")
    for number, statement in enumerate(range(3, 60, 4)):
        world.say("app", f"c{number}", SAID, phone=KNOWN_PHONE, email=EMAIL, name=NAME)
        with faults.breaking(statement):
            reception.handle(LANES)
    world.platforms.mood = "down"
    world.settle()
    assert caplog.records
    assert _leaks(caplog.text) == []


def test_keys_and_names_are_sealed_at_rest(world: World, ids: dict[str, UUID]) -> None:
    """Who somebody is cannot be read from the tables of people, addresses and what came in, nor from the trail."""
    sealed = ("identity_", "channels_", "governance_")
    tables = [name for name in connection.introspection.table_names() if name.startswith(sealed)]
    assert len(tables) > 10
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                assert _leaks(repr(row)) == [], table


def test_revealing_needs_a_reason_and_is_written_down(world: World, ids: dict[str, UUID]) -> None:
    world.hire("sees")
    world.hire("not", role="operations")
    asked = {"field": "name", "reason": "核对收件人"}
    path = f"/persons/{ids['person']}/reveal"
    Desk("not").post(path, asked, status=403)
    Desk("sees").post(path, {**asked, "reason": " "}, status=422)
    assert Desk("sees").post(path, asked)["value"] == NAME
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM governance_auditentry WHERE subject = %s", [str(ids["person"])])
        assert "person.reveal" in {action for (action,) in cursor.fetchall()}
    governance.seal()
    assert governance.verify_chain() is None


def test_a_customer_sees_only_what_is_theirs(world: World, ids: dict[str, UUID]) -> None:
    stranger = channels.new_visitor("web")
    for path in ("messages", "matters", "promises", "orders"):
        answer = Client().get(f"/api/v1/customer/{path}", headers={"X-Visitor": stranger.token})
        assert answer.status_code == 200
        assert _leaks(answer.content.decode()) == []
        assert str(ids["conversation"]) not in answer.content.decode()

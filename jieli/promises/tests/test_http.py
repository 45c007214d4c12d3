"""Promises over REST: every endpoint for every kind of actor, and bodies that nobody should send."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.ids import new_id
from jieli.promises.tests.conftest import ANNA, NOW, Make

pytestmark = pytest.mark.django_db

NOBODY = Actor(kind=ActorKind.HUMAN, id=new_id())
AGENT = Actor(
    kind=ActorKind.HUMAN,
    id=new_id(),
    permissions=frozenset({"promise.record", "promise.read", "promise.settle"}),
)
CUSTOMER = Actor(kind=ActorKind.CUSTOMER, id=ANNA)
RECORD: dict[str, Any] = {
    "person": str(ANNA),
    "what": "今天发货",
    "kind": "ship_by",
    "due_at": (NOW + timedelta(hours=9)).isoformat(),
}


def call(actor: Actor | None, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
    request = RequestFactory().generic(verb, f"/api/v1{path}", raw, "application/json")
    request.actor = actor  # type: ignore[attr-defined]
    found = resolve(request.path_info)
    response = found.func(request, *found.args, **found.kwargs)
    return response.status_code, json.loads(response.content)


def test_the_whole_life_of_a_promise(make: Make) -> None:
    status, made = call(AGENT, "POST", "/promises", RECORD)
    assert (status, made["state"], made["made_by"]) == (200, "open", "agent")
    later = {"due_at": (NOW + timedelta(days=2)).isoformat(), "why": "雨雪", "told": "m1"}
    status, extended = call(AGENT, "POST", f"/promises/{made['id']}/extend", later)
    assert (status, extended["due_at"][:10]) == (200, "2026-11-20")
    status, kept = call(AGENT, "POST", f"/promises/{made['id']}/settle", {"evidence": {"tracking": "SF1"}})
    assert (status, kept["state"]) == (200, "kept")
    status, problem = call(AGENT, "POST", f"/promises/{made['id']}/break", {"why": "x"})
    assert (status, problem["code"]) == (409, "promise_settled")
    status, shown = call(AGENT, "GET", f"/promises/{made['id']}")
    assert [step["step"] for step in shown["steps"]] == ["made", "extended", "kept"]
    assert call(AGENT, "GET", "/promises?state=kept")[1]["items"][0]["id"] == made["id"]
    assert call(CUSTOMER, "GET", f"/persons/{ANNA}/promises")[1][0]["state"] == "kept"
    assert call(AGENT, "GET", "/promises/counts")[1]["kept"] == 1
    assert call(AGENT, "GET", "/promises/due-soon?hours=700")[0] == 200


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("POST", "/promises", RECORD),
        ("GET", "/promises", None),
        ("GET", "/promises/due-soon", None),
        ("GET", "/promises/counts", None),
        ("GET", "/promises/{id}", None),
        ("GET", f"/persons/{ANNA}/promises", None),
        ("POST", "/promises/{id}/settle", {"evidence": {}}),
        ("POST", "/promises/{id}/break", {"why": "x"}),
        ("POST", "/promises/{id}/withdraw", {"why": "x"}),
        ("POST", "/promises/{id}/extend", {"due_at": "2026-12-01T00:00:00Z", "why": "x", "told": "y"}),
        ("POST", "/promises/{id}/compensate", {"compensation": "x"}),
    ],
)
def test_who_may(make: Make, verb: str, path: str, body: Any) -> None:
    path = path.format(id=make().id)
    assert call(None, verb, path, body)[0] == 401
    assert call(NOBODY, verb, path, body)[0] == 403
    if "persons" not in path:
        assert call(CUSTOMER, verb, path, body)[0] == 403
    assert call(AGENT, verb, path, body)[0] in {200, 409}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"what": "\\ud800"}',
        json.dumps(RECORD | {"what": "\x00"}).encode(),
        json.dumps(RECORD | {"what": "\ud800"}).encode(),
        json.dumps(RECORD | {"order": "\x00"}).encode(),
        json.dumps(RECORD | {"order": "9" * 500}).encode(),
        json.dumps(RECORD | {"compensation": "x" * 5000}).encode(),
        json.dumps(RECORD | {"evidence": {"a": "\x00"}}).encode(),
        json.dumps(RECORD | {"evidence": {"\ud800": 1}}).encode(),
        json.dumps(RECORD | {"due_at": "2026-11-18T00:00:00"}).encode(),
        json.dumps(RECORD | {"due_at": "0001-01-01T00:00:00+14:00"}).encode(),
        json.dumps(RECORD | {"due_at": "9999-12-31T23:59:59-12:00"}).encode(),
        json.dumps(RECORD | {"due_at": 10**18}).encode(),
        json.dumps(RECORD | {"kind": "moon"}).encode(),
        json.dumps(RECORD | {"strange": 1}).encode(),
    ],
)
def test_what_cannot_be_used_is_refused(make: Make, body: bytes) -> None:
    status, problem = call(AGENT, "POST", "/promises", body)
    assert 400 <= status < 500, problem
    assert problem["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/promises?cursor=%00",
        "/promises?cursor=AAAA",
        "/promises?cursor=%F0%9F%91%8D",
        "/promises?state=moon",
        "/promises?person=1",
        "/promises/due-soon?hours=1e400",
        "/promises/due-soon?hours=nan",
        "/promises/due-soon?hours=-1",
    ],
)
def test_queries_that_cannot_be_used_are_refused(make: Make, path: str) -> None:
    assert call(AGENT, "GET", path)[0] == 422

"""Supply over REST."""

import json
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from jieli.governance import facade as governance
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.ids import new_id
from jieli.supply import facade as supply
from jieli.supply import policy
from jieli.supply.contracts import DemoEntry, FactKind
from jieli.supply.tests.conftest import ANNA, NOW, order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def staff(*permissions: str) -> Actor:
    return Actor(kind=ActorKind.HUMAN, id=new_id(), permissions=frozenset(permissions))


def call(actor: Actor | None, verb: str, path: str, body: Any = None, *, signed: str = "") -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    headers = {"X-Jieli-Signature": signed} if signed else None
    request = RequestFactory().generic(verb, f"/api/v1{path}", raw, "application/json", headers=headers)
    request.actor = actor  # type: ignore[attr-defined]
    found = resolve(request.path_info)
    response = found.func(request, *found.args, **found.kwargs)
    return response.status_code, json.loads(response.content)


def audited() -> list[dict[str, Any]]:
    governance.seal()
    return [json.loads(line) for line in governance.export_audit()]


def test_facts() -> None:
    reader = staff("supply.read")
    status, body = call(reader, "GET", f"/supply/facts?kind=order&person={ANNA}")
    assert (status, body["unknown"], body["facts"][0]["simulated"]) == (200, None, True)
    status, body = call(reader, "GET", f"/supply/facts?kind=order&key=JL2002&person={ANNA}")
    assert (status, body["unknown"]["reason"], body["facts"]) == (200, "not_theirs", [])
    for path in ("", "?kind=moon", "?kind=order&person=7"):
        assert call(reader, "GET", f"/supply/facts{path}")[0] == 422
    for key in ("%00", "%ED%A0%80", "9" * 3000, "👍", "' OR 1=1"):
        assert call(reader, "GET", f"/supply/facts?kind=order&key={key}")[0] == 200


def test_revealing_what_is_masked_needs_a_right_and_a_reason(watch: ManualClock) -> None:
    private = {"receiver": "林小满", "phone": "13800000001"}
    supply.load_demo([DemoEntry(kind=FactKind.ORDER, key="P1", value=order("P1"), private=private)])
    path, reason = "/supply/facts/order/P1/reveal", {"reason": "核对收货人"}
    assert call(staff("supply.read"), "POST", path, reason)[0] == 403
    revealer = staff("supply.read", "person.reveal")
    assert call(revealer, "POST", path, {"reason": " "})[0] == 422
    assert audited() == []
    status, body = call(revealer, "POST", path, reason)
    assert (status, body) == (200, private)
    [entry] = audited()
    assert (entry["action"], entry["subject"]) == ("supply.reveal", ["fact", "order:P1"])
    assert "林小满" not in json.dumps(entry, ensure_ascii=False)
    assert call(revealer, "POST", "/supply/facts/order/none/reveal", reason)[0] == 404


def test_sources() -> None:
    status, views = call(staff("supply.read"), "GET", "/supply/sources")
    assert (status, [view["name"] for view in views]) == (200, ["demo"])
    new = {"name": "wms", "kind": "http", "kinds": ["stock"], "settings": {"push_secret": "s"}}
    assert call(staff("supply.read"), "POST", "/supply/sources", new)[0] == 403
    operator = staff("supply.read", "supply.push")
    status, view = call(operator, "POST", "/supply/sources", new)
    assert (status, view["push_path"]) == (200, "/api/v1/supply/push/wms")
    assert "push_secret" not in json.dumps(view)
    assert call(operator, "POST", "/supply/sources", new)[0] == 409
    assert call(operator, "PATCH", "/supply/sources/wms", {"enabled": False})[1]["enabled"] is False
    assert call(operator, "PATCH", "/supply/sources/none", {"enabled": False})[0] == 404
    for wrong in (
        {"name": "a b"},
        {"name": "\x00"},
        {"name": "x" * 61},
        {"kinds": ["moon"]},
        {"title": "\x00"},
        {"title": "x" * 121},
        {"settings": {"push_secret": "\ud800"}},
    ):
        assert call(operator, "POST", "/supply/sources", new | {"name": "other"} | wrong)[0] == 422, wrong


def test_a_signed_push_needs_no_session(watch: ManualClock) -> None:
    operator = staff("supply.push")
    new = {"name": "wms", "kind": "http", "kinds": ["stock"], "settings": {"push_secret": "s"}}
    call(operator, "POST", "/supply/sources", new)
    fact = {"kind": "stock", "value": {"sku": "X", "on_hand": 3, "reserved": 1}}
    body, stamp = json.dumps({"facts": [fact]}).encode(), int(NOW.timestamp())
    signed = f"t={stamp},v1={policy.signature('s', stamp, body)}"
    assert call(None, "POST", "/supply/push/wms", body, signed=signed) == (200, {"accepted": 1, "ignored": 0})
    assert call(None, "POST", "/supply/push/wms", body)[0] == 401
    assert call(None, "POST", "/supply/push/none", body, signed=signed)[0] == 401
    assert call(None, "POST", "/supply/push/%00", body, signed=signed)[0] == 401

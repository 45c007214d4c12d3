import json as reader
from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory
from django.urls import resolve

from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import NewJourneyEntry
from jieli.identity.models import Merge
from jieli.identity.tests.conftest import AT, Role, contact, openid, phone, unionid, visitor
from jieli.identity.tests.urls import api
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.ids import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.urls("jieli.identity.tests.urls")]
PHONE = "13812345678"
NAME = "张三丰"


class Desk:
    """Calls the API as one actor."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor = actor

    def __call__(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        make = RequestFactory()
        request = make.generic(verb, f"/api/v1{path}", reader.dumps(body or {}), "application/json")
        request.actor = self.actor  # type: ignore[attr-defined]
        found = resolve(request.path_info)
        return found.func(request, *found.args, **found.kwargs)


@pytest.fixture
def zhang() -> UUID:
    (found,) = identity.resolve_many([contact(openid("openid-of-zhang"), phone(PHONE), name=NAME)])
    return found.person


@pytest.fixture
def everything(zhang: UUID, supervisor: Actor) -> dict[str, UUID]:
    (other,) = identity.resolve_many([contact(visitor("v1"))])
    identity.resolve_many([contact(openid("o8"), unionid("u8"), phone("13900000000"))])
    identity.resolve_many([contact(openid("o9"), unionid("u9"), phone("13900000000"))])
    (raised,) = identity.conflicts(supervisor)
    (third,) = identity.resolve_many([contact(visitor("v2"))])
    merged = identity.merge(supervisor, zhang, third.person, "测试合并")
    key = next(one for one in identity.identities(zhang, supervisor) if one.kind == "phone")
    return {
        "person": zhang,
        "other": other.person,
        "merge": merged.id,
        "conflict": raised.id,
        "identity": key.id,
    }


_CALLS: list[tuple[str, str, dict[str, str], str]] = [
    ("GET", "/persons?q=" + PHONE, {}, "person.read"),
    ("GET", "/persons/{person}", {}, "person.read"),
    ("GET", "/persons/{person}/identities", {}, "person.read"),
    ("GET", "/persons/{person}/evidence", {}, "person.read"),
    ("GET", "/persons/{person}/journey", {}, "person.read"),
    ("POST", "/persons/{person}/reveal", {"field": "{identity}", "reason": "回拨客户"}, "person.reveal"),
    ("POST", "/persons/{person}/merge-preview", {"absorbed": "{other}"}, "person.merge"),
    ("POST", "/persons/{person}/merge", {"absorbed": "{other}", "reason": "同一个人"}, "person.merge"),
    ("POST", "/merges/{merge}/undo", {"reason": "弄错了人"}, "person.merge"),
    ("POST", "/identities/{identity}/unlink", {"reason": "号码换人"}, "person.merge"),
    ("GET", "/conflicts", {}, "person.merge"),
    ("POST", "/conflicts/{conflict}/decide", {"outcome": "apart", "reason": "一家人共用"}, "person.merge"),
]


def test_every_endpoint_is_in_the_matrix() -> None:
    known = {(verb, path.split("?")[0]) for verb, path, _, _ in _CALLS}
    schema = api.get_openapi_schema(path_prefix="")
    offered = {(verb.upper(), path) for path, verbs in schema["paths"].items() for verb in verbs}
    assert offered == known


@pytest.mark.parametrize(
    "who", ["agent", "expert", "supervisor", "operations", "admin", "stranger", "customer", None]
)
@pytest.mark.parametrize(("verb", "path", "body", "permission"), _CALLS, ids=lambda value: str(value)[:40])
def test_who_may_do_what(
    who: str | None,
    verb: str,
    path: str,
    body: dict[str, str],
    permission: str,
    everything: dict[str, UUID],
    role: Role,
) -> None:
    names = {name: str(value) for name, value in everything.items()}
    filled = {name: value.format(**names) for name, value in body.items()}
    actor = None if who is None else stranger(who) if who in {"stranger", "customer"} else role(who)
    answer = Desk(actor)(verb, path.format(**names), filled)
    if actor is None:
        assert answer.status_code == 401
    elif actor.may(permission):
        assert answer.status_code == 200
    else:
        assert answer.status_code in {403, 404}
        assert not [entry for entry in governance.written() if entry.actor == actor.id]
    if "reveal" not in path:
        assert PHONE not in answer.content.decode()
        assert NAME not in answer.content.decode()


def stranger(who: str) -> Actor:
    kind = ActorKind.CUSTOMER if who == "customer" else ActorKind.HUMAN
    return Actor(kind=kind, id=new_id(), name=who)


def test_a_customer_sees_the_own_masked_keys_only(zhang: UUID) -> None:
    me = Desk(Actor(kind=ActorKind.CUSTOMER, id=zhang, name="customer"))
    assert [one["masked"] for one in json(me("GET", f"/persons/{zhang}/identities"))][1] == "138****5678"


def json(answer: Any) -> Any:
    return reader.loads(answer.content)


def test_a_reveal_shows_for_minutes_and_is_written_down(everything: dict[str, UUID], role: Role) -> None:
    agent = role("agent")
    desk, person = Desk(agent), everything["person"]
    before = json(desk("GET", f"/persons/{person}"))
    assert (before["card"]["name"], before["card"]["name_masked"]) == (None, "张**")
    shown = json(desk("POST", f"/persons/{person}/reveal", {"field": "name", "reason": "开票需要全名"}))
    assert shown["value"] == NAME
    assert json(desk("GET", f"/persons/{person}"))["card"]["name"] == NAME
    assert json(Desk(role("agent"))("GET", f"/persons/{person}"))["card"]["name"] is None
    key = json(
        desk(
            "POST", f"/persons/{person}/reveal", {"field": str(everything["identity"]), "reason": "回拨客户"}
        )
    )
    assert key["value"] == "+8613812345678"
    entries = [entry for entry in governance.written() if entry.action == "person.reveal"]
    assert [(one.actor, one.detail["reason"]) for one in entries] == [
        (agent.id, "开票需要全名"),
        (agent.id, "回拨客户"),
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"field": "name", "reason": "x"}, 422),
        ({"field": "name", "reason": "\ud800\ud800\ud800\ud800"}, 422),
        ({"field": "\x00", "reason": "正当的理由"}, 422),
        ({"field": str(new_id()), "reason": "正当的理由"}, 404),
        ({"field": "name"}, 422),
    ],
)
def test_a_reveal_without_a_field_or_a_reason_is_refused(
    zhang: UUID, role: Role, body: dict[str, str], status: int
) -> None:
    assert Desk(role("agent"))("POST", f"/persons/{zhang}/reveal", body).status_code == status
    assert not governance.written()


@pytest.mark.parametrize(
    ("q", "found"),
    [
        (PHONE, True),
        ("+86 138-1234-5678".replace(" ", "").replace("+", "%2B"), True),
        ("张三", True),
        ("张三丰%20" + PHONE, True),
        (PHONE + "%20张三", True),
        ("张三%2013900000000", False),
        ("李", False),
        ("%00", False),
        ("%ED%A0%80", False),
        ("1" * 5000, False),
        ("", False),
    ],
)
def test_persons_are_found_by_exact_key_and_by_the_beginning_of_a_name(
    everything: dict[str, UUID], role: Role, q: str, found: bool
) -> None:
    cards = json(Desk(role("agent"))("GET", f"/persons?q={q}"))
    assert [card["id"] for card in cards] == ([str(everything["person"])] if found else [])


def test_the_journey_covers_merged_ids_newest_first(everything: dict[str, UUID], role: Role) -> None:
    absorbed = Merge.objects.get().absorbed_id
    identity.append(
        [
            NewJourneyEntry(
                person=everything["person"], at=AT, kind="order", code="order.paid", module="supply"
            ),
            NewJourneyEntry(
                person=absorbed,
                at=AT.replace(hour=10),
                kind="message",
                code="message.received",
                module="conversations",
                params={"text": f"回我{PHONE}"},
                once="m1",
            ),
        ]
    )
    identity.append(
        [NewJourneyEntry(person=absorbed, at=AT, kind="message", code="x", module="conversations", once="m1")]
    )
    desk = Desk(role("agent"))
    lines = json(desk("GET", f"/persons/{everything['person']}/journey"))
    assert [line["code"] for line in lines] == ["message.received", "order.paid"]
    assert lines[0]["params"] == {"text": "回我138****5678"}
    only = json(desk("GET", f"/persons/{everything['person']}/journey?kind=order,%00"))
    assert [line["code"] for line in only] == ["order.paid"]
    older = json(desk("GET", f"/persons/{everything['person']}/journey?before=2026-03-01T09:30:00Z"))
    assert [line["code"] for line in older] == ["order.paid"]
    assert (
        desk("GET", f"/persons/{everything['person']}/journey?before=2026-03-01T09:30:00").status_code == 422
    )


def test_the_one_that_is_shown_costs_a_fixed_number_of_queries(
    everything: dict[str, UUID], role: Role, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        Desk(role("agent"))("GET", f"/persons/{everything['person']}")

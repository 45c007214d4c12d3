"""The REST doors: who may do what, what lists cost, and what bad input gets."""

from datetime import timedelta
from typing import Any

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient
from pytest_django import DjangoAssertNumQueries

from jieli.kernel import capabilities, clock
from jieli.kernel.clock import ManualClock
from jieli.kernel.http import add_problem_handlers
from jieli.kernel.ids import new_id
from jieli.tickets import facade
from jieli.tickets.contracts import Stage
from jieli.tickets.http import router
from jieli.tickets.tests.conftest import agent, customer, held_by, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def web() -> TestClient:
    api = NinjaAPI(urls_namespace="tickets-test")
    add_problem_handlers(api)
    api.add_router("", router)
    return TestClient(api)


READER, WRITER, NOBODY = (
    agent("ticket.read"),
    agent("ticket.read", "ticket.write"),
    agent("conversation.read"),
)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("POST /tickets", {"title": "门板", "severity": 3}),
        ("PATCH /tickets/{id}", {"category": "furniture"}),
        ("POST /tickets/{id}/change-stage", {"stage": "working"}),
        ("POST /tickets/{id}/assign", {"to": {"kind": "queue", "id": "furniture"}, "why": "家具"}),
        ("POST /tickets/{id}/solve", {"resolution": "已补寄", "force": True}),
        ("POST /tickets/{id}/close", {"outcome": "duplicate"}),
        ("POST /tickets/{id}/comments", {"text": "明天发"}),
        ("POST /tickets/{id}/check", {"item": 0}),
        ("POST /tickets/{id}/items", {"texts": ["核对地址"]}),
        ("POST /tickets/{id}/links", {"to": {"kind": "order", "ref": "JL1"}}),
        ("POST /tickets/{id}/unlink", {"to": {"kind": "order", "ref": "JL1"}}),
    ],
)
def test_writing_needs_the_permission_to_write(
    time: ManualClock, web: TestClient, call: str, body: dict[str, Any]
) -> None:
    ticket = opened(checklist=["核对门板编号"])
    verb, path = call.replace("{id}", str(ticket.id)).split(" ")
    for actor, status in [(None, 401), (NOBODY, 403), (customer(ticket), 403), (READER, 403)]:
        assert web.request(verb, path, json=body, actor=actor).status_code == status
    assert web.request(verb, path, json={"nonsense": 1}, actor=WRITER).status_code == 422
    answer = web.request(verb, path, json=body, actor=WRITER)
    assert answer.status_code == 200, answer.json()


@pytest.mark.parametrize("path", ["/tickets", "/ticket-counts", "/tickets/{id}"])
def test_reading_needs_the_permission_to_read(time: ManualClock, web: TestClient, path: str) -> None:
    ticket = opened()
    path = path.replace("{id}", str(ticket.id))
    statuses = [web.get(path, actor=actor).status_code for actor in (None, NOBODY, customer(ticket), READER)]
    assert statuses == [401, 403, 403, 200]


@pytest.mark.parametrize("size", [1, 12])
def test_a_list_costs_three_queries_however_long(
    time: ManualClock, web: TestClient, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(size):
        opened()
    with django_assert_num_queries(3):
        page = web.get("/tickets", actor=READER).json()
    assert len(page["items"]) == size
    assert page["items"][0]["matter"]["next_step"] == "assign"


def test_lists_are_filtered_and_paged(time: ManualClock, web: TestClient) -> None:
    me = agent()
    mine = facade.assign(me, ticket=opened(severity=1, title="冰箱漏水").id, to=held_by(me), why="mine")
    other = opened(severity=4, order_no="JL77")
    closed = facade.close(me, ticket=opened().id, outcome="duplicate")

    def found(query: str) -> list[str]:
        answer = web.get(f"/tickets?{query}", actor=READER)
        assert answer.status_code == 200, answer.json()
        return [item["number"] for item in answer.json()["items"]]

    assert found("open=true") == [other.number, mine.number]
    assert found("stage=closed") == [closed.number]
    assert found("severity=1") == found("q=漏水") == [mine.number]
    assert found(f"q={other.number.lower()}") == found("order_no=JL77") == found("q=jl77") == [other.number]
    assert found(f"holder_kind=agent&holder_id={me.id}") == [mine.number]
    assert found(f"person={mine.person}") == [mine.number]
    first = web.get("/tickets?limit=2", actor=READER).json()
    assert [item["number"] for item in first["items"]] == [closed.number, other.number]
    assert found(f"limit=2&cursor={first['next_cursor']}") == [mine.number]


def test_counts_are_those_of_the_rows(time: ManualClock, web: TestClient) -> None:
    opened(severity=1)
    facade.change_stage(agent(), ticket=opened(severity=1).id, stage=Stage.WORKING)
    facade.close(agent(), ticket=opened().id, outcome="duplicate")
    counts = web.get("/ticket-counts", actor=READER).json()
    assert counts["by_stage"] | {"new": 1, "working": 1} == counts["by_stage"]
    assert counts["by_severity"] == {"1": 2, "2": 0, "3": 0, "4": 0}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tickets", {"title": "a\x00b", "severity": 3}),
        ("/tickets", {"title": "", "severity": 3}),
        ("/tickets", {"title": "x", "severity": 10**30}),
        ("/tickets", {"title": "x", "severity": 3, "due_at": "9999-12-31T23:59:59-12:00"}),
        ("/tickets", {"title": "x", "severity": 3, "due_at": "2026-03-09T10:00:00"}),
        ("/tickets", {"title": "x", "severity": 3, "tags": ["\x00"]}),
        ("/tickets", {"title": "x" * 201, "severity": 3}),
        ("/tickets", {"title": "x", "severity": 3, "holder": {"kind": "agent", "id": "\x00"}}),
        ("/tickets/{id}/check", {"item": -1}),
        ("/tickets/{id}/assign", {"to": {"kind": "nobody"}, "why": ""}),
        ("/tickets/{id}/assign", {"to": {"kind": "queue"}, "why": "", "accept_within_s": 10**12}),
    ],
)
def test_bad_input_is_a_problem_never_an_error(
    time: ManualClock, web: TestClient, path: str, body: dict[str, Any]
) -> None:
    answer = web.post(path.replace("{id}", str(opened().id)), json=body, actor=WRITER)
    assert answer.status_code == 422, answer.content


@pytest.mark.parametrize(
    "query", ["cursor=!!", "cursor=%00", "q=%00", "holder_kind=agent&holder_id=%00", "person=x", "limit=0"]
)
def test_bad_filters_are_problems_too(time: ManualClock, web: TestClient, query: str) -> None:
    assert web.get(f"/tickets?{query}", actor=READER).status_code == 422


def test_a_ticket_that_is_not_there_is_404_everywhere(time: ManualClock, web: TestClient) -> None:
    nowhere = new_id()
    assert web.get(f"/tickets/{nowhere}", actor=READER).status_code == 404
    assert web.post(f"/tickets/{nowhere}/solve", json={"resolution": "x"}, actor=WRITER).status_code == 404
    body = {"title": "x", "severity": 3, "conversation": str(nowhere)}
    assert web.post("/tickets", json=body, actor=WRITER).status_code == 404


def test_customers_see_their_own_tickets_without_what_staff_wrote_to_each_other(
    time: ManualClock, web: TestClient
) -> None:
    ticket = opened()
    opened()
    facade.comment(WRITER, ticket=ticket.id, text="顾客脾气不好", internal=True)
    facade.comment(WRITER, ticket=ticket.id, text="明天 18:00 前送达", internal=False)
    owner = customer(ticket)

    [mine] = web.get("/my-tickets", actor=owner).json()["items"]

    assert [comment["text"] for comment in mine["comments"]] == ["明天 18:00 前送达"]
    assert (mine["comments"][0]["by_name"], mine["comments"][0]["by_id"]) == ("", None)
    assert web.get("/my-tickets", actor=WRITER).status_code == 403


def test_customers_answer_confirm_and_object(time: ManualClock, web: TestClient) -> None:
    ticket = opened()
    owner, stranger = customer(ticket), customer(opened())
    at = f"/my-tickets/{ticket.id}"
    facade.change_stage(WRITER, ticket=ticket.id, stage=Stage.WAITING_CUSTOMER)
    assert web.post(f"{at}/answer", json={"text": "B2"}, actor=stranger).status_code == 404
    assert web.post(f"{at}/answer", json={"text": "B2"}, actor=owner).json()["stage"] == "working"
    facade.solve(WRITER, ticket=ticket.id, resolution="已补寄")
    assert web.post(f"{at}/object", json={"text": "颜色不对"}, actor=owner).json()["stage"] == "working"
    facade.solve(WRITER, ticket=ticket.id, resolution="已换色")
    assert web.post(f"{at}/confirm", actor=owner).json()["stage"] == "closed"


def test_only_the_one_who_was_asked_accepts(time: ManualClock, web: TestClient) -> None:
    ticket = opened()
    facade.assign(agent(), ticket=ticket.id, to=held_by(WRITER), why="家具", accept_within_s=600)
    at = f"/tickets/{ticket.id}/accept"
    statuses = [web.post(at, actor=actor).status_code for actor in (None, READER, agent(), WRITER, WRITER)]
    assert statuses == [401, 403, 409, 200, 200]
    assert web.get(f"/tickets/{ticket.id}", actor=READER).json()["ticket"]["stage"] == "working"


def test_a_declared_tool_can_be_called_by_name(time: ManualClock) -> None:
    made = capabilities.call(WRITER, "tickets.open", {"title": "门板", "severity": 2, "sku": "WD-1"})
    assert (made["stage"], made["sku"]) == ("new", "WD-1")
    names = {tool.name for tool in capabilities.tools(WRITER)}
    assert {"tickets.open", "tickets.solve", "tickets.comment"} <= names


def test_a_due_time_that_was_chosen_is_kept(time: ManualClock, web: TestClient) -> None:
    due = clock.now() + timedelta(hours=2)
    body = {"title": "x", "severity": 3, "due_at": due.isoformat()}
    assert web.post("/tickets", json=body, actor=WRITER).json()["matter"]["due_at"] == due.strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )

"""What screens and customers are shown: the same by snapshot and by events, and to customers only what is theirs."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient
from pytest_django import DjangoAssertNumQueries

from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.identity import facade as identity
from jieli.kernel import clock, outbox
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden
from jieli.kernel.http import add_problem_handlers
from jieli.kernel.ids import new_id
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Published
from jieli.relay import facade
from jieli.relay.contracts import GENERAL, Baton, Change, Holder, HolderKind, MatterKind, MatterState, Told
from jieli.relay.http import router
from jieli.relay.tests.conftest import agent, held_by, new

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def web() -> TestClient:
    api = NinjaAPI(urls_namespace="relay-test")
    add_problem_handlers(api)
    api.add_router("", router)
    return TestClient(api)


def frames_since(position: int) -> list[tuple[str, dict[str, Any]]]:
    outbox.publish()
    events = [Published(e.position or 0, e.name, tuple(e.topics), e.payload) for e in outbox.after(position)]
    return [(frame.topic, dict(frame.data)) for frame in projections.frames(events)]


def customer_of(matter: MatterState) -> Actor:
    return Actor(kind=ActorKind.CUSTOMER, id=matter.person)


def test_the_old_snapshot_and_the_frames_make_the_new_snapshot(time: ManualClock) -> None:
    matter, other = facade.open_many(SYSTEM, [new(), new()])
    frames_since(0)
    snapshot = {str(one.id): msgspec.to_builtins(one) for one in (matter, other)}
    before = outbox.position()
    facade.change(SYSTEM, Change(matter=matter.id, holder=GENERAL, next_step="assign", next_note="加急"))
    facade.close(SYSTEM, other.id, "solved")
    facade.accept(SYSTEM, matter=matter.id)

    for topic, data in frames_since(before):
        if topic == "desk":
            snapshot[data["id"]] = data

    assert snapshot == {
        str(id_): msgspec.to_builtins(s) for id_, s in facade.states([matter.id, other.id]).items()
    }


def test_what_is_told_as_codes_is_as_private_as_the_summary(time: ManualClock) -> None:
    """Texts within it are masked, however deep; codes and moments stay what they are."""
    line = Told("passed.line", {"who": {"code": "holder.customer"}, "text": "我电话 13800000000"})
    given = Told(
        "summary.given", {"given": {"list": ["13800000000"], "by": "names"}, "when": {"at": "2026-11-11"}}
    )
    baton = Baton(summary="电话 13800000000", told=(line, given), questions=(line,))
    matter = facade.open_matter(SYSTEM, new(baton=baton))

    [passed] = facade.handovers(SYSTEM, matter.id)

    assert "13800000000" not in json.dumps(msgspec.to_builtins(passed.baton))
    assert passed.baton.told[0].slots["who"] == {"code": "holder.customer"}
    assert passed.baton.told[1].slots["when"] == {"at": "2026-11-11"}


def test_the_customers_frames_are_their_status_without_what_staff_wrote(time: ManualClock) -> None:
    lin = _staff("lin", "林小禾")
    matter = facade.open_matter(SYSTEM, new(title="要发票", baton=Baton(summary="顾客很急")))
    facade.change(
        SYSTEM,
        Change(
            matter=matter.id,
            holder=Holder(HolderKind.AGENT, str(lin)),
            next_step="send_invoice",
            next_note="先查税号",
            why="angry",
        ),
    )

    [status] = facade.status_of(matter.person)  # type: ignore[arg-type]

    assert (status.holder, status.holder_name, status.next_step) == (
        HolderKind.AGENT,
        "林小禾",
        "send_invoice",
    )
    assert [passed.holder for passed in status.history] == [HolderKind.BOT, HolderKind.AGENT]
    frame = [data for topic, data in frames_since(0) if topic == f"person:{matter.person}"][-1]
    assert frame == msgspec.to_builtins(status)
    assert not {"先查税号", "顾客很急", "angry", str(lin)} & set(str(frame).replace("'", " ").split())


def _staff(username: str, name: str) -> Any:
    one = NewStaff(username=username, password="Fluss-Hafen-19-Turm", name=name, roles=("agent",))
    return governance.create_staff(SYSTEM, [one])[0].id


def test_a_closed_matter_promises_nothing_more(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    facade.close(SYSTEM, matter.id, "solved")
    [status] = facade.status_of(matter.person)  # type: ignore[arg-type]
    assert (status.open, status.next_step, status.due_at) == (False, "", None)
    assert status.history[-1].until == clock.now()


def test_who_may_listen_to_a_matter(time: ManualClock) -> None:
    talk = facade.open_matter(SYSTEM, new())
    ticket = facade.open_matter(SYSTEM, new(kind=MatterKind.TICKET))
    me, owner, clerk = agent(), customer_of(talk), agent("ticket.read")
    rights = {
        f"matter:{talk.id}": (True, False, False),
        f"matter:{ticket.id}": (False, False, True),
        "matter:nonsense": (False, False, False),
    }
    for topic, expected in rights.items():
        assert tuple(topics.may_listen(actor, topic) for actor in (me, owner, clerk)) == expected, topic


def test_rest_shows_staff_the_kinds_they_read_and_customers_their_statuses(
    time: ManualClock, web: TestClient
) -> None:
    talk = facade.open_matter(SYSTEM, new())
    ticket = facade.open_matter(SYSTEM, new(kind=MatterKind.TICKET))
    listed = web.get("/matters", actor=agent()).json()["items"]
    assert [one["id"] for one in listed] == [str(talk.id)]
    assert web.get(f"/matters/{ticket.id}", actor=agent()).status_code == 404
    assert web.get(f"/matters/{talk.id}/handovers", actor=agent()).json()[0]["to_holder"]["kind"] == "bot"
    assert web.get(f"/matters/{talk.id}/clocks", actor=agent()).json() == []
    for path in ("/matters", f"/matters/{talk.id}", f"/matters/{talk.id}/handovers"):
        assert web.get(path, actor=customer_of(talk)).status_code == 403
        assert web.get(path, actor=None).status_code == 401
    statuses = web.get("/matter-statuses", actor=customer_of(talk)).json()
    assert [one["id"] for one in statuses] == [str(talk.id)]
    assert web.get(f"/matter-statuses?person={ticket.person}", actor=customer_of(talk)).json() == []
    assert web.get(f"/matter-statuses?person={ticket.person}", actor=agent()).status_code == 403


@pytest.mark.parametrize("size", [1, 12])
def test_a_list_is_one_query_and_statuses_are_three(
    time: ManualClock, web: TestClient, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = new_id()
    facade.open_many(SYSTEM, [new(person=person, holder=held_by(agent())) for _ in range(size)])
    with django_assert_num_queries(1):
        assert len(web.get(f"/matters?open=true&person={person}", actor=agent()).json()["items"]) == size
    with django_assert_num_queries(3):
        assert len(facade.status_of(person)) == size


def test_handing_over_by_rest(time: ManualClock, web: TestClient) -> None:
    me = agent()
    talk = facade.open_matter(SYSTEM, new(holder=held_by(me)))
    body: dict[str, Any] = {
        "to": {"kind": "queue", "id": "furniture"},
        "next_step": "diagnose",
        "due_at": (clock.now() + timedelta(minutes=5)).isoformat(),
        "why": "家具问题",
        "baton": {"summary": "门板有划痕", "open_questions": ["哪一块？"]},
    }
    at = f"/matters/{talk.id}/hand-over"
    assert web.post(at, json=body, actor=agent("conversation.read")).status_code == 403
    assert web.post(at, json=body, actor=customer_of(talk)).status_code == 403
    assert web.post(at, json={**body, "version": 7}, actor=me).status_code == 409
    for wrong in (
        {"due_at": "0001-01-01T00:00:00Z"},
        {"next_step": ""},
        {"baton": {"summary": "\x00"}},
        {"baton": {"summary": "x", "facts": [{"value": ["\x00"]}]}},
        {"baton": {"summary": "x", "facts": [{"value": "\ud800"}]}},
        {"baton": {"summary": "x", "facts": [{"value": float("nan")}]}},
        {"baton": {"summary": "x", "facts": [{"value": json.loads("[" * 30 + "]" * 30)}]}},
        {"to": {"kind": "queue", "id": "x" * 65}},
        {"accept_within_s": 10**20},
    ):
        assert web.post(at, json={**body, **wrong}, actor=me).status_code == 422, wrong
    answer = web.post(at, json=body, actor=me)
    assert (answer.status_code, answer.json()["baton"]["summary"]) == (200, "门板有划痕")
    assert web.post(at, json=body, actor=me).status_code == 422, "it is there already"


def test_a_merged_customer_sees_the_matters_of_both_ids(
    time: ManualClock, web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, strange = facade.open_many(SYSTEM, [new(), new(), new()])
    monkeypatch.setattr(identity, "family", lambda _person: {one.person, other.person})
    merged = customer_of(other)
    seen = {status["id"] for status in web.get("/matter-statuses", actor=merged).json()}
    assert seen == {str(one.id), str(other.id)}
    assert not facade.close(merged, one.id, "withdrawn").open
    with pytest.raises(Forbidden):
        facade.close(merged, strange.id, "withdrawn")

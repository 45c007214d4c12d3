"""What agents say of a message: kept once each, as it was when it was decided, and told to the screens."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from ninja.testing import TestClient
from pytest_django import DjangoAssertNumQueries

from jieli.conversations.events import UnderstandingCorrected
from jieli.kernel import decisions, jobs, outbox
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.ids import new_id
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Published
from jieli.learning import facade, turns
from jieli.learning.contracts import CorrectionState
from jieli.learning.tests.conftest import OLD, Staff, Talk
from jieli.understanding.contracts import Emotion, Intent

pytestmark = pytest.mark.django_db
SECRET = "我的电话是13912345678，钱呢"


def correct(web: TestClient, actor: Actor | None, message: UUID, **body: Any) -> Any:
    return web.post(f"/messages/{message}/correction", json=body, actor=actor)


def test_a_correction_is_kept_beside_what_the_model_had_said(
    web: TestClient, talk: Talk, staff: Staff
) -> None:
    message = talk.say("钱呢", confidence=0.61)
    answer = correct(web, staff.agent, message, intent="refund_status", emotion="angry", note="退款")
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert {name: told[name] for name in ("found_intent", "found_emotion", "found_confidence", "model")} == {
        "found_intent": "track",
        "found_emotion": "calm",
        "found_confidence": 0.61,
        "model": OLD,
    }
    (said,) = told["corrections"]
    assert said["agent"] == {"id": str(staff.agent.id), "name": "agent"}
    assert (said["intent"], said["emotion"], said["right"], said["state"]) == (
        "refund_status", "angry", False, "waiting",
    )  # fmt: skip
    assert web.get(f"/messages/{message}/correction", actor=staff.colleague).json() == told
    listed = web.get(f"/conversations/{talk.id}/corrections", actor=staff.colleague).json()
    assert listed == [told]


def test_the_turn_is_kept_as_it_was_when_it_was_decided(web: TestClient, talk: Talk, staff: Staff) -> None:
    talk.say("你好")
    talk.answer("请问您的订单号是？")
    message = talk.say("稍等", "JL20261111", expecting="order_no", open_matters=["refund_status"])
    talk.answer("查到了")
    talk.say("谢谢")
    correct(web, staff.agent, message, intent="provide_info")
    (row,) = web.get("/learning/corrections", actor=staff.reviewer).json()["items"]
    assert row["text"] == "稍等\nJL20261111"
    assert row["previous"] == [
        {"by": "customer", "text": "你好"},
        {"by": "bot", "text": "请问您的订单号是？"},
    ]
    assert (row["expecting"], row["open_matters"]) == ("order_no", ["refund_status"])


def test_a_message_answered_with_the_next_one_stands_by_itself(talk: Talk, staff: Staff) -> None:
    talk.say("你好")
    last = talk.say("在吗", "快递呢")
    whole = turns.seen_by(staff.agent, last)
    (joined,) = [one for one in turns.newest(None, limit=10) if one.turn.text == "在吗"]
    assert whole.turn.text == "在吗\n快递呢"
    assert [one.text for one in joined.turn.previous] == [one.text for one in whole.turn.previous] == ["你好"]


def test_the_newest_word_of_each_agent_counts(
    web: TestClient, talk: Talk, staff: Staff, manual_clock: ManualClock
) -> None:
    message = talk.say("到哪了")
    for intent in ("ship_when", "urge", "urge"):
        manual_clock.shift(timedelta(seconds=1))
        assert correct(web, staff.agent, message, intent=intent).status_code == 200
    correct(web, staff.colleague, message, intent="track")
    said = facade.correction(staff.agent, message=message).corrections
    assert {(one.agent.name, one.intent, one.state) for one in said} == {
        ("agent", "urge", CorrectionState.WAITING),
        ("colleague", "track", CorrectionState.CONFIRMED),
    }


def test_repeating_it_changes_nothing_and_saying_otherwise_is_reviewed_anew(
    web: TestClient, talk: Talk, staff: Staff
) -> None:
    message = talk.say("到哪了")

    def say(intent: Intent) -> CorrectionState:
        return facade.correct(staff.agent, message=message, intent=intent).corrections[0].state

    say(Intent.URGE)
    (row,) = facade.correction(staff.agent, message=message).corrections
    facade.accept(staff.reviewer, correction=row.id, note="听过录音")
    events = outbox.of(message)
    assert say(Intent.URGE) is CorrectionState.ACCEPTED
    assert outbox.of(message) == events
    assert say(Intent.SHIP_WHEN) is CorrectionState.WAITING
    (shown,) = web.get("/learning/corrections", actor=staff.reviewer).json()["items"]
    assert (shown["reviewer"], shown["reviewed_at"], shown["review_note"]) == (None, None, "")
    assert len(outbox.of(message)) == len(events) + 1


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"intent": "track"}, "confirmed"),
        ({"emotion": "calm"}, "confirmed"),
        ({"intent": "track", "emotion": "calm"}, "confirmed"),
        ({"intent": "track", "emotion": "angry"}, "waiting"),
        ({"intent": "urge", "emotion": "calm"}, "waiting"),
        ({"emotion": "anxious"}, "waiting"),
    ],
)
def test_what_the_model_said_already_is_a_confirmation(
    web: TestClient, talk: Talk, staff: Staff, said: dict[str, str], state: str
) -> None:
    (row,) = correct(web, staff.agent, talk.say("到哪了"), **said).json()["corrections"]
    assert (row["state"], row["right"]) == (state, state == "confirmed")


def test_what_customers_wrote_lies_sealed_and_is_shown_masked(
    web: TestClient, talk: Talk, staff: Staff
) -> None:
    talk.say(SECRET)
    correct(web, staff.agent, talk.say("钱呢"), intent="refund_status", note="打13912345678")
    correct(web, staff.agent, talk.say(SECRET), intent="refund_status")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM learning_correction")
        stored = str(cursor.fetchall())
    assert "13912345678" not in stored
    assert "钱呢" not in stored
    masked = str(web.get("/learning/corrections", actor=staff.reviewer).json())
    assert "13912345678" not in masked
    assert "钱呢" in masked
    assert "13912345678" in str(web.get("/learning/corrections", actor=staff.expert).json())


def test_who_may_correct(web: TestClient, talk: Talk, staff: Staff) -> None:
    message = talk.say("到哪了")
    customer = Actor(kind=ActorKind.CUSTOMER, id=talk.person)
    blind = Actor(kind=ActorKind.HUMAN, id=new_id(), permissions=frozenset({"conversation.reply"}))
    reader = Actor(kind=ActorKind.HUMAN, id=new_id(), permissions=frozenset({"conversation.read"}))
    actors = [None, customer, reader, blind, SYSTEM, staff.agent]
    assert [correct(web, actor, message, intent="urge").status_code for actor in actors] == [
        401, 403, 403, 404, 403, 200,
    ]  # fmt: skip
    read = [web.get(f"/messages/{message}/correction", actor=actor).status_code for actor in actors[:4]]
    assert read == [401, 403, 200, 403]
    thread = [
        web.get(f"/conversations/{talk.id}/corrections", actor=actor).status_code for actor in actors[:4]
    ]
    assert thread == [401, 403, 200, 403]


def test_what_cannot_be_corrected(web: TestClient, talk: Talk, staff: Staff) -> None:
    message, answer = talk.say("到哪了"), talk.answer("在路上")
    assert correct(web, staff.agent, new_id(), intent="urge").json()["code"] == "not_found"
    assert correct(web, staff.agent, answer, intent="urge").json()["code"] == "not_understood_by_model"
    assert correct(web, staff.agent, message).json()["code"] == "nothing_said"
    assert correct(web, staff.agent, message, intent="nonsense").status_code == 422
    assert correct(web, staff.agent, message, intent="urge", note="长" * 501).status_code == 422


def test_screens_of_the_thread_get_what_the_list_shows(web: TestClient, talk: Talk, staff: Staff) -> None:
    message = talk.say("到哪了")
    correct(web, staff.agent, message, intent="urge")
    outbox.publish()
    told = [
        Published(row.position or 0, row.name, tuple(row.topics), row.payload)
        for row in outbox.after(0)
        if row.name == "message.corrected"
    ]
    (frame,) = projections.frames(told)
    assert frame.topic == f"conversation:{talk.id}"
    assert topics.may_listen(staff.agent, frame.topic)
    (shown,) = web.get(f"/conversations/{talk.id}/corrections", actor=staff.agent).json()
    sent = msgspec.json.decode(msgspec.json.encode(frame.data))
    assert {**sent, "corrections": None} == {**shown, "corrections": None}
    assert [one["id"] for one in sent["corrections"]] == [one["id"] for one in shown["corrections"]]


def test_correcting_the_card_says_the_same_of_its_last_message(talk: Talk, staff: Staff) -> None:
    message = talk.say("到哪了")
    (decision,) = decisions.of(message)
    outbox.append(UnderstandingCorrected(talk.id, decision.id, "complaint", "calm", staff.agent.id))
    for _ in range(2):
        outbox.publish()
        jobs.run_due("default")
    (said,) = facade.correction(staff.agent, message=message).corrections
    assert (said.intent, said.emotion, said.agent.name) == ("complaint", "", "agent")


def test_a_thread_costs_the_same_however_many_were_judged(
    web: TestClient, talk: Talk, staff: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        facade.correct(staff.agent, message=talk.say("到哪了"), emotion=Emotion.ANGRY)
        facade.correct(staff.colleague, message=talk.say("到哪了"), intent=Intent.TRACK)
    with django_assert_num_queries(4):  # the corrections, and their authors with roles and teams
        assert len(web.get(f"/conversations/{talk.id}/corrections", actor=staff.agent).json()) == 12

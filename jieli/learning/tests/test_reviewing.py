"""Which corrections models may learn from is decided by a second pair of eyes."""

from typing import Any

import pytest
from ninja.testing import TestClient

from jieli.governance import facade as governance
from jieli.kernel import laws
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.clock import ManualClock
from jieli.kernel.ids import new_id
from jieli.learning import facade
from jieli.learning.models import Correction
from jieli.learning.tests.conftest import Staff, Talk
from jieli.understanding.contracts import Intent

pytestmark = pytest.mark.django_db


def said(actor: Actor, talk: Talk, means: Intent = Intent.URGE, **found: Any) -> str:
    made = facade.correct(actor, message=talk.say("到哪了", **found), intent=means)
    return str(made.corrections[0].id)


def decide(web: TestClient, actor: Actor | None, correction: str, verb: str = "accept", **body: str) -> Any:
    return web.post(f"/learning/corrections/{correction}/{verb}", json=body, actor=actor)


@pytest.mark.parametrize(("verb", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_a_reviewer_decides_and_says_why(
    web: TestClient, talk: Talk, staff: Staff, manual_clock: ManualClock, verb: str, state: str
) -> None:
    answer = decide(web, staff.reviewer, said(staff.agent, talk), verb, note="看过录音").json()
    assert (answer["state"], answer["review_note"]) == (state, "看过录音")
    assert answer["reviewer"] == {"id": str(staff.reviewer.id), "name": "reviewer"}
    assert answer["reviewed_at"] == manual_clock.now().isoformat().replace("+00:00", "Z")
    assert governance.written()[-1].action == f"correction.{state}"


def test_reviewers_may_think_again(web: TestClient, talk: Talk, staff: Staff) -> None:
    row = said(staff.agent, talk)
    decide(web, staff.reviewer, row)
    assert decide(web, staff.expert, row, "reject").json()["state"] == "rejected"


def test_nobody_reviews_their_own(web: TestClient, talk: Talk, staff: Staff) -> None:
    answer = decide(web, staff.expert, said(staff.expert, talk))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_correction")
    assert web.get("/learning/counts", actor=staff.expert).json()["waiting"] == 1


def test_a_confirmation_needs_no_review(web: TestClient, talk: Talk, staff: Staff) -> None:
    answer = decide(web, staff.reviewer, said(staff.agent, talk, Intent.TRACK))
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_review")


def test_who_may_review(web: TestClient, talk: Talk, staff: Staff) -> None:
    row = said(staff.agent, talk)
    actors = [None, staff.agent, staff.colleague, SYSTEM, staff.reviewer]
    assert [decide(web, actor, row).status_code for actor in actors] == [401, 403, 403, 403, 200]
    assert decide(web, staff.reviewer, str(new_id())).status_code == 404
    for path in ("corrections", "pairs", "counts"):
        statuses = [web.get(f"/learning/{path}", actor=actor).status_code for actor in actors[:3]]
        assert statuses == [401, 403, 403]


def test_the_list_is_filtered_and_paged(web: TestClient, talk: Talk, staff: Staff) -> None:
    urged = said(staff.agent, talk, Intent.URGE)
    complained = said(staff.agent, talk, Intent.COMPLAINT, brand="north", intent="urge")
    decide(web, staff.reviewer, urged)

    def found(query: str) -> list[str]:
        answer = web.get(f"/learning/corrections?{query}", actor=staff.reviewer)
        assert answer.status_code == 200, answer.json()
        return [item["id"] for item in answer.json()["items"]]

    assert found("") == [complained, urged]
    assert found("state=waiting") == [complained]
    assert found("state=accepted") == [urged]
    assert found("brand=north") == [complained]
    assert found("found=track&said=urge") == [urged]
    assert found("found=urge") == [complained]
    first = web.get("/learning/corrections?limit=1", actor=staff.reviewer).json()
    assert found(f"limit=1&cursor={first['next_cursor']}") == [urged]


def test_pairs_tell_what_is_taken_for_what(web: TestClient, talk: Talk, staff: Staff) -> None:
    for intent in (Intent.URGE, Intent.COMPLAINT, Intent.URGE, Intent.TRACK):
        said(staff.agent, talk, intent)
    assert web.get("/learning/pairs", actor=staff.reviewer).json() == [
        {"found": "track", "said": "urge", "times": 2},
        {"found": "track", "said": "complaint", "times": 1},
    ]
    assert web.get("/learning/pairs?state=accepted", actor=staff.reviewer).json() == []
    assert web.get("/learning/counts", actor=staff.reviewer).json() == {
        "waiting": 3,
        "accepted": 0,
        "rejected": 0,
        "confirmed": 1,
    }


def test_the_audit_finds_a_correction_that_its_author_reviewed(talk: Talk, staff: Staff) -> None:
    row = said(staff.expert, talk)
    assert not [breach for breach in laws.breaches() if breach.audit.startswith("learning")]
    Correction.objects.filter(id=row).update(reviewed_by=staff.expert.id)
    (breach,) = [breach for breach in laws.breaches() if breach.audit.startswith("learning")]
    assert (breach.law, breach.subject) == (5, row)

"""One model is live; people change it, every process follows, and it can be had again when its copy is gone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from ninja.testing import TestClient

from jieli.governance import facade as governance
from jieli.kernel import doctor, laws
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.ids import new_id
from jieli.learning import facade, live
from jieli.learning.contracts import CandidateState, CandidateView, LiveView
from jieli.learning.models import Candidate, LiveModel, ModelFile, Promotion
from jieli.learning.tests.conftest import Staff, Talk, Trainer
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Intent, Turn

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., CandidateView]


@pytest.fixture(autouse=True)
def _shipped_again(trainer: Trainer) -> Iterator[None]:
    yield
    assert live.provider() is None or LiveModel.objects.exists()


def found(text: str = "我的快递到哪里了") -> tuple[Intent, str]:
    """What this process understands, a second later."""
    live.here.forget()
    (finding,) = understanding.understand([Turn(text, datetime(2026, 11, 11, tzinfo=UTC))])
    return finding.intent, finding.model


def promote(staff: Staff, candidate: CandidateView, why: str = "besser") -> LiveView:
    return facade.promote(staff.reviewer, candidate=candidate.id, why=why)


def learning_breaches() -> list[laws.Breach]:
    return [breach for breach in laws.breaches() if breach.audit.startswith("learning")]


def test_what_is_live_understands_and_its_version_stands_in_what_it_finds(
    trained: Make, staff: Staff
) -> None:
    shipped = found()
    candidate = trained("parrot-1", "complaint")
    assert found() == shipped
    told = promote(staff, candidate)
    assert (told.version, told.shipped, told.candidate) == ("parrot-1", False, candidate.id)
    assert found() == (Intent.COMPLAINT, "parrot-1")
    assert understanding.model_version() == "parrot-1"
    assert facade.detail(staff.reviewer, candidate.id).candidate.state is CandidateState.LIVE


def test_back_to_the_one_before_and_at_last_to_the_shipped_one(
    web: TestClient, trained: Make, staff: Staff
) -> None:
    shipped = found()
    first, second = trained("parrot-1", "complaint"), trained("parrot-2", "urge")
    promote(staff, first)
    assert promote(staff, second).fallback == facade.live_model(staff.reviewer).fallback
    assert facade.live_model(staff.reviewer).fallback.version == "parrot-1"  # type: ignore[union-attr]
    assert found() == (Intent.URGE, "parrot-2")
    facade.roll_back(staff.reviewer, why="zu viele Fehler")
    assert found() == (Intent.COMPLAINT, "parrot-1")
    assert facade.roll_back(staff.expert, why="auch das").shipped
    assert found() == shipped
    body = {"why": "noch einmal"}
    refused = web.post("/learning/live/roll-back", json=body, actor=staff.reviewer).json()
    assert refused["code"] == "nothing_to_roll_back"
    assert facade.detail(staff.reviewer, first.id).candidate.state is CandidateState.RETIRED
    rows = web.get("/learning/promotions", actor=staff.reviewer).json()["items"]
    assert [(row["action"], row["before"], row["after"], row["by"]["name"], row["why"]) for row in rows] == [
        ("rolled_back", "parrot-1", shipped[1], "expert", "auch das"),
        ("rolled_back", "parrot-2", "parrot-1", "reviewer", "zu viele Fehler"),
        ("promoted", "parrot-1", "parrot-2", "reviewer", "besser"),
        ("promoted", shipped[1], "parrot-1", "reviewer", "besser"),
    ]
    assert not learning_breaches()


def test_a_machine_without_a_copy_writes_one(trained: Make, staff: Staff, tmp_path: Path) -> None:
    promote(staff, trained())
    (path,) = (tmp_path / "models").iterdir()
    path.unlink()
    assert found() == (Intent.COMPLAINT, "parrot-1")
    path.write_bytes(b"something else")
    LiveModel.objects.update(stamp=new_id())
    assert found() == (Intent.COMPLAINT, "parrot-1")
    assert not learning_breaches()


def test_what_cannot_be_opened_is_never_asked(
    trained: Make, staff: Staff, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = trained("parrot-1", "complaint"), trained("parrot-2", "urge")
    promote(staff, first)
    found()
    ModelFile.objects.filter(candidate=second.id).update(content=b"rotten")
    (tmp_path / "models" / "parrot-2.npz").unlink()
    promote(staff, second)
    assert found() == (Intent.COMPLAINT, "parrot-1")  # better than none
    assert "parrot-1 answers on" in caplog.text
    (breach,) = learning_breaches()
    assert (breach.law, breach.subject) == (2, str(second.id))
    broken = [one for one in doctor.examine() if one.health is doctor.Health.BROKEN]
    assert ["cannot be read" in one.what for one in broken] == [True]


def test_the_audit_finds_a_copy_that_was_altered(trained: Make, staff: Staff, tmp_path: Path) -> None:
    promote(staff, trained())
    (tmp_path / "models" / "parrot-1.npz").write_bytes(b"altered")
    (breach,) = learning_breaches()
    assert "is not what was trained" in breach.what


def test_the_audit_finds_a_model_that_no_person_made_live(trained: Make, staff: Staff) -> None:
    promote(staff, trained())
    Promotion.objects.update(by=None)
    (breach,) = learning_breaches()
    assert (breach.law, "nobody" in breach.what) == (5, True)
    Promotion.objects.all().delete()
    (breach,) = learning_breaches()
    assert "no entry of the history" in breach.what


def test_nothing_is_looked_up_within_a_transaction_or_within_a_second(
    trained: Make, staff: Staff, django_assert_num_queries: Any
) -> None:
    shipped = found()
    promote(staff, trained())
    with django_assert_num_queries(0):  # the second is not over
        live.provider()
    live.here.forget()
    with transaction.atomic():
        assert live.provider() is None
    with django_assert_num_queries(1):
        live.provider()
        live.provider()
    assert found() != shipped


def test_only_people_make_models_live(web: TestClient, trained: Make, staff: Staff) -> None:
    candidate = trained()
    bot = Actor(kind=ActorKind.BOT, name="bot", permissions=frozenset({"learning.review"}))
    actors = [None, staff.agent, staff.colleague, SYSTEM, bot, staff.reviewer]
    path = f"/learning/candidates/{candidate.id}/promote"
    body = {"why": "besser"}
    statuses = [web.post(path, json=body, actor=actor).status_code for actor in actors]
    assert statuses == [401, 403, 403, 403, 403, 200]
    statuses = [web.post("/learning/live/roll-back", json=body, actor=actor).status_code for actor in actors]
    assert statuses == [401, 403, 403, 403, 403, 200]
    assert web.post(path, json={"why": "  "}, actor=staff.reviewer).status_code == 422


@pytest.mark.parametrize(
    ("state", "code"), [("waiting", "not_ready"), ("training", "not_ready"), ("failed", "not_ready")]
)
def test_what_is_not_trained_is_not_made_live(
    web: TestClient, trained: Make, staff: Staff, state: str, code: str
) -> None:
    candidate = trained()
    Candidate.objects.update(state=state)
    for verb in ("promote", "shadow"):
        path = f"/learning/candidates/{candidate.id}/{verb}"
        refused = web.post(path, json={"why": "besser"} if verb == "promote" else None, actor=staff.reviewer)
        assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_live_already_is_said(web: TestClient, trained: Make, staff: Staff) -> None:
    candidate = trained()
    promote(staff, candidate)
    path = f"/learning/candidates/{candidate.id}/promote"
    assert web.post(path, json={"why": "besser"}, actor=staff.reviewer).json()["code"] == "already_live"


def test_figures_stand_side_by_side(trained: Make, staff: Staff) -> None:
    first, second = trained("parrot-1"), trained("parrot-2")
    promote(staff, first)
    Candidate.objects.filter(id=first.id).update(header={"frozen": {"intent.accuracy": 0.6}})
    told = facade.detail(staff.reviewer, second.id)
    assert (told.live.version, told.live.shipped) == ("parrot-1", False)
    assert [(one.name, one.candidate, one.live, one.change) for one in told.comparison] == [
        ("intent.accuracy", 0.7, 0.6, 0.1),
        ("intent.macro_f1", 0.65, None, None),
    ]


def test_who_did_it_stands_in_the_trail(talk: Talk, trained: Make, staff: Staff) -> None:
    promote(staff, trained(), why="besser bei Erstattungen")
    (line,) = [line for line in governance.written() if line.action == "model.promoted"]
    assert (line.actor, line.detail["after"], line.detail["why"]) == (
        staff.reviewer.id,
        "parrot-1",
        "besser bei Erstattungen",
    )

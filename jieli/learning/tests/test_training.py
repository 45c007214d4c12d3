"""A candidate is trained from what was accepted, one at a time, and not lost when its worker dies."""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ninja.testing import TestClient

from jieli.kernel import clock, worker
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.ids import new_id
from jieli.learning import candidates, child, facade, policy
from jieli.learning.contracts import CandidateState, CandidateView
from jieli.learning.errors import Abandoned, NothingToLearn, TrainingFailed
from jieli.learning.models import Candidate, ModelFile
from jieli.learning.tests.conftest import Staff, Talk, Trainer, accepted
from jieli.learning.training import Training
from jieli.understanding.contracts import Emotion, Intent

pytestmark = pytest.mark.django_db


class Died(BaseException):
    """Nothing in the product catches this: as if the process were gone."""


def seen(staff: Staff, row: CandidateView) -> CandidateView:
    return facade.detail(staff.reviewer, row.id).candidate


def test_what_was_accepted_is_taught_several_times_with_its_context(
    talk: Talk, staff: Staff, trainer: Trainer
) -> None:
    talk.say("你好")
    talk.answer("请问订单号？")
    accepted(staff, talk.say("JL2026", expecting="order_no"), intent=Intent.PROVIDE_INFO)
    accepted(staff, talk.say("快点", emotion="anxious"), emotion=Emotion.ANGRY)
    rejected = facade.correct(staff.agent, message=talk.say("哈"), intent=Intent.OTHER).corrections[0].id
    facade.reject(staff.reviewer, correction=rejected)
    facade.correct(staff.agent, message=talk.say("喂"), intent=Intent.OTHER)
    accepted(staff, talk.say("别家的", brand="north"), intent=Intent.OTHER)
    facade.ask(staff.reviewer)
    Training().turn()
    assert len(trainer.taught) == 2 * policy.REPEATED
    first, second = trainer.taught[0], trainer.taught[-1]
    assert (first.turn.text, first.turn.expecting, first.intents) == (
        "JL2026", "order_no", (Intent.PROVIDE_INFO,),
    )  # fmt: skip
    assert [(one.by, one.text) for one in first.turn.previous] == [
        ("customer", "你好"),
        ("bot", "请问订单号？"),
    ]
    assert (second.turn.text, second.intents, second.emotion) == ("快点", (Intent.TRACK,), Emotion.ANGRY)
    assert first.block == second.block  # one talk, on one side of every split


def test_a_trained_candidate_has_figures_and_a_file_here_and_in_the_database(
    talk: Talk, staff: Staff, trainer: Trainer, tmp_path: Path
) -> None:
    left = tmp_path / "models" / "train-cut-off"  # by a worker that died
    left.mkdir(parents=True)
    accepted(staff, talk.say("到哪了"))
    row = facade.ask(staff.reviewer)
    assert (row.state, row.progress, row.asked_by.name) == (CandidateState.WAITING, 0, "reviewer")
    assert Training().turn() == 1
    assert Training().turn() == 0
    done = seen(staff, row)
    assert (done.state, done.progress, done.attempts, done.corrections) == (CandidateState.READY, 1, 1, 1)
    assert (done.version, done.figures) == ("parrot-1", {"intent.accuracy": 0.7, "intent.macro_f1": 0.65})
    content = (tmp_path / "models" / "parrot-1.npz").read_bytes()
    assert bytes(ModelFile.objects.get().content) == content
    assert len(content) == done.bytes
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["parrot-1.npz"]


def test_asking_twice_is_asking_once(talk: Talk, staff: Staff, trainer: Trainer) -> None:
    with pytest.raises(NothingToLearn):
        facade.ask(staff.reviewer)
    accepted(staff, talk.say("到哪了"))
    assert facade.ask(staff.reviewer).id == facade.ask(staff.expert).id
    with pytest.raises(NothingToLearn):
        facade.ask(staff.reviewer, brand="north")


def test_two_who_ask_at_the_same_moment_get_the_same(
    talk: Talk, staff: Staff, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(staff, talk.say("到哪了"))
    first = facade.ask(staff.reviewer)
    monkeypatch.setattr(candidates, "_unfinished", lambda _brand: None)  # it was not there yet
    assert facade.ask(staff.expert).id == first.id


def test_every_worker_trains_and_reads_along() -> None:
    assert {"learning.training", "learning.shadow"} <= {loop.name for loop in worker.loops()}


def test_a_failure_is_tried_again_and_told(talk: Talk, staff: Staff, trainer: Trainer) -> None:
    accepted(staff, talk.say("到哪了"))
    row, loop = facade.ask(staff.reviewer), Training()
    trainer.fails = "no space left on the disk"
    for attempt, state in [(1, "waiting"), (2, "waiting"), (3, "failed")]:
        assert loop.turn() == 1
        found = seen(staff, row)
        assert (found.attempts, found.state, found.failure) == (attempt, state, trainer.fails)
    assert loop.turn() == 0
    trainer.fails = ""
    again = facade.ask(staff.reviewer)
    assert again.id != row.id
    loop.turn()
    assert seen(staff, again).state is CandidateState.READY


def test_a_bug_is_told_like_any_failure(talk: Talk, staff: Staff, trainer: Trainer) -> None:
    accepted(staff, talk.say("到哪了"))
    row = facade.ask(staff.reviewer)

    def stumble() -> None:
        raise ValueError("no such emotion")

    trainer.meanwhile = stumble
    Training().turn()
    found = seen(staff, row)
    assert (found.state, found.failure) == (CandidateState.WAITING, "ValueError: no such emotion")


def test_a_worker_that_dies_is_followed_by_another_three_times_at_most(
    talk: Talk, staff: Staff, trainer: Trainer, manual_clock: ManualClock
) -> None:
    accepted(staff, talk.say("到哪了"))
    row = facade.ask(staff.reviewer)

    def die() -> None:
        raise Died

    trainer.meanwhile = die
    for attempt in (1, 2, 3):
        with pytest.raises(Died):
            Training().turn()
        assert seen(staff, row).state is CandidateState.TRAINING
        assert Training().turn() == 0  # its lease has not run out: perhaps it lives
        assert seen(staff, row).attempts == attempt
        manual_clock.shift(timedelta(seconds=31))
    Training().turn()
    found = seen(staff, row)
    assert (found.state, found.attempts) == (CandidateState.FAILED, 3)
    assert "three workers" in found.failure


def test_a_worker_that_slept_too_long_changes_nothing(
    talk: Talk, staff: Staff, trainer: Trainer, manual_clock: ManualClock
) -> None:
    accepted(staff, talk.say("到哪了"))
    row = facade.ask(staff.reviewer)

    def another() -> None:
        trainer.meanwhile = lambda: None
        trainer.version = "parrot-of-the-other"
        manual_clock.shift(timedelta(seconds=31))
        Training().turn()
        trainer.version = "parrot-1"

    trainer.meanwhile = another
    Training().turn()
    found = seen(staff, row)
    assert (found.state, found.version, found.attempts) == (CandidateState.READY, "parrot-of-the-other", 2)
    assert ModelFile.objects.count() == 1


def test_it_says_that_it_goes_on_and_hears_when_it_should_not(
    talk: Talk, staff: Staff, monkeypatch: pytest.MonkeyPatch, trainer: Trainer, manual_clock: ManualClock
) -> None:
    accepted(staff, talk.say("到哪了"))
    row = facade.ask(staff.reviewer)
    heard: list[Any] = []

    def slow(_more: Sequence[Any], _path: Path, goes_on: Any) -> dict[str, Any]:
        manual_clock.shift(timedelta(seconds=45))
        heard.append((goes_on(), seen(staff, row)))
        Candidate.objects.update(token=new_id())
        manual_clock.shift(timedelta(seconds=15))
        heard.append((goes_on(), seen(staff, row)))
        raise Abandoned

    monkeypatch.setattr("jieli.learning.training.trainer", slow)
    Training().turn()
    (went_on, during), (not_any_more, _) = heard
    assert (went_on, not_any_more) == (True, False)
    assert (during.progress, during.heard_at) == (0.5, clock.now() - timedelta(seconds=15))


def test_what_is_the_same_as_before_is_no_new_candidate(talk: Talk, staff: Staff, trainer: Trainer) -> None:
    accepted(staff, talk.say("到哪了"))
    loop = Training()
    facade.ask(staff.reviewer)
    loop.turn()
    again = facade.ask(staff.reviewer)
    loop.turn()
    assert seen(staff, again).failure.startswith("nothing new")
    assert seen(staff, again).state is CandidateState.FAILED


def test_who_may_ask(web: TestClient, talk: Talk, staff: Staff, trainer: Trainer) -> None:
    accepted(staff, talk.say("到哪了"))
    actors = [None, staff.agent, staff.colleague, SYSTEM, staff.reviewer]
    statuses = [web.post("/learning/candidates", json={}, actor=actor).status_code for actor in actors]
    assert statuses == [401, 403, 403, 403, 200]
    (row,) = web.get("/learning/candidates", actor=staff.reviewer).json()["items"]
    paths = ["candidates", f"candidates/{row['id']}", f"candidates/{row['id']}/shadow", "live", "promotions"]
    for path in paths:
        statuses = [web.get(f"/learning/{path}", actor=actor).status_code for actor in actors]
        assert statuses == [401, 403, 403, 200, 200]
    assert web.get(f"/learning/candidates/{new_id()}", actor=staff.reviewer).status_code == 404


def test_the_process_beside_ends_as_soon_as_it_is_not_wanted(tmp_path: Path) -> None:
    with pytest.raises(Abandoned):
        child.train([], tmp_path / "candidate.npz", lambda: False)
    assert not (tmp_path / "candidate.npz").exists()
    assert not _children_of(os.getpid())


def _children_of(parent: int) -> list[str]:
    found = [path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline") if _parent(path) == parent]
    return [line for line in found if "jieli.learning.child" in line]


def _parent(path: Path) -> int:
    return int((path.parent / "stat").read_text().rsplit(")", 1)[1].split()[1])


def test_what_went_wrong_in_the_process_beside_is_told(tmp_path: Path) -> None:
    nonsense: Any = ["no example"]
    with pytest.raises(TrainingFailed, match="ValidationError"):
        child.train(nonsense, tmp_path / "candidate.npz", lambda: True)

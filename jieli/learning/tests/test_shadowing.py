"""A candidate reads along without any effect; what it would have understood differently is counted."""

from collections.abc import Callable

import pytest

from jieli.kernel.errors import Conflict
from jieli.learning import facade, policy, turns
from jieli.learning.contracts import CandidateState, CandidateView
from jieli.learning.models import Candidate, ShadowDifference
from jieli.learning.shadowing import Shadow
from jieli.learning.tests.conftest import Staff, Talk
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Turn

pytestmark = pytest.mark.django_db
Make = Callable[..., CandidateView]
TRACK = "我的快递到哪里了，帮我查一下物流"


def test_what_differs_is_counted_and_shown(trained: Make, talk: Talk, staff: Staff) -> None:
    talk.say("以前说的")
    candidate, loop = trained("parrot-1", "complaint"), Shadow()
    assert loop.read_on() == 0
    facade.run_along(staff.reviewer, candidate=candidate.id)
    assert loop.read_on() == 0  # what was said before does not count
    version = understanding.model_version()
    message = talk.say(TRACK)
    talk.say("我要投诉你们，太过分了")
    talk.answer("好的")
    assert loop.read_on() == 2
    assert loop.read_on() == 0
    told = facade.shadow_report(staff.reviewer, candidate.id)
    assert (told.running, told.read, told.differing) == (True, 2, 1)
    (pair,) = [one for one in told.pairs if one.kind == "intent"]
    assert (pair.live, pair.candidate, pair.times) == ("track", "complaint", 1)
    (example,) = told.examples
    assert (example.message, example.text) == (message, TRACK)
    assert (example.live_intent, example.candidate_intent) == ("track", "complaint")
    assert understanding.model_version() == version
    assert understanding.understand([Turn(TRACK, at=example.at)])[0].intent == "track"


def test_it_reads_the_newest_of_very_many_and_keeps_the_newest(
    trained: Make, talk: Talk, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "SHADOW_AT_ONCE", 4)
    monkeypatch.setattr(policy, "SHADOW_KEPT", 3)
    candidate, loop = trained("parrot-1", "complaint"), Shadow()
    facade.run_along(staff.reviewer, candidate=candidate.id)
    said = [talk.say(TRACK) for _ in range(6)]
    assert loop.read_on() == 4
    assert loop.read_on() == 0
    told = facade.shadow_report(staff.reviewer, candidate.id)
    assert [one.message for one in told.examples] == said[:-4:-1]
    assert ShadowDifference.objects.count() == 3
    assert told.pairs[0].times == 4


def test_one_reads_along_at_a_time_and_begins_anew(trained: Make, talk: Talk, staff: Staff) -> None:
    first, second, loop = trained("parrot-1"), trained("parrot-2", "urge"), Shadow()
    facade.run_along(staff.reviewer, candidate=first.id)
    talk.say(TRACK)
    loop.read_on()
    facade.run_along(staff.reviewer, candidate=second.id)
    assert facade.detail(staff.reviewer, first.id).candidate.state is CandidateState.READY
    assert facade.shadow_report(staff.reviewer, first.id).read == 1  # stays to be looked at
    talk.say(TRACK)
    loop.read_on()
    (example,) = facade.shadow_report(staff.reviewer, second.id).examples
    assert example.candidate_intent == "urge"
    assert facade.end_run(staff.reviewer, candidate=second.id).state is CandidateState.READY
    talk.say(TRACK)
    assert loop.read_on() == 0
    facade.run_along(staff.reviewer, candidate=first.id)
    assert facade.shadow_report(staff.reviewer, first.id).read == 0


def test_what_is_made_live_no_longer_reads_along(trained: Make, talk: Talk, staff: Staff) -> None:
    candidate = trained()
    facade.run_along(staff.reviewer, candidate=candidate.id)
    facade.promote(staff.reviewer, candidate=candidate.id, why="besser")
    told = facade.detail(staff.reviewer, candidate.id)
    assert (told.candidate.state, told.shadow.running) == (CandidateState.LIVE, False)


def test_two_who_let_candidates_run_at_the_same_moment(
    trained: Make, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = trained("parrot-1"), trained("parrot-2")

    def meanwhile() -> None:
        Candidate.objects.filter(id=second.id).update(state=CandidateState.SHADOW)

    monkeypatch.setattr(turns, "last_message", meanwhile)
    with pytest.raises(Conflict):
        facade.run_along(staff.reviewer, candidate=first.id)

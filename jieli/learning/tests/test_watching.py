"""People's judgements decide whether a model stays; whether it goes is decided once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from jieli.governance import facade as governance
from jieli.kernel import deadlines, doctor, outbox
from jieli.kernel.clock import ManualClock
from jieli.kernel.realtime import projections
from jieli.kernel.realtime.contracts import Published
from jieli.learning import facade
from jieli.learning.contracts import CandidateView, PromotionAction
from jieli.learning.models import Promotion
from jieli.learning.tests.conftest import Staff, Talk
from jieli.understanding.contracts import Emotion, Intent

pytestmark = pytest.mark.django_db
Make = Callable[..., CandidateView]


@pytest.fixture
def minute(manual_clock: ManualClock) -> Callable[[], None]:
    """A minute passes, and what is due is done."""

    def passes() -> None:
        deadlines.start_periodic()
        manual_clock.shift(timedelta(minutes=1, seconds=1))
        deadlines.sweep()

    return passes


def judge(talk: Talk, staff: Staff, version: str, *, right: int, wrong: int) -> None:
    for n in range(right + wrong):
        said = Intent.TRACK if n < right else Intent.URGE
        facade.correct(staff.agent, message=talk.say(f"第{n}句", model=version), intent=said)


def actions() -> list[str]:
    return list(Promotion.objects.order_by("id").values_list("action", flat=True))


def promote(staff: Staff, candidate: CandidateView) -> None:
    facade.promote(staff.reviewer, candidate=candidate.id, why="besser")


def test_a_model_that_is_too_often_wrong_gives_way_once_and_operations_hear_of_it(
    trained: Make, talk: Talk, staff: Staff, minute: Callable[[], None]
) -> None:
    first, second = trained("parrot-1"), trained("parrot-2")
    promote(staff, first)
    promote(staff, second)
    judge(talk, staff, "parrot-2", right=29, wrong=21)
    outbox.publish()
    before = outbox.position()
    minute()
    told = facade.live_model(staff.reviewer)
    assert told.version == "parrot-1"
    assert facade.detail(staff.reviewer, second.id).candidate.replaced_at
    (line,) = [line for line in governance.written() if line.action == "model.replaced"]
    assert (line.actor_kind, line.detail["before"], line.detail["accuracy"]) == ("system", "parrot-2", 0.58)
    outbox.publish()
    published = [
        Published(row.position or 0, row.name, tuple(row.topics), row.payload) for row in outbox.after(before)
    ]
    frames = [frame for frame in projections.frames(published) if frame.name == "model.changed"]
    assert {frame.topic for frame in frames} == {"desk", "learning"}
    assert frames[0].data["accuracy"] == 0.58
    warned = [one.what for one in doctor.examine() if one.health is doctor.Health.WARNING]
    assert any("29 of the 50" in what for what in warned)
    minute()
    assert actions() == ["promoted", "promoted", "replaced"]
    promote(staff, second)  # somebody insists, and answers for it
    minute()
    assert facade.live_model(staff.reviewer).version == "parrot-2"


@pytest.mark.parametrize(
    ("right", "wrong", "replaced"),
    [(0, 49, False), (30, 20, False), (29, 21, True), (0, 50, True), (50, 0, False)],
)
def test_when_it_gives_way(
    trained: Make,
    talk: Talk,
    staff: Staff,
    minute: Callable[[], None],
    right: int,
    wrong: int,
    replaced: bool,
) -> None:
    promote(staff, trained())
    judge(talk, staff, "parrot-1", right=right, wrong=wrong)
    minute()
    told = facade.live_model(staff.reviewer)
    assert told.shipped is replaced
    assert (PromotionAction.REPLACED in actions()) is replaced


def test_others_judgements_rejected_ones_and_moods_do_not_count(
    trained: Make, talk: Talk, staff: Staff, minute: Callable[[], None]
) -> None:
    promote(staff, trained())
    judge(talk, staff, "parrot-of-before", right=0, wrong=60)
    for n in range(60):
        made = facade.correct(staff.agent, message=talk.say("急", model="parrot-1"), emotion=Emotion.ANGRY)
        wrong = facade.correct(staff.agent, message=talk.say("错", model="parrot-1"), intent=Intent.URGE)
        assert made.message != wrong.message, n
        facade.reject(staff.reviewer, correction=wrong.corrections[0].id)
    minute()
    told = facade.live_model(staff.reviewer)
    assert (told.version, told.judged, told.accuracy) == ("parrot-1", 0, None)


def test_the_newest_two_hundred_count(
    trained: Make, talk: Talk, staff: Staff, manual_clock: ManualClock
) -> None:
    promote(staff, trained())
    judge(talk, staff, "parrot-1", right=0, wrong=30)
    manual_clock.shift(timedelta(seconds=1))
    judge(talk, staff, "parrot-1", right=180, wrong=20)
    told = facade.live_model(staff.reviewer)
    assert (told.judged, told.accuracy, told.judged_needed, told.floor) == (200, 0.9, 50, 0.6)


def test_of_two_words_on_one_message_the_newer_counts(
    trained: Make, talk: Talk, staff: Staff, manual_clock: ManualClock
) -> None:
    promote(staff, trained())
    message = talk.say("到哪了", model="parrot-1")
    facade.correct(staff.agent, message=message, intent=Intent.URGE)
    manual_clock.shift(timedelta(seconds=1))
    facade.correct(staff.colleague, message=message, intent=Intent.TRACK)
    judge(talk, staff, "parrot-1", right=49, wrong=0)
    told = facade.live_model(staff.reviewer)
    assert (told.judged, told.accuracy) == (50, 1.0)


def test_the_shipped_model_has_nothing_to_give_way_to(
    talk: Talk, staff: Staff, minute: Callable[[], None]
) -> None:
    judge(talk, staff, facade.live_model(staff.reviewer).version, right=0, wrong=60)
    minute()
    told = facade.live_model(staff.reviewer)
    assert (told.shipped, told.accuracy, told.fallback) == (True, 0.0, None)
    assert actions() == []

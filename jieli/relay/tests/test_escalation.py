from datetime import timedelta

import pytest

from jieli.kernel import clock, counters, deadlines, decisions, laws, outbox
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden
from jieli.kernel.models import Deadline
from jieli.relay import errors, escalation, facade
from jieli.relay.contracts import (
    GENERAL,
    SUPERVISORS,
    Baton,
    Change,
    Holder,
    HolderKind,
    LineStep,
    MatterKind,
    MatterState,
    Overdue,
    OverdueReason,
)
from jieli.relay.models import Handover, Matter
from jieli.relay.tests.conftest import agent, held_by, new

pytestmark = pytest.mark.django_db
SUPPLIER = Holder(HolderKind.SUPPLIER, "panel-works")


@pytest.fixture(autouse=True)
def no_handlers_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other modules answer for their own kinds; here the relay is alone."""
    monkeypatch.setattr(escalation, "_handlers", {})


def now_is(matter: MatterState) -> MatterState:
    return facade.states([matter.id])[matter.id]


def later(time: ManualClock, **by: float) -> None:
    time.shift(timedelta(**by))
    deadlines.sweep()


def test_an_overdue_matter_goes_down_its_line_to_the_last_resort_which_is_asked_again_and_again(
    time: ManualClock,
) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=60, baton=Baton(summary="要发票")))
    seen = []
    for minutes in (1, 5, 10, 10):
        later(time, minutes=minutes)
        state = now_is(matter)
        assert state.due_at
        seen.append((state.holder, state.next_step, state.due_at - clock.now()))

    assert seen == [
        (GENERAL, "assign", timedelta(minutes=5)),
        (SUPERVISORS, "take_over", timedelta(minutes=10)),
        (SUPERVISORS, "take_over", timedelta(minutes=10)),
        (SUPERVISORS, "take_over", timedelta(minutes=10)),
    ]
    assert counters.read(escalation.ALARMS)[escalation.ALARMS] == 2
    batons = facade.handovers(SYSTEM, matter.id)
    assert [handover.baton.summary for handover in batons] == ["要发票"] * 3
    alarms = [event for event in outbox.of(matter.id) if event.name == "matter.overdue"]
    assert [event.payload["alarm"] for event in alarms] == [False, False, True, True]


def test_each_escalation_is_explained(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=60))
    later(time, minutes=1)
    [why] = decisions.of(matter.id, "relay.escalate")
    assert (why.outcome, why.reasons, why.decider) == ("queue:general", ("due",), "relay.escalation@1")
    assert why.inputs["holder"] == {"kind": "bot", "id": "bot"}
    assert why.inputs["line"] == "default"


def test_a_step_in_the_same_hands_is_passed_over(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=60, holder=GENERAL))
    later(time, minutes=1)
    assert now_is(matter).holder == SUPERVISORS


def test_who_never_accepts_loses_the_baton_though_the_due_time_is_far(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=3600))
    offered = Change(matter=matter.id, holder=held_by(agent()), accept_by=clock.now() + timedelta(seconds=30))
    facade.change(SYSTEM, offered)
    later(time, seconds=29)
    assert now_is(matter).holder == offered.holder
    later(time, seconds=1)

    assert now_is(matter).holder == GENERAL
    assert [h.state for h in facade.handovers(SYSTEM, matter.id)] == ["accepted", "lapsed", "accepted"]
    assert decisions.of(matter.id)[0].reasons == ("not_accepted",)
    assert deadlines.due_at("relay.accept", matter.id) is None


def test_who_accepted_in_time_keeps_it(time: ManualClock) -> None:
    me = agent()
    matter = facade.open_matter(SYSTEM, new(due_in_s=3600))
    soon = clock.now() + timedelta(seconds=30)
    facade.change(SYSTEM, Change(matter=matter.id, holder=held_by(me), accept_by=soon))
    facade.accept(me, matter=matter.id)
    later(time, minutes=5)
    assert now_is(matter).holder == held_by(me)


def test_work_on_a_matter_starts_its_line_again(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=60))
    later(time, minutes=1)
    later(time, minutes=5)
    facade.change(
        SYSTEM, Change(matter=matter.id, holder=SUPPLIER, due_at=clock.now() + timedelta(minutes=1))
    )
    later(time, minutes=1)
    assert now_is(matter).holder == GENERAL


def test_a_moved_due_time_moves_the_deadline(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=60))
    facade.change(SYSTEM, Change(matter=matter.id, due_at=clock.now() + timedelta(minutes=10)))
    later(time, minutes=9)
    assert now_is(matter).holder == matter.holder
    later(time, minutes=1)
    assert now_is(matter).holder == GENERAL


def test_a_closed_matter_is_left_alone(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(due_in_s=60))
    facade.close(SYSTEM, matter.id, "solved")
    later(time, minutes=5)
    assert len(facade.handovers(SYSTEM, matter.id)) == 1


def test_a_module_answers_for_its_own_overdue_matters(time: ManualClock) -> None:
    asked: list[Overdue] = []

    @facade.on_overdue(MatterKind.TASK, HolderKind.SUPPLIER)
    def remind(overdue: Overdue) -> None:
        asked.append(overdue)
        later_due = clock.now() + timedelta(hours=1)
        facade.change(SYSTEM, Change(matter=overdue.matter.id, next_step="remind", due_at=later_due))

    task = facade.open_matter(SYSTEM, new(kind=MatterKind.TASK, holder=SUPPLIER, due_in_s=60))
    later(time, minutes=1)

    assert [overdue.reason for overdue in asked] == [OverdueReason.DUE]
    assert (now_is(task).holder, now_is(task).next_step) == (SUPPLIER, "remind")


def test_what_a_module_leaves_overdue_goes_down_the_line(time: ManualClock) -> None:
    facade.on_overdue(MatterKind.TASK, HolderKind.SUPPLIER)(lambda overdue: None)
    task = facade.open_matter(SYSTEM, new(kind=MatterKind.TASK, holder=SUPPLIER, due_in_s=60))
    later(time, minutes=1)
    assert now_is(task).holder == GENERAL


def test_operations_draw_a_line_of_their_own(time: ManualClock) -> None:
    to_supplier = LineStep(holder=SUPPLIER, within_s=120, next_step="deliver")
    facade.save_line(SYSTEM, code="parts", steps=[to_supplier])
    matter = facade.open_matter(SYSTEM, new(due_in_s=60, line="parts"))
    later(time, minutes=1)
    assert now_is(matter).holder == SUPPLIER
    with pytest.raises(errors.UnusableLine):
        facade.save_line(SYSTEM, code="parts", steps=[])
    with pytest.raises(Forbidden):
        facade.save_line(agent(), code="parts", steps=[to_supplier])


def test_a_person_may_escalate_without_waiting(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    assert facade.escalate_matter(agent(), matter=matter.id, why="顾客要求主管").holder == GENERAL
    assert decisions.of(matter.id)[0].reasons == ("顾客要求主管",)


def broken(law: int) -> set[str]:
    return {
        breach.subject for breach in laws.breaches() if breach.law == law and breach.audit.startswith("relay")
    }


def test_the_audits_find_what_was_broken_behind_the_relays_back(time: ManualClock) -> None:
    fine, unwatched, late, offered = facade.open_many(SYSTEM, [new(), new(), new(), new()])
    facade.change(
        SYSTEM,
        Change(matter=offered.id, holder=Holder(HolderKind.QUEUE, "x"), accept_by=clock.now() + timedelta(1)),
    )
    assert not broken(1)
    Deadline.objects.filter(subject=unwatched.id).delete()
    Deadline.objects.filter(kind="relay.accept", subject=offered.id).delete()
    Matter.objects.filter(id=late.id).update(due_at=clock.now() - timedelta(minutes=6))
    stranger = facade.open_matter(SYSTEM, new(holder=held_by(agent())))

    assert broken(1) == {str(matter.id) for matter in (unwatched, late, offered, stranger)}
    assert str(fine.id) not in broken(1)


def test_the_audits_find_empty_batons_and_lives_that_do_not_tile(time: ManualClock) -> None:
    empty, gone, other = facade.open_many(SYSTEM, [new(title=""), new(), new()])
    facade.change(SYSTEM, Change(matter=empty.id, holder=held_by(agent())))
    assert broken(3) == {str(Handover.objects.get(matter=empty.id, ended_at=None).id)}
    assert not broken(9)
    Handover.objects.filter(matter=gone.id).delete()
    Matter.objects.filter(id=other.id).update(holder_id="another")
    assert broken(9) == {str(gone.id), str(other.id)}

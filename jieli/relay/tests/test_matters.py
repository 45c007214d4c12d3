from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jieli.kernel import clock, deadlines, outbox
from jieli.kernel.actor import BOT as BOT_ACTOR
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden, Invalid
from jieli.kernel.ids import new_id
from jieli.relay import errors, facade
from jieli.relay.contracts import (
    GENERAL,
    SUPERVISORS,
    Baton,
    Change,
    HandoverState,
    Holder,
    HolderKind,
    MatterKind,
)
from jieli.relay.tests.conftest import agent, held_by, new

pytestmark = pytest.mark.django_db
BATON = Baton(
    summary="扫地机器人不回充，已重启一次",
    facts=({"kind": "order", "value": {"no": "JL1"}, "source": "demo", "as_of": "2026-03-02T02:00:00Z"},),
    open_questions=("指示灯什么颜色？",),
    position="42",
)


@pytest.mark.parametrize("column", ["holder_kind", "next_step", "due_at"])
@pytest.mark.parametrize("nothing", ["''", "NULL"])
def test_the_database_itself_refuses_an_incomplete_open_matter(
    time: ManualClock, column: str, nothing: str
) -> None:
    matter = facade.open_matter(SYSTEM, new())
    if column == "due_at" and nothing == "''":
        pytest.skip("a time is never an empty text")
    key = matter.id.hex if connection.vendor == "sqlite" else str(matter.id)
    raw = f"UPDATE relay_matter SET {column} = {nothing} WHERE id = %s"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(raw, [key])


def test_opening_gives_the_first_holder_a_handover_row_and_a_deadline(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())

    [first] = facade.handovers(SYSTEM, matter.id)
    assert (first.from_holder, first.to_holder.kind) == (None, HolderKind.BOT)
    assert first.state is HandoverState.ACCEPTED
    assert deadlines.due_at("relay.due", matter.id) == matter.due_at
    assert [event.name for event in outbox.of(matter.id)] == ["matter.changed"]


def test_a_changed_holder_ends_one_holding_and_begins_the_next_at_the_same_moment(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    time.shift(timedelta(minutes=3))

    facade.change(
        BOT_ACTOR, Change(matter=matter.id, holder=GENERAL, next_step="assign", why="asked", baton=BATON)
    )

    first, second = facade.handovers(SYSTEM, matter.id)
    assert first.ended_at == second.at == clock.now()
    assert (second.from_holder, second.to_holder, second.ended_at) == (first.to_holder, GENERAL, None)
    assert second.baton == BATON
    assert [e.name for e in outbox.of(matter.id)][1:] == ["matter.changed", "matter.handed_over"]


def test_a_handover_without_its_own_baton_carries_the_one_before(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(baton=BATON))
    facade.change(SYSTEM, Change(matter=matter.id, holder=GENERAL))
    facade.change(SYSTEM, Change(matter=matter.id, holder=SUPERVISORS))
    assert [handover.baton for handover in facade.handovers(SYSTEM, matter.id)] == [BATON] * 3


def test_changes_of_one_matter_in_one_batch_happen_in_their_order(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    states = facade.change_many(
        SYSTEM,
        [Change(matter=matter.id, holder=GENERAL, baton=BATON), Change(matter=matter.id, holder=SUPERVISORS)],
    )
    assert [state.holder for state in states] == [SUPERVISORS, SUPERVISORS]
    holders = [handover.to_holder for handover in facade.handovers(SYSTEM, matter.id)]
    assert holders == [matter.holder, GENERAL, SUPERVISORS]


def test_a_change_that_changes_nothing_leaves_no_trace(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    assert facade.change(SYSTEM, Change(matter=matter.id, holder=matter.holder, next_step="answer")) == matter
    assert len(outbox.of(matter.id)) == 1


def test_a_stale_version_is_refused_and_all_of_the_batch_with_it(time: ManualClock) -> None:
    one, other = facade.open_many(SYSTEM, [new(), new()])
    facade.change(SYSTEM, Change(matter=one.id, next_step="ask"))
    with pytest.raises(errors.StaleMatter):
        facade.change_many(
            SYSTEM,
            [
                Change(matter=other.id, next_step="ask"),
                Change(matter=one.id, next_step="wait", version=one.version),
            ],
        )
    assert facade.states([other.id])[other.id].next_step == "answer"


def test_closing_needs_an_outcome_and_no_open_children_unless_they_go_on(time: ManualClock) -> None:
    parent = facade.open_matter(SYSTEM, new())
    child = facade.open_matter(SYSTEM, new(parent=parent.id, kind=MatterKind.TICKET))
    with pytest.raises(Invalid):
        facade.close(SYSTEM, parent.id, "")
    with pytest.raises(errors.ChildrenStillOpen):
        facade.close(SYSTEM, parent.id, "solved")

    closed = facade.close(SYSTEM, parent.id, "solved", leaving_children=True)

    assert (closed.open, closed.outcome, closed.closed_at) == (False, "solved", clock.now())
    assert facade.states([child.id])[child.id].open
    assert deadlines.due_at("relay.due", parent.id) is None
    assert facade.handovers(SYSTEM, parent.id)[-1].ended_at == clock.now()
    assert facade.close(SYSTEM, parent.id, "again").outcome == "solved"


def test_parent_and_child_may_be_closed_together(time: ManualClock) -> None:
    parent = facade.open_matter(SYSTEM, new())
    child = facade.open_matter(SYSTEM, new(parent=parent.id))
    states = facade.close_many(SYSTEM, [(parent.id, "solved"), (child.id, "solved")])
    assert not any(state.open for state in states)


def test_a_closed_matter_takes_no_change_until_it_is_reopened(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new(baton=BATON))
    facade.close(SYSTEM, matter.id, "solved")
    with pytest.raises(errors.MatterIsClosed):
        facade.change(SYSTEM, Change(matter=matter.id, next_step="ask"))
    again = Change(
        matter=matter.id, holder=GENERAL, next_step="assign", due_at=clock.now() + timedelta(hours=1)
    )

    assert facade.reopen(SYSTEM, again).open

    assert facade.handovers(SYSTEM, matter.id)[-1].baton == BATON
    assert deadlines.due_at("relay.due", matter.id) == again.due_at
    with pytest.raises(errors.MatterIsOpen):
        facade.reopen(SYSTEM, again)


def test_only_the_one_who_was_offered_the_baton_accepts_it(time: ManualClock) -> None:
    chosen, other = agent(), agent()
    matter = facade.open_matter(SYSTEM, new())
    facade.change(
        SYSTEM,
        Change(matter=matter.id, holder=held_by(chosen), accept_by=clock.now() + timedelta(seconds=30)),
    )
    assert facade.handovers(SYSTEM, matter.id)[-1].state is HandoverState.OFFERED
    assert deadlines.due_at("relay.accept", matter.id)
    with pytest.raises(errors.NotYours):
        facade.accept(other, matter=matter.id)

    assert facade.accept(chosen, matter=matter.id).accepted_at == clock.now()

    assert facade.accept(chosen, matter=matter.id).version == 3, "saying yes twice is no mistake"
    assert facade.handovers(SYSTEM, matter.id)[-1].state is HandoverState.ACCEPTED
    assert deadlines.due_at("relay.accept", matter.id) is None


def test_an_offer_that_was_overtaken_is_superseded(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    soon = clock.now() + timedelta(seconds=30)
    facade.change(SYSTEM, Change(matter=matter.id, holder=held_by(agent()), accept_by=soon))
    facade.change(SYSTEM, Change(matter=matter.id, holder=GENERAL))
    assert [h.state for h in facade.handovers(SYSTEM, matter.id)] == ["accepted", "superseded", "accepted"]
    assert deadlines.due_at("relay.accept", matter.id) is None


def test_people_hand_over_with_a_summary_and_to_somebody_else(time: ManualClock) -> None:
    me = agent()
    matter = facade.open_matter(SYSTEM, new(holder=held_by(me)))
    due = clock.now() + timedelta(minutes=5)
    given: dict[str, Any] = {
        "matter": matter.id,
        "next_step": "diagnose",
        "due_at": due,
        "why": "needs an expert",
    }
    to = Holder(HolderKind.EXPERT, str(new_id()))
    with pytest.raises(Invalid):
        facade.hand_over(me, to=to, baton=Baton(), **given)
    with pytest.raises(Invalid):
        facade.hand_over(me, to=held_by(me), baton=BATON, **given)
    with pytest.raises(Invalid):
        facade.hand_over(me, to=to, baton=BATON, **{**given, "due_at": clock.now() - timedelta(minutes=1)})

    handover = facade.hand_over(me, to=to, baton=BATON, accept_within_s=180, **given)

    assert (handover.by_id, handover.state, handover.baton) == (me.id, HandoverState.OFFERED, BATON)
    assert facade.states([matter.id])[matter.id].due_at == due


def test_the_number_of_queries_does_not_grow_with_the_batch(time: ManualClock) -> None:
    asked = []
    for size in (1, 40):
        states = facade.open_many(SYSTEM, [new() for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            facade.change_many(SYSTEM, [Change(matter=s.id, holder=GENERAL, baton=BATON) for s in states])
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 14


@pytest.mark.parametrize(
    ("actor", "kind", "may"),
    [
        (SYSTEM, MatterKind.TICKET, True),
        (BOT_ACTOR, MatterKind.CONVERSATION, True),
        (BOT_ACTOR, MatterKind.TICKET, False),
        (agent("conversation.reply"), MatterKind.CONVERSATION, True),
        (agent("conversation.reply"), MatterKind.TICKET, False),
        (agent("conversation.read", "ticket.read"), MatterKind.CONVERSATION, False),
        (agent("ticket.write"), MatterKind.TICKET, True),
        (agent("ticket.write"), MatterKind.RETURN, True),
        (Actor(kind=ActorKind.CUSTOMER, id=new_id()), MatterKind.CONVERSATION, False),
    ],
)
def test_who_may_work_on_what(time: ManualClock, actor: Actor, kind: MatterKind, may: bool) -> None:
    matter = facade.open_matter(SYSTEM, new(kind=kind))
    wanted = Change(matter=matter.id, next_step="ask")
    if may:
        assert facade.change(actor, wanted).next_step == "ask"
    else:
        with pytest.raises(Forbidden):
            facade.change(actor, wanted)


def test_customers_see_and_change_only_what_is_theirs(time: ManualClock) -> None:
    matter = facade.open_matter(SYSTEM, new())
    owner = Actor(kind=ActorKind.CUSTOMER, id=matter.person)
    assert facade.state(owner, matter.id) == matter
    with pytest.raises(errors.MatterNotFound):
        facade.state(Actor(kind=ActorKind.CUSTOMER, id=new_id()), matter.id)
    assert not facade.close(owner, matter.id, "withdrawn").open

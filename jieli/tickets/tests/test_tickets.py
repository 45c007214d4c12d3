from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from jieli.kernel import clock, deadlines, decisions
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden, Invalid
from jieli.kernel.ids import new_id
from jieli.relay import facade as relay
from jieli.relay.contracts import Change, Holder, HolderKind, SlaMetric, SlaState
from jieli.tickets import errors, facade
from jieli.tickets.contracts import Link, LinkKind, Stage, TicketView
from jieli.tickets.tests.conftest import BATON, agent, conversation, customer, held_by, opened

pytestmark = pytest.mark.django_db
SUPPLIER = Holder(HolderKind.SUPPLIER, "panel-works")


def clock_of(ticket: TicketView, metric: SlaMetric) -> Any:
    return next(one for one in relay.clocks_of([ticket.id])[ticket.id] if one.metric is metric)


def now_is(ticket: TicketView) -> TicketView:
    return facade.views([ticket.id])[0]


def test_a_ticket_out_of_a_conversation_takes_person_and_context_along(time: ManualClock) -> None:
    talk = conversation()

    ticket = opened(
        agent(), conversation=talk.id, person=None, order_no="JL20260301-7", description="左侧第二块"
    )

    assert (ticket.person, ticket.matter.parent, ticket.stage) == (talk.person, talk.id, Stage.NEW)
    [first] = relay.handovers(SYSTEM, ticket.id)
    assert first.baton.summary.startswith(BATON.summary)
    assert "左侧第二块" in first.baton.summary
    assert first.baton.open_questions == BATON.open_questions
    links = facade.get(SYSTEM, ticket.id).links
    assert {(link.kind, link.ref) for link in links} == {
        (LinkKind.CONVERSATION, str(talk.id)),
        (LinkKind.ORDER, "JL20260301-7"),
    }
    assert facade.linked_to(LinkKind.ORDER, "JL20260301-7") == [ticket]


def test_numbers_run_through_the_business_day(time: ManualClock) -> None:
    assert [opened().number for _ in range(2)] == ["T20260302-0001", "T20260302-0002"]
    time.shift(timedelta(hours=14, minutes=30))  # 00:30 in Shanghai, still Monday in UTC
    assert opened().number == "T20260303-0001"


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_and_without_gaps_by_threads_that_race() -> None:
    made: list[str] = []

    def open_some() -> None:
        made.extend(opened().number for _ in range(4))
        connection.close()

    threads = [Thread(target=open_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number.split("-")[1]) for number in made) == list(range(1, 17))


@pytest.mark.parametrize(
    ("severity", "respond", "solve"),
    [  # from Monday, 10:00; an office day is 09:00 to 12:00 and 13:00 to 18:00
        (1, timedelta(hours=1), timedelta(hours=4)),
        (2, timedelta(hours=4), timedelta(hours=24)),
        (3, timedelta(days=1), timedelta(days=3)),
        (4, timedelta(days=1), timedelta(days=7)),
    ],
)
def test_severity_sets_the_times(
    time: ManualClock, severity: int, respond: timedelta, solve: timedelta
) -> None:
    ticket = opened(severity=severity)
    assert clock_of(ticket, SlaMetric.RESPOND).due_at == clock.now() + respond == ticket.matter.due_at
    assert clock_of(ticket, SlaMetric.SOLVE).due_at == clock.now() + solve
    assert ticket.matter.line == ("green_channel" if severity == 1 else "ticket")


def test_taking_a_ticket_is_the_response_and_gives_the_time_to_solve(time: ManualClock) -> None:
    me, ticket = agent(), opened(severity=2)
    time.shift(timedelta(hours=1))

    taken = facade.change_stage(me, ticket=ticket.id, stage=Stage.WORKING)

    assert (taken.stage, taken.matter.holder, taken.matter.next_step) == (Stage.WORKING, held_by(me), "solve")
    assert taken.matter.due_at == ticket.created_at + timedelta(hours=24)
    assert clock_of(ticket, SlaMetric.RESPOND).state is SlaState.MET


def test_the_clock_stands_while_the_customer_has_the_baton(time: ManualClock) -> None:
    me, ticket = agent(), opened(severity=2)
    facade.change_stage(me, ticket=ticket.id, stage=Stage.WORKING)
    time.shift(timedelta(hours=2))
    waiting = facade.change_stage(me, ticket=ticket.id, stage=Stage.WAITING_CUSTOMER)
    assert waiting.matter.holder == Holder(HolderKind.CUSTOMER, str(ticket.person))
    assert clock_of(ticket, SlaMetric.SOLVE).state is SlaState.PAUSED
    time.shift(timedelta(hours=40))

    back = facade.answer(customer(ticket), ticket=ticket.id, text="左侧第二块，门板编号 B2")

    assert (back.stage, back.matter.holder, back.matter.next_step) == (
        Stage.WORKING,
        held_by(me),
        "read_reply",
    )
    assert clock_of(ticket, SlaMetric.SOLVE).due_at == ticket.created_at + timedelta(hours=24 + 40)
    assert back.matter.due_at == ticket.created_at + timedelta(hours=24 + 40)


def test_waiting_for_a_partner_does_not_stop_the_clock(time: ManualClock) -> None:
    ticket = opened(severity=2)
    waiting = facade.change_stage(
        agent(), ticket=ticket.id, stage=Stage.WAITING_PARTNER, partner="panel-works"
    )
    assert (waiting.stage, waiting.matter.holder) == (Stage.WAITING_PARTNER, SUPPLIER)
    assert clock_of(ticket, SlaMetric.SOLVE).state is SlaState.RUNNING


def test_the_stage_follows_a_baton_that_others_moved(time: ManualClock) -> None:
    me, ticket = agent(), opened()
    relay.change(SYSTEM, Change(matter=ticket.id, holder=SUPPLIER, next_step="deliver"))
    assert now_is(ticket).stage is Stage.WAITING_PARTNER
    relay.change(SYSTEM, Change(matter=ticket.id, holder=held_by(me), next_step="solve"))
    assert now_is(ticket).stage is Stage.WORKING
    relay.close(SYSTEM, ticket.id, "duplicate")
    assert now_is(ticket).stage is Stage.CLOSED
    history = facade.get(SYSTEM, ticket.id).history
    assert [step.after for step in history if step.what == "stage"] == [
        "waiting_partner",
        "working",
        "closed",
    ]


def test_an_offered_ticket_stays_new_until_somebody_says_yes(time: ManualClock) -> None:
    chosen, ticket = agent(), opened()
    assigned = facade.assign(agent(), ticket=ticket.id, to=held_by(chosen), why="家具组", accept_within_s=600)
    assert (assigned.stage, assigned.matter.accepted_at) == (Stage.NEW, None)

    relay.accept(SYSTEM, matter=ticket.id)

    assert now_is(ticket).stage is Stage.WORKING


def test_silence_after_a_solution_closes_it(time: ManualClock) -> None:
    ticket = opened(severity=1)
    solved = facade.solve(agent(), ticket=ticket.id, resolution="已补寄门板，明天 18:00 前送达")
    assert (solved.stage, solved.resolution, solved.solved_at) == (
        Stage.SOLVED,
        "已补寄门板，明天 18:00 前送达",
        clock.now(),
    )
    assert clock_of(ticket, SlaMetric.SOLVE).state is SlaState.MET
    time.shift(timedelta(days=3))

    deadlines.sweep()

    assert (now_is(ticket).stage, now_is(ticket).matter.outcome) == (Stage.CLOSED, "solved")
    [why] = decisions.of(ticket.id, "tickets.overdue")
    assert why.outcome == "closed"


def test_silence_after_a_question_brings_it_back(time: ManualClock) -> None:
    me, ticket = agent(), opened()
    facade.change_stage(me, ticket=ticket.id, stage=Stage.WORKING)
    facade.change_stage(me, ticket=ticket.id, stage=Stage.WAITING_CUSTOMER)
    time.shift(timedelta(days=3))

    deadlines.sweep()

    back = now_is(ticket)
    assert (back.stage, back.matter.holder, back.matter.next_step) == (
        Stage.WORKING,
        held_by(me),
        "follow_up",
    )


def test_an_objection_reopens_and_lets_the_time_go_on(time: ManualClock) -> None:
    me, ticket = agent(), opened(severity=2)
    facade.change_stage(me, ticket=ticket.id, stage=Stage.WORKING)
    time.shift(timedelta(hours=10))
    facade.solve(me, ticket=ticket.id, resolution="已补寄")
    time.shift(timedelta(hours=20))

    back = facade.object_to(customer(ticket), ticket=ticket.id, why="寄错了颜色")

    assert (back.stage, back.reopened, back.solved_at, back.matter.holder) == (
        Stage.WORKING,
        1,
        None,
        held_by(me),
    )
    assert clock_of(ticket, SlaMetric.SOLVE).due_at == clock.now() + timedelta(hours=14)


def test_a_closed_ticket_is_reopened_by_staff_with_its_matter(time: ManualClock) -> None:
    ticket = opened()
    facade.close(agent(), ticket=ticket.id, outcome="withdrawn")
    back = facade.reopen(agent(), ticket=ticket.id, why="顾客又来电")
    assert (back.stage, back.matter.open, back.reopened) == (Stage.WORKING, True, 1)
    with pytest.raises(errors.ImpossibleStage):
        facade.reopen(agent(), ticket=ticket.id, why="again")


def test_a_confirmed_solution_closes_at_once(time: ManualClock) -> None:
    ticket = opened()
    with pytest.raises(errors.ImpossibleStage):
        facade.confirm(customer(ticket), ticket.id)
    facade.solve(agent(), ticket=ticket.id, resolution="已补寄")
    assert facade.confirm(customer(ticket), ticket.id).stage is Stage.CLOSED
    assert facade.confirm(customer(ticket), ticket.id).stage is Stage.CLOSED, "agreeing twice is no mistake"


def test_a_ticket_of_no_customer_waits_for_none(time: ManualClock) -> None:
    ticket = opened(person=None)
    with pytest.raises(errors.NoCustomerToWaitFor):
        facade.change_stage(agent(), ticket=ticket.id, stage=Stage.WAITING_CUSTOMER)
    assert facade.solve(agent(), ticket=ticket.id, resolution="done").stage is Stage.SOLVED
    time.shift(timedelta(days=3))
    deadlines.sweep()
    assert now_is(ticket).stage is Stage.CLOSED, "nobody objected, whoever kept it meanwhile"


def test_a_solved_ticket_does_not_go_to_a_partner_behind_its_back(time: ManualClock) -> None:
    ticket = opened()
    solved = facade.solve(agent(), ticket=ticket.id, resolution="已补寄")
    with pytest.raises(errors.ImpossibleStage):
        relay.change(SYSTEM, Change(matter=ticket.id, holder=SUPPLIER, next_step="deliver"))
    assert now_is(ticket) == solved


def test_open_items_hold_back_a_solution(time: ManualClock) -> None:
    me = agent()
    ticket = opened(checklist=["核对门板编号", "确认地址"])
    facade.check(me, ticket=ticket.id, item=0)
    with pytest.raises(errors.ItemsStillOpen):
        facade.solve(me, ticket=ticket.id, resolution="已补寄")
    with pytest.raises(errors.NoSuchItem):
        facade.check(me, ticket=ticket.id, item=2)
    checked = facade.check(me, ticket=ticket.id, item=1)
    assert [(item.done, item.by) for item in checked.checklist] == [(True, me.id)] * 2
    assert facade.solve(me, ticket=ticket.id, resolution="已补寄").stage is Stage.SOLVED


def test_another_severity_keeps_the_time_used_and_sets_new_targets(time: ManualClock) -> None:
    ticket = opened(severity=2)
    time.shift(timedelta(hours=3))
    changed = facade.change(agent(), ticket=ticket.id, severity=1, title="衣柜倒塌")
    assert (changed.severity, changed.matter.severity, changed.title) == (1, 1, "衣柜倒塌")
    assert clock_of(ticket, SlaMetric.SOLVE).due_at == ticket.created_at + timedelta(hours=4)
    deadlines.sweep()
    assert clock_of(ticket, SlaMetric.RESPOND).breached_at == ticket.created_at + timedelta(hours=1)


def test_linking_twice_is_no_mistake_and_unlinking_takes_it_away(time: ManualClock) -> None:
    ticket, to = opened(), Link(kind=LinkKind.DEVICE, ref="SN-1")
    facade.link(agent(), ticket=ticket.id, to=to)
    facade.link(agent(), ticket=ticket.id, to=to)
    assert [link.ref for link in facade.get(SYSTEM, ticket.id).links] == ["SN-1"]
    facade.unlink(agent(), ticket=ticket.id, to=to)
    assert facade.get(SYSTEM, ticket.id).links == ()


def test_the_first_words_to_the_customer_are_the_response_but_a_note_is_not(time: ManualClock) -> None:
    ticket = opened()
    facade.comment(agent(), ticket=ticket.id, text="仓库说明天发", internal=True)
    assert clock_of(ticket, SlaMetric.RESPOND).state is SlaState.RUNNING
    facade.comment(agent(), ticket=ticket.id, text="明天 18:00 前送达", internal=False)
    assert clock_of(ticket, SlaMetric.RESPOND).state is SlaState.MET


def test_customers_do_nothing_for_others_and_staff_nothing_as_customers(time: ManualClock) -> None:
    ticket, other = opened(), customer(opened())
    with pytest.raises(errors.TicketNotFound):
        facade.answer(other, ticket=ticket.id, text="?")
    with pytest.raises(Forbidden):
        facade.answer(agent(), ticket=ticket.id, text="?")
    with pytest.raises(Forbidden):
        facade.solve(customer(ticket), ticket=ticket.id, resolution="?")
    with pytest.raises(Invalid):
        facade.assign(
            agent(), ticket=ticket.id, to=SUPPLIER, why="", due_at=clock.now() + timedelta(days=999)
        )


def test_a_ticket_nobody_may_see_is_not_there(time: ManualClock) -> None:
    with pytest.raises(errors.TicketNotFound):
        facade.get(agent("conversation.read"), opened().id)
    with pytest.raises(errors.TicketNotFound):
        facade.get(SYSTEM, new_id())

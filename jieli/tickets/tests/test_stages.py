"""The stage machine: its table, and whether anything that can be done to a ticket leads outside of it.

Whatever is refused must leave everything as it was: the invariants look at what it left.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from jieli.kernel import clock, deadlines, laws
from jieli.kernel.actor import SYSTEM
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import JieliError
from jieli.kernel.ids import new_id
from jieli.relay import facade as relay
from jieli.relay.contracts import GENERAL, Change, Holder, HolderKind, SlaMetric, SlaState
from jieli.tickets import facade, policy
from jieli.tickets import laws as audits
from jieli.tickets.contracts import Stage, TicketView
from jieli.tickets.errors import ImpossibleStage
from jieli.tickets.models import Ticket
from jieli.tickets.tests.conftest import MONDAY, agent, customer, held_by, opened

N, W, C, P, S, X = Stage
WORKER = agent()
HOLDERS = [
    GENERAL,
    held_by(WORKER),
    Holder(HolderKind.SUPPLIER, "panel-works"),
    Holder(HolderKind.EXPERT, "e-1"),
]


@pytest.mark.parametrize(
    ("before", "possible"),
    [
        (N, {W, C, P, S, X}),
        (W, {C, P, S, X}),
        (C, {W, P, S, X}),
        (P, {W, C, S, X}),
        (S, {W, X}),
        (X, {W}),
    ],
)
def test_the_table_of_moves(before: Stage, possible: set[Stage]) -> None:
    for after in Stage:
        if after in possible or after is before:
            policy.require_move(before, after)
        else:
            with pytest.raises(ImpossibleStage):
                policy.require_move(before, after)


class Tickets(RuleBasedStateMachine):
    tickets: Bundle[UUID] = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.time = ManualClock(MONDAY)
        self.using = clock.using(self.time)
        self.using.__enter__()

    def teardown(self) -> None:
        self.using.__exit__(None, None, None)
        Ticket.objects.all().delete()

    @rule(target=tickets, severity=st.integers(1, 4), known=st.booleans())
    def open_one(self, severity: int, known: bool) -> UUID:
        person = new_id() if known else None
        return opened(severity=severity, checklist=["核对地址"], person=person).id

    @rule(ticket=tickets, stage=st.sampled_from(Stage))
    def change_stage(self, ticket: UUID, stage: Stage) -> None:
        with suppress(JieliError):
            facade.change_stage(WORKER, ticket=ticket, stage=stage, partner="panel-works")

    @rule(ticket=tickets, to=st.sampled_from(HOLDERS), accept=st.none() | st.integers(1, 600))
    def assign(self, ticket: UUID, to: Holder, accept: int | None) -> None:
        with suppress(JieliError):
            facade.assign(WORKER, ticket=ticket, to=to, why="x", accept_within_s=accept)

    @rule(ticket=tickets, force=st.booleans())
    def solve(self, ticket: UUID, force: bool) -> None:
        with suppress(JieliError):
            facade.solve(WORKER, ticket=ticket, resolution="done", force=force)

    @rule(ticket=tickets)
    def close(self, ticket: UUID) -> None:
        facade.close(WORKER, ticket=ticket, outcome="withdrawn")

    @rule(ticket=tickets)
    def reopen(self, ticket: UUID) -> None:
        with suppress(JieliError):
            facade.reopen(WORKER, ticket=ticket, why="again")

    @rule(ticket=tickets, what=st.sampled_from(["answer", "confirm", "object"]))
    def customer_acts(self, ticket: UUID, what: str) -> None:
        shown = facade.views([ticket])[0]
        with suppress(JieliError):
            if what == "answer":
                facade.answer(customer(shown), ticket=ticket, text="x")
            elif what == "confirm":
                facade.confirm(customer(shown), ticket)
            else:
                facade.object_to(customer(shown), ticket=ticket, why="x")

    @rule(ticket=tickets, severity=st.integers(1, 4))
    def change_severity(self, ticket: UUID, severity: int) -> None:
        with suppress(JieliError):
            facade.change(WORKER, ticket=ticket, severity=severity)

    @rule(ticket=tickets, to=st.sampled_from(HOLDERS))
    def moved_behind_its_back(self, ticket: UUID, to: Holder) -> None:
        with suppress(JieliError):
            relay.change(SYSTEM, Change(matter=ticket, holder=to, next_step="solve"))

    @rule(ticket=tickets)
    def accepted(self, ticket: UUID) -> None:
        with suppress(JieliError):
            relay.accept(SYSTEM, matter=ticket)

    @rule(hours=st.integers(-2, 100))
    def time_passes(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))
        deadlines.sweep()
        assert not Ticket.objects.filter(stage=S, solved_at=None).exists()

    @invariant()
    def laws_hold(self) -> None:
        found = [*audits.out_of_step(), *audits.without_clock(), *audits.strange_moves()]
        assert not found
        for view in facade.views(Ticket.objects.values_list("id", flat=True)):
            self.clocks_fit(view)

    @staticmethod
    def clocks_fit(view: TicketView) -> None:
        """The clock to solve stands exactly while the customer has the baton, and has ended with the ticket."""
        [solve] = [found for found in view.clocks if found.metric is SlaMetric.SOLVE]
        if view.stage in (S, X):
            assert solve.stopped_at
        else:
            assert (solve.paused_at is not None) == (view.stage is C)
        if view.stage is not N:
            [respond] = [found for found in view.clocks if found.metric is SlaMetric.RESPOND]
            assert respond.state in (SlaState.MET, SlaState.BREACHED)
            assert respond.stopped_at


@pytest.mark.django_db
def test_nothing_leads_out_of_the_table() -> None:
    run_state_machine_as_test(
        Tickets,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


@pytest.mark.django_db
def test_the_audits_find_tickets_that_are_out_of_step(time: ManualClock) -> None:
    nowhere = new_id()
    fine, staged, stopped = opened(), opened(), opened()
    Ticket.objects.filter(id=staged.id).update(stage=C)
    relay.stop_clocks([stopped.id])
    Ticket.objects.create(
        id=nowhere, number="T0", title="x", severity=1, worker_kind="queue", created_at=clock.now()
    )

    found = {(b.law, b.subject) for b in laws.breaches() if b.audit.startswith("tickets:")}

    assert found == {(1, str(staged.id)), (1, str(stopped.id)), (1, str(nowhere))}
    assert str(fine.id) not in {subject for _, subject in found}

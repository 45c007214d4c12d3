"""What may happen to a ticket. The baton moves through the relay; the stage follows it (`following`)."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jieli.kernel import clock
from jieli.kernel.actor import Actor, ActorKind
from jieli.relay import facade as relay
from jieli.relay.contracts import Change, Holder, HolderKind
from jieli.tickets import policy, selectors
from jieli.tickets.contracts import Stage, TicketView
from jieli.tickets.errors import ImpossibleStage, NoCustomerToWaitFor
from jieli.tickets.following import due_of, shown, worker_of
from jieli.tickets.models import Ticket


def _mine(actor: Actor, row: Ticket) -> Holder:
    if actor.kind is ActorKind.HUMAN and actor.id is not None:
        return Holder(HolderKind.AGENT, str(actor.id))
    return worker_of(row)


@transaction.atomic
def change_stage(
    actor: Actor,
    ticket: UUID,
    stage: Stage,
    *,
    partner: str = "",
    due_at: datetime | None = None,
    why: str = "",
) -> TicketView:
    """Begin to work, or wait for the customer or for a partner; solving, closing and reopening have their own doors."""
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    policy.require_move(Stage(row.stage), stage)
    now = clock.now()
    if stage is Stage.WORKING:
        holder, step, due = _mine(actor, row), policy.SOLVE, due_of(row)
    elif stage is Stage.WAITING_CUSTOMER:
        if row.person is None:
            raise NoCustomerToWaitFor
        holder, step = Holder(HolderKind.CUSTOMER, str(row.person)), policy.REPLY
        due = now + policy.WAIT_FOR_CUSTOMER
    elif stage is Stage.WAITING_PARTNER:
        holder, step = Holder(HolderKind.SUPPLIER, partner), policy.DELIVER
        due = now + policy.WAIT_FOR_PARTNER
    else:
        raise ImpossibleStage(f"Use the door of its own to make a ticket {stage}.")
    relay.change(
        actor, Change(matter=row.id, holder=holder, next_step=step, due_at=due_at or due, why=why or stage)
    )
    return shown(row)


@transaction.atomic
def assign(
    actor: Actor,
    ticket: UUID,
    to: Holder,
    *,
    why: str,
    summary: str = "",
    due_at: datetime | None = None,
    accept_within_s: int | None = None,
) -> TicketView:
    """Hand a ticket to somebody else; without a `summary` of its own the context it has goes on with it."""
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    now = clock.now()
    last = relay.handovers_of([row.id])[row.id][-1].baton
    relay.change(
        actor,
        Change(
            matter=row.id,
            holder=to,
            next_step=policy.SOLVE if to.kind is not HolderKind.QUEUE else policy.ASSIGN,
            due_at=due_at or due_of(row),
            why=why,
            baton=replace(last, summary=summary, told=()) if summary else last,
            accept_by=now + timedelta(seconds=accept_within_s) if accept_within_s else None,
        ),
    )
    return shown(row)


@transaction.atomic
def accept(actor: Actor, ticket: UUID) -> TicketView:
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    relay.accept_offer(actor, row.id)
    return shown(row)


@transaction.atomic
def solve(actor: Actor, ticket: UUID, *, resolution: str, force: bool = False) -> TicketView:
    """Say how it was solved. The customer may object; their silence closes it. Open checklist items need `force`."""
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    policy.require_move(Stage(row.stage), Stage.SOLVED)
    policy.require_everything_checked(selectors.read_checklist(row), force=force)
    holder = Holder(HolderKind.CUSTOMER, str(row.person)) if row.person else worker_of(row)
    relay.change(
        actor,
        Change(
            matter=row.id,
            holder=holder,
            next_step=policy.CONFIRM,
            due_at=clock.now() + policy.WAIT_FOR_CONFIRMATION,
            why="solved",
        ),
    )
    Ticket.objects.filter(id=row.id).update(resolution=resolution)
    return shown(row)


@transaction.atomic
def close(actor: Actor, ticket: UUID, *, outcome: str) -> TicketView:
    """Close a ticket for good, solved or not (duplicate, withdrawn …); tickets below it go on by themselves."""
    actor.require(policy.WRITE)
    row = selectors.row_for(actor, ticket)
    relay.close(actor, row.id, outcome, leaving_children=True)
    return shown(row)


@transaction.atomic
def reopen(actor: Actor, ticket: UUID, *, why: str) -> TicketView:
    """Work on a solved or closed ticket again: it goes back to whoever worked on it last."""
    row = selectors.row_for(actor, ticket)
    if actor.kind is not ActorKind.CUSTOMER:
        actor.require(policy.WRITE)
    stage = Stage(row.stage)
    if stage not in (Stage.SOLVED, Stage.CLOSED):
        raise ImpossibleStage("Only a solved or closed ticket can be reopened.")
    back = Change(
        matter=row.id,
        holder=worker_of(row),
        next_step=policy.FOLLOW_UP,
        due_at=clock.now() + policy.NEXT_STEP_WITHIN[row.severity],
        why=why,
    )
    (relay.reopen if stage is Stage.CLOSED else relay.change)(actor, back)
    return shown(row)


@transaction.atomic
def confirm(actor: Actor, ticket: UUID) -> TicketView:
    """The customer agrees that it is solved."""
    policy.require_customer(actor)
    row = selectors.row_for(actor, ticket)
    if row.stage == Stage.CLOSED:
        return shown(row)
    if row.stage != Stage.SOLVED:
        raise ImpossibleStage("There is no solution yet to agree to.")
    relay.close(actor, row.id, "solved", leaving_children=True)
    return shown(row)

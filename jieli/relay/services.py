"""What may happen to a matter. Each function is one transaction and a fixed number of queries for any batch."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jieli.kernel import bulk, clock
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid
from jieli.kernel.ids import new_id
from jieli.relay import clocks, ledger, policy, selectors
from jieli.relay.contracts import Baton, Change, HandoverState, MatterState, NewMatter
from jieli.relay.errors import ChildrenStillOpen, MatterIsClosed, MatterIsOpen, NothingToAccept
from jieli.relay.ledger import Passing
from jieli.relay.models import Handover, Matter


@transaction.atomic
def open_many(actor: Actor, new: Sequence[NewMatter]) -> list[MatterState]:
    """Open matters, each with its first holder; the states come back in the order given."""
    policy.require_may_work(actor, new, selectors.own_ids(actor))
    now = clock.now()
    opened = [_opened(one, now) for one in new]
    rows = [ledger.as_row(state) for state in opened]
    bulk.insert(rows)
    ledger.follow(rows)
    passings = [Passing(s, None, n.why, n.baton, now) for s, n in zip(opened, new, strict=True)]
    ledger.begin_holdings(actor, passings, {})
    ledger.tell(actor, [(state, "opened") for state in opened])
    return opened


def _opened(new: NewMatter, now: datetime) -> MatterState:
    policy.require_complete(new.holder, new.next_step, new.due_at)
    return MatterState(
        id=new.id or new_id(),
        kind=new.kind,
        person=new.person,
        parent=new.parent,
        title=new.title[:200],
        open=True,
        severity=new.severity,
        holder=new.holder,
        next_step=new.next_step,
        next_note=new.next_note,
        due_at=new.due_at,
        accept_by=new.accept_by,
        accepted_at=None if new.accept_by else now,
        line=new.line,
        line_step=0,
        version=1,
        opened_at=now,
        closed_at=None,
        outcome="",
    )


@transaction.atomic
def change_many(actor: Actor, changes: Sequence[Change]) -> list[MatterState]:
    """Carry out the changes in the order given; returns each one's matter as it is after all of them.

    All or nothing. Raises `MatterNotFound`, `MatterIsClosed`, `StaleMatter`, `IncompleteMatter` or `Forbidden`.
    """
    rows = selectors.locked(change.matter for change in changes)
    before = {id_: selectors.as_state(row) for id_, row in rows.items()}
    policy.require_may_work(actor, before.values(), selectors.own_ids(actor))
    now = clock.now()
    after, passings = dict(before), list[Passing]()
    for change in changes:
        was = after[change.matter]
        now_is = after[change.matter] = policy.apply(was, change, now)
        if now_is.holder != was.holder:
            passings.append(Passing(now_is, was.holder, change.why, change.baton, now))
    store(actor, before, after, passings, now=now)
    return [after[change.matter] for change in changes]


def store(
    actor: Actor,
    before: dict[UUID, MatterState],
    after: dict[UUID, MatterState],
    passings: Sequence[Passing],
    *,
    now: datetime,
    unaccepted: HandoverState = HandoverState.SUPERSEDED,
) -> None:
    """Write what differs between the two, with handovers, deadlines, SLA clocks and events."""
    changed = [state for id_, state in after.items() if state != before[id_]]
    ledger.write(changed)
    made: list[Handover] = []
    if passings:
        passed = {passing.after.id for passing in passings}
        kept = _batons(passed)
        ledger.end_holdings(passed, now, unaccepted=unaccepted)
        made = ledger.begin_holdings(actor, passings, kept)
        clocks.follow_holders(
            stopped={i for i in passed if _began_to_wait(before[i], after[i])},
            going_on={i for i in passed if _began_to_wait(after[i], before[i])},
            now=now,
        )
    ledger.tell(actor, ((state, "changed") for state in changed), made)


def _began_to_wait(before: MatterState, after: MatterState) -> bool:
    return policy.waits_for_customer(after) and not policy.waits_for_customer(before)


def _batons(matters: Iterable[UUID]) -> dict[UUID, Baton]:
    rows = Handover.objects.filter(matter_id__in=list(matters), ended_at=None)
    return {row.matter_id: selectors.as_baton(row.baton) for row in rows}


@transaction.atomic
def close_many(
    actor: Actor, endings: Sequence[tuple[UUID, str]], *, leaving_children: bool = False
) -> list[MatterState]:
    """Close matters, each with its outcome (a code). Closing a closed one again changes nothing.

    Raises `ChildrenStillOpen` unless the children are closed by the same call or `leaving_children` says that they
    go on by themselves.
    """
    outcomes = dict(endings)
    if not all(outcomes.values()):
        raise Invalid("Closing a matter needs its outcome.")
    rows = selectors.locked(outcomes)
    before = {id_: selectors.as_state(row) for id_, row in rows.items()}
    policy.require_may_work(actor, before.values(), selectors.own_ids(actor))
    if not leaving_children:
        _require_no_open_children(id_ for id_, state in before.items() if state.open)
    now = clock.now()
    after = {
        id_: replace(state, open=False, closed_at=now, outcome=outcomes[id_], version=state.version + 1)
        for id_, state in before.items()
        if state.open
    }
    ledger.write(after.values())
    ledger.end_holdings(after, now, unaccepted=HandoverState.SUPERSEDED)
    clocks.stop_many(after, now=now)
    ledger.tell(actor, [(state, "closed") for state in after.values()])
    return [after.get(id_, before[id_]) for id_, _ in endings]


def _require_no_open_children(closing: Iterable[UUID]) -> None:
    ids = list(closing)
    if Matter.objects.filter(parent_id__in=ids, state="open").exclude(id__in=ids).exists():
        raise ChildrenStillOpen


@transaction.atomic
def reopen_many(actor: Actor, changes: Sequence[Change]) -> list[MatterState]:
    """Open closed matters again; each change must bring a holder, a next step and a due time."""
    rows = selectors.locked(change.matter for change in changes)
    before = {id_: selectors.as_state(row) for id_, row in rows.items()}
    policy.require_may_work(actor, before.values(), selectors.own_ids(actor))
    now = clock.now()
    reopened, passings = list[MatterState](), list[Passing]()
    for change in changes:
        was = before[change.matter]
        if was.open:
            raise MatterIsOpen
        policy.require_complete(change.holder, change.next_step or "", change.due_at)
        state = policy.apply(replace(was, open=True, closed_at=None, outcome=""), change, now)
        state = replace(state, accept_by=change.accept_by, accepted_at=None if change.accept_by else now)
        reopened.append(state)
        passings.append(Passing(state, was.holder, change.why or "reopened", change.baton, now))
    last = {id_: made[-1].baton for id_, made in selectors.handovers(before).items() if made}
    ledger.write(reopened)
    made = ledger.begin_holdings(actor, passings, last)
    ledger.tell(actor, ((state, "reopened") for state in reopened), made)
    return reopened


@transaction.atomic
def accept(actor: Actor, matter: UUID) -> MatterState:
    """Say yes to an offered baton; saying it twice is no mistake. Raises `NothingToAccept` if none was offered."""
    was = selectors.as_state(selectors.locked([matter])[matter])
    policy.require_may_work(actor, [was], selectors.own_ids(actor))
    if not was.open:
        raise MatterIsClosed
    policy.require_may_accept(actor, was)
    if was.accepted_at is not None:
        return was
    if was.accept_by is None:
        raise NothingToAccept
    now = clock.now()
    state = replace(was, accepted_at=now, version=was.version + 1)
    ledger.write([state])
    Handover.objects.filter(matter_id=matter, ended_at=None).update(
        state=HandoverState.ACCEPTED, accepted_at=now
    )
    ledger.tell(actor, [(state, "accepted")])
    return state

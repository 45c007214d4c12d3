"""How the relay writes: matter rows, their handovers, their deadlines and their events, each in one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

from jieli.governance import facade as governance
from jieli.kernel import bulk, deadlines, outbox
from jieli.kernel.actor import Actor
from jieli.relay import events, selectors
from jieli.relay.contracts import Baton, HandoverState, Holder, MatterKind, MatterState
from jieli.relay.models import Handover, Matter

Follower = Callable[[Actor, Sequence[tuple[MatterState, str]]], None]
_followers: dict[MatterKind, Follower] = {}

DUE, ACCEPT = "relay.due", "relay.accept"
_FIELDS = [
    "title", "state", "severity", "holder_kind", "holder_id", "next_step", "next_note", "due_at", "accept_by",
    "accepted_at", "line", "line_step", "version", "closed_at", "outcome",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passing:
    """The baton goes to `after.holder`; `from_holder` is None for a matter's first holder."""

    after: MatterState
    from_holder: Holder | None
    why: str
    baton: Baton | None
    at: datetime


def as_row(state: MatterState) -> Matter:
    return bulk.row(
        Matter,
        id=state.id,
        kind=state.kind,
        person=state.person,
        parent_id=state.parent,
        title=governance.mask_text(state.title),
        state="open" if state.open else "closed",
        severity=state.severity,
        holder_kind=state.holder.kind,
        holder_id=state.holder.id,
        next_step=state.next_step,
        next_note=state.next_note,
        due_at=state.due_at,
        accept_by=state.accept_by,
        accepted_at=state.accepted_at,
        line=state.line,
        line_step=state.line_step,
        version=state.version,
        opened_at=state.opened_at,
        closed_at=state.closed_at,
        outcome=state.outcome,
    )


def write(states: Iterable[MatterState]) -> None:
    """Store the states of locked matters, and let their deadlines follow them."""
    rows = [as_row(state) for state in states]
    if rows:
        bulk.upsert(rows, unique=["id"], update=_FIELDS)
        follow(rows)


def follow(rows: Sequence[Matter]) -> None:
    """One “relay.due” per open matter, one “relay.accept” per offered baton, and none besides."""
    deadlines.set_many(DUE, {row.id: row.due_at for row in rows if row.state == "open" and row.due_at})
    offered = {
        row.id: row.accept_by
        for row in rows
        if row.state == "open" and row.accept_by and row.accepted_at is None
    }
    deadlines.set_many(ACCEPT, offered)
    if closed := [row.id for row in rows if row.state != "open"]:
        deadlines.clear(DUE, closed)
    if settled := [row.id for row in rows if row.id not in offered and row.version > 1]:
        deadlines.clear(ACCEPT, settled)


def end_holdings(matters: Iterable[UUID], now: datetime, *, unaccepted: HandoverState) -> None:
    """End the present holding of each matter; one that was never accepted becomes `unaccepted`.

    A clock that went backwards must not make a holding end before it began.
    """
    Handover.objects.filter(matter_id__in=list(matters), ended_at=None).update(
        ended_at=Greatest(Value(now), F("at")),
        state=Case(When(state=HandoverState.OFFERED, then=Value(unaccepted)), default=F("state")),
    )


def begin_holdings(actor: Actor, passings: Sequence[Passing], kept: Mapping[UUID, Baton]) -> list[Handover]:
    """Write one handover per passing; of several for one matter only the last is still running.

    A passing without a baton of its own takes over the one the matter had (`kept`): nothing is asked twice.
    """
    rows: list[Handover] = []
    latest: dict[UUID, Handover] = {}
    batons = dict(kept)
    for passing in passings:
        after = passing.after
        baton = batons[after.id] = passing.baton or batons.get(after.id) or Baton(summary=after.title)
        if earlier := latest.get(after.id):
            earlier.ended_at = max(passing.at, earlier.at)
            if earlier.state == HandoverState.OFFERED:
                earlier.state = HandoverState.SUPERSEDED
        latest[after.id] = _holding(actor, passing, baton)
        rows.append(latest[after.id])
    bulk.insert(rows)
    return rows


def _holding(actor: Actor, passing: Passing, baton: Baton) -> Handover:
    before, after = passing.from_holder, passing.after
    return bulk.row(
        Handover,
        matter_id=after.id,
        from_kind=before.kind if before else "",
        from_id=before.id if before else "",
        to_kind=after.holder.kind,
        to_id=after.holder.id,
        why=passing.why[:200],
        baton=msgspec.to_builtins(_without_personal_data(baton)),
        by_kind=actor.kind,
        by_id=actor.id,
        at=passing.at,
        accept_by=after.accept_by,
        accepted_at=after.accepted_at,
        state=HandoverState.ACCEPTED if after.accepted_at else HandoverState.OFFERED,
    )


def _without_personal_data(baton: Baton) -> Baton:
    """Whoever needs a number or an address reveals it at the person, with a reason."""
    return replace(
        baton,
        summary=governance.mask_text(baton.summary),
        open_questions=tuple(governance.mask_text(question) for question in baton.open_questions),
        told=tuple(replace(one, slots=_masked(one.slots)) for one in baton.told),
        questions=tuple(replace(one, slots=_masked(one.slots)) for one in baton.questions),
    )


_NO_TEXT = frozenset({"code", "at", "ago", "by"})


def _masked(slots: Any) -> Any:
    """Texts within what was told; codes and moments are nobody's data."""
    match slots:
        case str():
            return governance.mask_text(slots)
        case dict():
            return {name: one if name in _NO_TEXT else _masked(one) for name, one in slots.items()}
        case list():
            return [_masked(one) for one in slots]
        case _:
            return slots


def follows(kind: MatterKind) -> Callable[[Follower], Follower]:
    """Let the module that owns this kind keep its rows in step: it is called in the transaction of every change
    with the actor and (state, change) pairs, `change` as in `MatterChanged`; what it raises undoes the change."""

    def register(follower: Follower) -> Follower:
        _followers[kind] = follower
        return follower

    return register


def tell(
    actor: Actor, changes: Iterable[tuple[MatterState, str]], handovers: Sequence[Handover] = ()
) -> None:
    """Append the events of changed matters, and of batons that went from one holder to another; let owners follow."""
    changes = list(changes)
    known: dict[UUID, MatterState] = {}
    told: list[object] = []
    for state, change in changes:
        known[state.id] = state
        told.append(
            events.MatterChanged(
                matter=state.id, person=state.person, kind=state.kind, change=change, version=state.version
            )
        )
        if change == "closed":
            told.append(
                events.MatterClosed(
                    matter=state.id, person=state.person, kind=state.kind, outcome=state.outcome
                )
            )
    told += [_handed_over(row, known[row.matter_id]) for row in handovers if row.from_kind]
    if told:
        outbox.append(*told)
    for kind, follower in _followers.items():
        if theirs := [(state, change) for state, change in changes if state.kind is kind]:
            follower(actor, theirs)


def _handed_over(row: Handover, state: MatterState) -> events.MatterHandedOver:
    made = selectors.as_handover(row)
    return events.MatterHandedOver(
        matter=state.id,
        person=state.person,
        kind=state.kind,
        handover=made.id,
        from_holder=made.from_holder or made.to_holder,
        to_holder=made.to_holder,
        why=made.why,
    )

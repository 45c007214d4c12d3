"""Writes of the ledger: each is one transaction with its history row, its deadlines and its event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import NewJourneyEntry
from jieli.kernel import clock, deadlines, decisions, outbox
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.decisions import Decision
from jieli.promises import models, policy, selectors
from jieli.promises.contracts import NewPromise, Promise, PromiseState, Step
from jieli.promises.errors import PromiseSettled, PromiseUnknown, PromiseWrong
from jieli.promises.events import (
    PromiseBroken,
    PromiseCompensated,
    PromiseDueSoon,
    PromiseExtended,
    PromiseKept,
    PromiseMade,
    PromiseWithdrawn,
)

LONGEST_WHAT = 500  # the whole sentence belongs into the evidence
DUE = "promises.due"
WARN = "promises.warn"
DECIDER = "promises.deadline@1"
DEADLINE = Actor(kind=ActorKind.SYSTEM, name=DECIDER)


@transaction.atomic
def record_many(actor: Actor, new: Sequence[NewPromise]) -> list[Promise]:
    """Record promises, one result for each in order; a `once` known already gives the promise of the first time."""
    actor.require("promise.record")
    now = clock.now()
    known = _known({one.once for one in new if one.once})
    rows: list[models.Promise] = []
    results: list[models.Promise] = []
    for one in new:
        row = known.get(one.once) if one.once else None
        if row is None:
            row = _row(one, now)
            rows.append(row)
            if one.once:
                known[one.once] = row
        results.append(row)
    models.Promise.objects.bulk_create(rows)
    _begin(actor, rows, now)
    return [selectors.as_contract(row) for row in results]


def _known(onces: set[str]) -> dict[str, models.Promise]:
    if not onces:
        return {}
    return {row.once: row for row in models.Promise.objects.filter(once__in=onces) if row.once}


def _row(new: NewPromise, now: datetime) -> models.Promise:
    made_at = new.made_at or now
    _need(new.what, "Say what is promised.")
    if problem := policy.unstorable(new):
        raise PromiseWrong(problem)
    if not made_at < new.due_at <= made_at + policy.LONGEST:
        raise PromiseWrong("A promise falls due after it is made, and within ten years.")
    return models.Promise(
        person=new.person,
        what=governance.mask_text(new.what.strip())[:LONGEST_WHAT],
        told=msgspec.to_builtins(new.told),
        kind=new.kind,
        made_by=new.made_by,
        made_by_id=new.made_by_id,
        conversation=new.conversation,
        order=new.order,
        session=new.session,
        matter=new.matter,
        evidence=dict(new.evidence),
        made_at=made_at,
        due_at=new.due_at,
        compensation=new.compensation,
        once=new.once or None,
    )


def _begin(actor: Actor, rows: Sequence[models.Promise], now: datetime) -> None:
    if not rows:
        return
    models.PromiseStep.objects.bulk_create(
        [_step(row, Step.MADE, actor, now, evidence=row.evidence) for row in rows]
    )
    _set_deadlines(rows)
    _tell_journeys(rows, Step.MADE, now)
    outbox.append(*(PromiseMade(**_facts(row)) for row in rows))


def settle(actor: Actor, promise: UUID, evidence: Mapping[str, Any], note: str = "") -> Promise:
    """The promise was kept."""
    actor.require("promise.settle")
    _need_storable(evidence)
    return _take(actor, promise, Step.KEPT, note=note, evidence=evidence)


def break_(actor: Actor, promise: UUID, why: str) -> Promise:
    """It is known before its time that the promise cannot be kept."""
    actor.require("promise.settle")
    _need(why, "Say why it is broken.")
    return _take(actor, promise, Step.BROKEN, note=why)


def withdraw(actor: Actor, promise: UUID, why: str) -> Promise:
    """The promise no longer stands: recorded by mistake, or the customer let it go."""
    actor.require("promise.settle")
    _need(why, "Say why it is withdrawn.")
    return _take(actor, promise, Step.WITHDRAWN, note=why)


def compensate(actor: Actor, promise: UUID, compensation: str, evidence: Mapping[str, Any]) -> Promise:
    """What the customer got for a broken promise."""
    actor.require("promise.settle")
    _need(compensation, "Say what the customer gets.")
    _need_storable(evidence)
    return _take(actor, promise, Step.COMPENSATED, note=compensation, evidence=evidence)


@transaction.atomic
def extend(actor: Actor, promise: UUID, due_at: datetime, why: str, told: str) -> Promise:
    """Give an open promise more time. `told` says how the customer learnt of it: without that it is no extension."""
    actor.require("promise.settle")
    _need(why, "Say why it takes longer.")
    _need_aware(due_at)
    _need(told, "Tell the customer first, and say how (the message's id, or the words).")
    row = _locked(promise)
    _allow(row, Step.EXTENDED)
    was, now = row.due_at, clock.now()
    if not max(was, now) < due_at <= row.made_at + policy.LONGEST:
        raise PromiseWrong("The new time lies after the old one, after now, and within ten years.")
    row.due_at = due_at
    row.save(update_fields=["due_at"])
    _note(actor, row, Step.EXTENDED, now, note=why, evidence={"told": told, "was_due_at": was.isoformat()})
    _set_deadlines([row])
    _tell_journeys([row], Step.EXTENDED, now)
    outbox.append(PromiseExtended(**_facts(row), was_due_at=was))
    return selectors.as_contract(row)


@transaction.atomic
def _take(
    actor: Actor, promise: UUID, step: Step, *, note: str = "", evidence: Mapping[str, Any] | None = None
) -> Promise:
    row = _locked(promise)
    _allow(row, step)
    _apply(actor, row, step, note=note, evidence=evidence or {})
    return selectors.as_contract(row)


def _apply(
    actor: Actor,
    row: models.Promise,
    step: Step,
    *,
    note: str = "",
    evidence: Mapping[str, Any],
    by_deadline: bool = False,
) -> None:
    now = clock.now()
    state = policy.after(PromiseState(row.state), step) or PromiseState(row.state)
    if state is not PromiseState.OPEN and row.settled_at is None:
        row.settled_at = now
        deadlines.clear(DUE, [row.id])
        deadlines.clear(WARN, [row.id])
    row.state = state
    if step is Step.COMPENSATED:
        row.compensation = note[:500]
    row.save(update_fields=["state", "settled_at", "compensation"])
    _note(actor, row, step, now, note=note, evidence=evidence)
    if step is not Step.WARNED:
        _tell_journeys([row], step, now)
    outbox.append(_event(row, step, by_deadline=by_deadline))


def _event(row: models.Promise, step: Step, *, by_deadline: bool) -> object:
    facts = _facts(row)
    match step:
        case Step.KEPT:
            return PromiseKept(**facts)
        case Step.WITHDRAWN:
            return PromiseWithdrawn(**facts)
        case Step.COMPENSATED:
            return PromiseCompensated(**facts)
        case Step.WARNED:
            return PromiseDueSoon(**facts, severity_by=1)
        case _:
            return PromiseBroken(**facts, by_deadline=by_deadline, compensation=row.compensation)


@deadlines.on_due(WARN)
def warn(promise: UUID) -> None:
    """Before it is due, while something can still be done."""
    row = models.Promise.objects.select_for_update().filter(id=promise, state=PromiseState.OPEN).first()
    if row is not None:
        _apply(DEADLINE, row, Step.WARNED, evidence={})


@deadlines.on_due(DUE)
def run_out(promise: UUID) -> None:
    """Its time has come and nobody said that it was kept: it is broken."""
    row = models.Promise.objects.select_for_update().filter(id=promise, state=PromiseState.OPEN).first()
    if row is None:
        return
    now = clock.now()
    if now < row.due_at:
        deadlines.put(DUE, row.id, row.due_at)
        return
    decisions.record(_broken_by_deadline(row, now))
    _apply(DEADLINE, row, Step.BROKEN, note="not kept in time", evidence={}, by_deadline=True)


def _broken_by_deadline(row: models.Promise, now: datetime) -> Decision:
    return Decision(
        kind="promise.settle",
        subject=row.id,
        outcome=PromiseState.BROKEN,
        decider=DECIDER,
        inputs={"due_at": row.due_at.isoformat(), "now": now.isoformat(), "made_by": row.made_by},
        reasons=("due_and_not_settled",),
        at=now,
    )


def _locked(promise: UUID) -> models.Promise:
    row = models.Promise.objects.select_for_update().filter(id=promise).first()
    if row is None:
        raise PromiseUnknown
    return row


def _allow(row: models.Promise, step: Step) -> None:
    if policy.after(PromiseState(row.state), step) is None:
        raise PromiseSettled(f"This promise is {row.state}; it cannot be {step} any more.", state=row.state)


def _need(text: str, message: str) -> None:
    if not text.strip():
        raise PromiseWrong(message)
    if not policy.is_text(text):
        raise PromiseWrong("The text holds characters that are no text.")


def _need_storable(evidence: Mapping[str, Any]) -> None:
    if not policy.can_keep(evidence):
        raise PromiseWrong("“evidence” is too large, or holds characters that are no text.")


def _need_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise PromiseWrong("A time needs its offset, as in 2026-11-18T18:00:00+08:00.")


def _set_deadlines(rows: Sequence[models.Promise]) -> None:
    deadlines.set_many(DUE, {row.id: row.due_at for row in rows})
    deadlines.set_many(WARN, {row.id: policy.warn_at(row.made_at, row.due_at) for row in rows})


def _tell_journeys(rows: Sequence[models.Promise], step: Step, now: datetime) -> None:
    identity.append(
        [
            NewJourneyEntry(
                person=row.person,
                at=row.made_at if step is Step.MADE else now,
                kind="promise",
                code=f"promise_{step}",
                module="promises",
                params=_told(row) | {"due_at": row.due_at.isoformat(), "made_by": str(row.made_by)},
                ref=str(row.id),
                once=f"{step}:{row.id}:{row.due_at.isoformat()}",
            )
            for row in rows
        ]
    )


def _told(row: models.Promise) -> dict[str, Any]:
    """What was promised: in the words that were used, and as a code for readers of another language."""
    return {"what": row.what} | ({"told": row.told} if row.told else {})


def _note(
    actor: Actor, row: models.Promise, step: Step, now: datetime, *, note: str, evidence: Mapping[str, Any]
) -> None:
    _step(row, step, actor, now, note=note, evidence=evidence).save()


def _step(
    row: models.Promise,
    step: Step,
    actor: Actor,
    at: datetime,
    *,
    note: str = "",
    evidence: Mapping[str, Any],
) -> models.PromiseStep:
    by = f"{actor.kind}:{actor.id or actor.name}"[:120]
    return models.PromiseStep(
        promise=row, step=step, at=at, by=by, note=note[:1000], evidence=dict(evidence), due_at=row.due_at
    )


def _facts(row: models.Promise) -> dict[str, Any]:
    return {
        "promise": row.id,
        "person": row.person,
        "kind": str(row.kind),
        "due_at": row.due_at,
        "matter": row.matter,
        "conversation": row.conversation,
    }

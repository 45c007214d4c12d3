"""A promise near its time gets somebody who sees to it: its matter, or a task of its own that a queue holds."""

from datetime import timedelta
from uuid import UUID

from jieli.kernel import clock, outbox
from jieli.kernel.actor import SYSTEM
from jieli.promises import facade as promises
from jieli.promises.contracts import Promise
from jieli.promises.events import PromiseBroken, PromiseDueSoon, PromiseKept, PromiseWithdrawn
from jieli.relay import facade as relay
from jieli.relay.contracts import (
    GENERAL,
    SUPERVISORS,
    Baton,
    Change,
    MatterKind,
    MatterState,
    NewMatter,
    Told,
)

_MOST_SEVERE = 1
_AT_LEAST = timedelta(minutes=1)
_MAKE_GOOD_WITHIN = timedelta(minutes=30)


@outbox.on(PromiseDueSoon)
def see_to_it(event: PromiseDueSoon) -> None:
    """Raise the matter it belongs to, or open a task with the promise's own due time."""
    promise = promises.show(SYSTEM, event.promise)
    matter = _open_matter(event.matter, event.conversation)
    if matter is not None:
        severity = max(_MOST_SEVERE, (matter.severity or 3) - event.severity_by)
        relay.change_many(SYSTEM, [Change(matter=matter.id, severity=severity, why="promise_due_soon")])
        return
    if event.promise not in relay.states([event.promise]):
        relay.open_many(SYSTEM, [_task(promise)])


def _task(promise: Promise) -> NewMatter:
    """The task has the promise's id, so that telling twice opens it once."""
    return NewMatter(
        id=promise.id,
        kind=MatterKind.TASK,
        person=promise.person,
        title=promise.what[:200],
        holder=GENERAL,
        next_step="promise.keep",
        due_at=max(promise.due_at, clock.now() + _AT_LEAST),
        why="promise_due_soon",
        baton=Baton(
            summary=f"承诺：{promise.what}（{promise.made_by.value}），到期 {promise.due_at.isoformat()}",
            facts=({"kind": "promise", "ref": str(promise.id), "as_of": promise.made_at.isoformat()},),
            told=(_told(promise),),
        ),
    )


def _told(promise: Promise) -> Told:
    what = {"code": promise.told.code, "slots": promise.told.slots} if promise.told else promise.what
    due = {"at": promise.due_at.isoformat()}
    return Told("passed.promise", {"what": what, "maker": {"code": f"maker.{promise.made_by}"}, "due": due})


@outbox.on(PromiseBroken)
def answer_for_it(event: PromiseBroken) -> None:
    """Broken: supervisors hold the task, and the customer is owed an answer."""
    task = relay.states([event.promise]).get(event.promise)
    if task is not None and task.open:
        change = Change(
            matter=task.id,
            holder=SUPERVISORS,
            next_step="promise.make_good",
            due_at=clock.now() + _MAKE_GOOD_WITHIN,
            why="promise_broken",
            severity=1,
        )
        relay.change_many(SYSTEM, [change])


@outbox.on(PromiseKept)
def was_kept(event: PromiseKept) -> None:
    _close_task(event.promise, "kept")


@outbox.on(PromiseWithdrawn)
def was_withdrawn(event: PromiseWithdrawn) -> None:
    _close_task(event.promise, "withdrawn")


def _close_task(promise: UUID, outcome: str) -> None:
    task = relay.states([promise]).get(promise)
    if task is not None and task.open:
        relay.close_many(SYSTEM, [(task.id, outcome)])


def _open_matter(*candidates: UUID | None) -> MatterState | None:
    known = relay.states([one for one in candidates if one])
    return next((state for state in known.values() if state.open), None)

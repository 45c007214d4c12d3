"""The door of the promise ledger."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from jieli.kernel import clock
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.capabilities import capability
from jieli.kernel.errors import NotFound
from jieli.promises import detection, policy, selectors, services
from jieli.promises.contracts import (
    DetectedPromise,
    MadeBy,
    NewPromise,
    Promise,
    PromiseCounts,
    PromiseKind,
    PromiseToMe,
)
from jieli.promises.errors import PromiseUnknown

_MAKERS = {ActorKind.HUMAN: MadeBy.AGENT, ActorKind.BOT: MadeBy.BOT, ActorKind.SYSTEM: MadeBy.POLICY}


def record_many(actor: Actor, new: Sequence[NewPromise]) -> list[Promise]:
    """Record promises in bulk, one result for each, in the caller's transaction if there is one."""
    return services.record_many(actor, new)


@capability("promises.record", permission="promise.record", tool=True)
def record(
    actor: Actor,
    *,
    person: UUID,
    what: str,
    kind: PromiseKind,
    due_at: datetime,
    conversation: UUID | None = None,
    order: str = "",
    matter: UUID | None = None,
    compensation: str = "",
    evidence: dict[str, Any] | None = None,
) -> Promise:
    """Write down what was promised to a customer and by when; it is watched, and warned about before it breaks."""
    new = NewPromise(
        person=person,
        what=what,
        kind=kind,
        due_at=due_at,
        made_by=_MAKERS.get(actor.kind, MadeBy.POLICY),
        made_by_id=str(actor.id or actor.name),
        conversation=conversation,
        order=order,
        matter=matter,
        compensation=compensation,
        evidence=evidence or {},
    )
    return services.record_many(actor, [new])[0]


@capability("promises.settle", permission="promise.settle", rest="POST /promises/{promise}/settle")
def settle(actor: Actor, *, promise: UUID, evidence: dict[str, Any], note: str = "") -> Promise:
    """The promise was kept; `evidence` says by what (tracking number, refund number, visit report)."""
    return services.settle(actor, promise, evidence, note)


@capability("promises.break", permission="promise.settle", rest="POST /promises/{promise}/break")
def break_(actor: Actor, *, promise: UUID, why: str) -> Promise:
    """Say early that the promise cannot be kept."""
    return services.break_(actor, promise, why)


@capability("promises.withdraw", permission="promise.settle", rest="POST /promises/{promise}/withdraw")
def withdraw(actor: Actor, *, promise: UUID, why: str) -> Promise:
    """The promise no longer stands."""
    return services.withdraw(actor, promise, why)


@capability("promises.extend", permission="promise.settle", rest="POST /promises/{promise}/extend")
def extend(actor: Actor, *, promise: UUID, due_at: datetime, why: str, told: str) -> Promise:
    """Give the promise more time; `told` says how the customer learnt of it."""
    return services.extend(actor, promise, due_at, why, told)


@capability("promises.compensate", permission="promise.settle", rest="POST /promises/{promise}/compensate")
def compensate(
    actor: Actor, *, promise: UUID, compensation: str, evidence: dict[str, Any] | None = None
) -> Promise:
    """What the customer got for a broken promise."""
    return services.compensate(actor, promise, compensation, evidence or {})


def show(actor: Actor, promise: UUID) -> Promise:
    """One promise with its history. Raises `PromiseUnknown`."""
    actor.require("promise.read")
    found = selectors.with_steps(promise)
    if found is None:
        raise PromiseUnknown
    return found


def of_person(actor: Actor, person: UUID | Collection[UUID], *, only_open: bool = False) -> list[Promise]:
    """A person's promises (or those of ids merged into one): open ones first, the earliest due on top."""
    actor.require("promise.read")
    return selectors.of_persons(_all(person), only_open=only_open)


def to_customer(actor: Actor, person: UUID | Collection[UUID]) -> list[PromiseToMe]:
    """The same as the customer may see it; customers see only their own."""
    persons = _all(person)
    if actor.kind is ActorKind.CUSTOMER:
        if actor.id not in persons:
            raise NotFound
    else:
        actor.require("promise.read")
    return selectors.to_me(persons)


def open_of(persons: Collection[UUID]) -> dict[UUID, list[Promise]]:
    """Open promises per person, in one query; for reception and the bot."""
    found: dict[UUID, list[Promise]] = {person: [] for person in persons}
    for one in selectors.of_persons(persons, only_open=True, limit=10 * max(1, len(persons))):
        found[one.person].append(one)
    return found


def known(ids: Collection[UUID]) -> set[UUID]:
    """Which of these are promises of the ledger."""
    return set(selectors.by_ids(ids))


def due_soon(actor: Actor, within: timedelta = policy.SOON) -> list[Promise]:
    """Open promises that fall due within the span, the most urgent first."""
    actor.require("promise.read")
    return selectors.due_within(within)


def counts(actor: Actor) -> PromiseCounts:
    actor.require("promise.read")
    return selectors.counts()


def detect(text: str, at: datetime | None = None) -> DetectedPromise | None:
    """The commitment with a due time in an agent's sentence, if there is one; pure and fast."""
    return detection.detect(text, at or clock.now())


def _all(person: UUID | Collection[UUID]) -> Collection[UUID]:
    return {person} if isinstance(person, UUID) else person

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

import msgspec
from django.db.models import Count, Q

from jieli.kernel import clock
from jieli.promises import models, policy
from jieli.promises.contracts import (
    MadeBy,
    Promise,
    PromiseCounts,
    PromiseKind,
    PromiseState,
    PromiseStep,
    PromiseToMe,
    Step,
)
from jieli.relay.contracts import Told


def by_ids(ids: Collection[UUID]) -> dict[UUID, Promise]:
    return {row.id: as_contract(row) for row in models.Promise.objects.filter(id__in=ids)}


def with_steps(promise: UUID) -> Promise | None:
    row = models.Promise.objects.filter(id=promise).first()
    return as_contract(row, row.steps.order_by("id")) if row else None


def of_persons(persons: Collection[UUID], *, only_open: bool = False, limit: int = 200) -> list[Promise]:
    """Open ones first, the earliest due on top; then settled ones, newest first."""
    rows = models.Promise.objects.filter(person__in=persons)
    found = list(rows.filter(state=PromiseState.OPEN).order_by("due_at", "id")[:limit])
    if not only_open:
        found += rows.exclude(state=PromiseState.OPEN).order_by("-settled_at", "-id")[: limit - len(found)]
    return [as_contract(row) for row in found]


def to_me(persons: Collection[UUID], *, limit: int = 100) -> list[PromiseToMe]:
    found = of_persons(persons, limit=limit)
    extended = models.PromiseStep.objects.filter(promise__in=[one.id for one in found], step=Step.EXTENDED)
    counts = dict(extended.values_list("promise").annotate(n=Count("id")).order_by())
    return [as_customer_sees(one, counts.get(one.id, 0)) for one in found]


def due_within(span: timedelta, *, limit: int = 200) -> list[Promise]:
    rows = models.Promise.objects.filter(state=PromiseState.OPEN, due_at__lte=clock.now() + span)
    return [as_contract(row) for row in rows.order_by("due_at", "id")[:limit]]


def counts(persons: Collection[UUID] | None = None) -> PromiseCounts:
    rows = (
        models.Promise.objects.all() if persons is None else models.Promise.objects.filter(person__in=persons)
    )
    soon = Q(state=PromiseState.OPEN, due_at__lte=clock.now() + policy.SOON)
    by_state = {state.value: Count("id", filter=Q(state=state)) for state in PromiseState}
    return PromiseCounts(**rows.aggregate(**by_state, due_soon=Count("id", filter=soon)))


def as_customer_sees(one: Promise, extended: int = 0) -> PromiseToMe:
    return PromiseToMe(
        id=one.id,
        what=one.what,
        kind=one.kind,
        made_by=one.made_by,
        made_at=one.made_at,
        due_at=one.due_at,
        state=one.state,
        settled_at=one.settled_at,
        order=one.order,
        compensation=one.compensation,
        extended=extended,
        told=one.told,
    )


def as_contract(row: models.Promise, steps: Iterable[models.PromiseStep] = ()) -> Promise:
    return Promise(
        id=row.id,
        person=row.person,
        what=row.what,
        kind=PromiseKind(row.kind),
        made_by=MadeBy(row.made_by),
        made_by_id=row.made_by_id,
        conversation=row.conversation,
        order=row.order,
        session=row.session,
        matter=row.matter,
        evidence=row.evidence,
        made_at=row.made_at,
        due_at=row.due_at,
        state=PromiseState(row.state),
        settled_at=row.settled_at,
        compensation=row.compensation,
        told=msgspec.convert(row.told, Told) if row.told else None,
        steps=tuple(_step(one) for one in steps),
    )


def _step(row: models.PromiseStep) -> PromiseStep:
    return PromiseStep(
        step=Step(row.step), at=row.at, by=row.by, note=row.note, evidence=row.evidence, due_at=row.due_at
    )

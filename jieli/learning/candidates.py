"""Candidates as people ask for them, compare them, let them run along, and make them live."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jieli.governance import facade as governance
from jieli.governance.contracts import PersonOfStaff
from jieli.kernel import clock, outbox, wake
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Conflict, NotFound
from jieli.learning import events, policy, selectors, turns
from jieli.learning.contracts import CandidateState, CandidateView, CorrectionState
from jieli.learning.errors import NothingToLearn
from jieli.learning.models import Candidate, Correction, LiveModel, Promotion, ShadowCount, ShadowDifference

WAKE = "learning"
UNFINISHED = (CandidateState.WAITING, CandidateState.TRAINING)


@transaction.atomic
def ask(actor: Actor, *, brand: str) -> CandidateView:
    """A candidate trained from the corpus and the brand's accepted corrections; the one that waits already, if one does."""
    person = policy.require_person(actor)
    if not accepted(brand).exists():
        raise NothingToLearn
    if waiting := _unfinished(brand):
        return views([waiting])[0]
    try:
        with transaction.atomic():
            row = Candidate.objects.create(brand=brand, asked_by=person, asked_at=clock.now())
    except IntegrityError:  # a colleague asked at the same moment
        return views([Candidate.objects.get(brand=brand, state__in=UNFINISHED)])[0]
    governance.audit(actor, "candidate.ask", "candidate", row.id, {"brand": brand})
    outbox.append(events.CandidateChanged(row.id))
    transaction.on_commit(lambda: wake.ring(WAKE))
    return views([row])[0]


def accepted(brand: str) -> Any:
    """What the next candidate of a brand learns from: its own corrections, nobody else's."""
    return Correction.objects.filter(state=CorrectionState.ACCEPTED, brand=brand).order_by("id")


def _unfinished(brand: str) -> Candidate | None:
    return Candidate.objects.filter(brand=brand, state__in=UNFINISHED).first()


@transaction.atomic
def run_along(actor: Actor, *, candidate: UUID) -> CandidateView:
    """Let a candidate read new turns beside the live model, from now on and counted anew; another one's run ends."""
    policy.require_person(actor)
    row = locked(candidate)
    policy.require_shadowable(state_of(row))
    if row.state == CandidateState.SHADOW:
        return views([row])[0]
    for other in Candidate.objects.filter(state=CandidateState.SHADOW):
        _end_run(other)
    ShadowCount.objects.filter(candidate=row).delete()
    ShadowDifference.objects.filter(candidate=row).delete()
    row.state, row.shadow_since, row.shadow_seen = CandidateState.SHADOW, clock.now(), turns.last_message()
    row.shadow_read = row.shadow_differing = 0
    try:
        with transaction.atomic():
            row.save(
                update_fields=["state", "shadow_since", "shadow_seen", "shadow_read", "shadow_differing"]
            )
    except IntegrityError:  # a colleague let another one run at the same moment
        raise Conflict from None
    governance.audit(actor, "candidate.shadow", "candidate", row.id, {"version": row.version})
    outbox.append(events.CandidateChanged(row.id))
    return views([row])[0]


@transaction.atomic
def end_run(actor: Actor, *, candidate: UUID) -> CandidateView:
    """No longer read along; what was counted stays."""
    policy.require_person(actor)
    row = locked(candidate)
    if row.state == CandidateState.SHADOW:
        _end_run(row)
    return views([row])[0]


def _end_run(row: Candidate) -> None:
    row.state = CandidateState.READY
    row.save(update_fields=["state"])
    outbox.append(events.CandidateChanged(row.id))


def locked(candidate: UUID) -> Candidate:
    """The row, held until the transaction ends. Raises `NotFound`."""
    row = Candidate.objects.select_for_update().filter(id=candidate).first()
    if row is None:
        raise NotFound
    return row


def one(candidate: UUID) -> Candidate:
    row = Candidate.objects.filter(id=candidate).first()
    if row is None:
        raise NotFound
    return row


def state_of(row: Candidate) -> CandidateState:
    """As it is shown: live, and retired, follow from the history."""
    return _states([row])[row.id]


def _states(rows: Sequence[Candidate]) -> dict[UUID, CandidateState]:
    live = LiveModel.objects.values_list("candidate", flat=True).first()
    once = set(Promotion.objects.filter(after__in=rows).values_list("after", flat=True))

    def shown(row: Candidate) -> CandidateState:
        if row.id == live:
            return CandidateState.LIVE
        if row.state == CandidateState.READY and row.id in once:
            return CandidateState.RETIRED
        return CandidateState(row.state)

    return {row.id: shown(row) for row in rows}


def figures_of(header: Mapping[str, Any]) -> dict[str, float]:
    frozen = header.get("frozen", {})
    return {str(name): float(value) for name, value in frozen.items()}


def views(rows: Sequence[Candidate]) -> list[CandidateView]:
    states, people = _states(rows), governance.people(row.asked_by for row in rows)
    return [_view(row, states[row.id], people) for row in rows]


def _view(row: Candidate, state: CandidateState, people: Mapping[UUID, PersonOfStaff]) -> CandidateView:
    return CandidateView(
        id=row.id,
        brand=row.brand,
        state=state,
        asked_by=selectors.named(people, row.asked_by),
        asked_at=row.asked_at,
        began_at=row.began_at,
        heard_at=row.heard_at,
        finished_at=row.finished_at,
        progress=policy.progress(state, row.began_at, clock.now()),
        attempts=row.attempts,
        failure=row.failure,
        version=row.version,
        corrections=len(row.corrections),
        bytes=row.size,
        figures=figures_of(row.header),
        replaced_at=row.replaced_at,
    )


def by_ids(ids: Sequence[UUID]) -> dict[UUID, CandidateView]:
    return {view.id: view for view in views(list(Candidate.objects.filter(id__in=ids)))}

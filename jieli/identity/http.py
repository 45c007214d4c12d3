from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime

from jieli.governance.contracts import Permission
from jieli.identity import facade
from jieli.identity.contracts import (
    ConflictState,
    ConflictView,
    EvidenceView,
    IdentityView,
    JourneyLine,
    MergePreview,
    MergeView,
    PersonCard,
    PersonView,
    Revealed,
)
from jieli.kernel.http import actor_of

router = Router(tags=["identity"])


class RevealRequest(Schema):
    """`field` is `name` or the id of one of the person's keys; `reason` has at least four characters."""

    field: str
    reason: str


class Other(Schema):
    """The person that would be absorbed."""

    absorbed: UUID


class MergeRequest(Other):
    reason: str


class Reason(Schema):
    reason: str


class ConflictDecision(Schema):
    outcome: ConflictState
    reason: str
    survivor: UUID | None = None


class Unlinked(Schema):
    person: UUID


@router.get(
    "/persons", response=list[PersonCard], operation_id="persons", summary="Find persons by exact key or name"
)
def persons(request: HttpRequest, q: str) -> list[PersonCard]:
    return facade.find(actor_of(request), q)


@router.get("/persons/{person}", response=PersonView, operation_id="person", summary="One person, masked")
def person(request: HttpRequest, person: UUID) -> PersonView:
    return facade.person(person, actor_of(request))


@router.get("/persons/{person}/identities", response=list[IdentityView], operation_id="person_identities")
def identities(request: HttpRequest, person: UUID) -> list[IdentityView]:
    """All keys of a person, masked, each with why it is there."""
    return facade.identities(person, actor_of(request))


@router.get("/persons/{person}/evidence", response=list[EvidenceView], operation_id="person_evidence")
def evidence(request: HttpRequest, person: UUID) -> list[EvidenceView]:
    """The history of why each key stands with this person."""
    actor = actor_of(request)
    actor.require(Permission.PERSON_READ)
    return facade.evidence(person, actor)


@router.get("/persons/{person}/journey", response=list[JourneyLine], operation_id="person_journey")
def journey(
    request: HttpRequest, person: UUID, kind: str = "", before: AwareDatetime | None = None
) -> list[JourneyLine]:
    """The person's way over all channels, newest first; `kind` may name several, separated by commas."""
    kinds = [one for one in kind.split(",") if one]
    return facade.journey(person, actor_of(request), kinds, before)


@router.post("/persons/{person}/reveal", response=Revealed, operation_id="person_reveal")
def reveal(request: HttpRequest, person: UUID, body: RevealRequest) -> Revealed:
    """Show one hidden value for minutes; written down with its reason."""
    return facade.reveal(actor_of(request), person, body.field, body.reason)


@router.post("/persons/{person}/merge-preview", response=MergePreview, operation_id="person_merge_preview")
def merge_preview(request: HttpRequest, person: UUID, body: Other) -> MergePreview:
    """What joining another person to this one would give."""
    return facade.merge_preview(actor_of(request), person, body.absorbed)


@router.post("/persons/{person}/merge", response=MergeView, operation_id="person_merge")
def merge(request: HttpRequest, person: UUID, body: MergeRequest) -> MergeView:
    """Join another person to this one; it can be undone at any time."""
    return facade.merge(actor_of(request), person, body.absorbed, body.reason)


@router.post("/merges/{merge}/undo", response=MergeView, operation_id="merge_undo")
def undo_merge(request: HttpRequest, merge: UUID, body: Reason) -> MergeView:
    """Part what was joined, with all keys back where they were."""
    return facade.undo_merge(actor_of(request), merge, body.reason)


@router.post("/identities/{identity}/unlink", response=Unlinked, operation_id="identity_unlink")
def unlink(request: HttpRequest, identity: UUID, body: Reason) -> Unlinked:
    """Take one key from its person; a strong key becomes a person of its own."""
    return Unlinked(person=facade.unlink(actor_of(request), identity, body.reason))


@router.get("/conflicts", response=list[ConflictView], operation_id="conflicts")
def conflicts(request: HttpRequest, state: ConflictState = ConflictState.OPEN) -> list[ConflictView]:
    """Keys that point to two persons, newest first."""
    return facade.conflicts(actor_of(request), state)


@router.post("/conflicts/{conflict}/decide", response=ConflictView, operation_id="conflict_decide")
def decide(request: HttpRequest, conflict: UUID, body: ConflictDecision) -> ConflictView:
    """Say that both are one person, or two."""
    return facade.decide_conflict(
        actor_of(request), conflict, body.outcome, body.reason, survivor=body.survivor
    )

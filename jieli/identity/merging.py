"""Joining persons by hand: previewed, explained, written down; parting.py undoes it at any later time."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from jieli.governance import facade as governance
from jieli.governance.contracts import Permission
from jieli.identity import normalise, policy, selectors
from jieli.identity.contracts import (
    ConflictState,
    Contradiction,
    IdentityKind,
    MergePreview,
    MergeView,
)
from jieli.identity.errors import ContradictingKeys, ReasonTooShort, SamePerson, StillContended
from jieli.identity.events import PersonsMerged
from jieli.identity.masks import masked
from jieli.identity.models import Conflict, Identity, JourneyEntry, Merge, Person
from jieli.identity.policy import Slot
from jieli.identity.views import merge_view
from jieli.kernel import clock, outbox
from jieli.kernel.actor import Actor

_SHORTEST_REASON = 4
_TRIES = 8


def require_reason(reason: str) -> str:
    """The reason without blanks and personal data. Raises `ReasonTooShort`."""
    text = normalise.clean(reason)
    if len(text) < _SHORTEST_REASON:
        raise ReasonTooShort
    return governance.mask_text(text)[:400]


def merge_preview(actor: Actor, survivor: UUID, absorbed: UUID) -> MergePreview:
    """What joining the two would give. Raises `NotFound`, `SamePerson`."""
    actor.require(Permission.PERSON_MERGE)
    kept, gone = selectors.card(survivor, actor), selectors.card(absorbed, actor)
    if kept.id == gone.id:
        raise SamePerson
    return MergePreview(
        survivor=kept,
        absorbed=gone,
        identities=tuple(selectors.identities_of([kept.id, gone.id])),
        contradictions=tuple(_contradictions(kept.id, gone.id)),
        journey_entries=JourneyEntry.objects.filter(
            person__in=selectors.family(kept.id) | selectors.family(gone.id)
        ).count(),
        kept_apart=_between(kept.id, gone.id).filter(state=ConflictState.APART).exists(),
    )


def _contradictions(left: UUID, right: UUID) -> list[Contradiction]:
    ours, theirs = _strong_keys(left), _strong_keys(right)
    found = policy.contradictions(
        {slot: set(values) for slot, values in ours.items()},
        {slot: set(values) for slot, values in theirs.items()},
    )
    return [
        Contradiction(
            kind, namespace, *(masked(kind, min(keys[kind, namespace].values())) for keys in (ours, theirs))
        )
        for kind, namespace in found
    ]


def _strong_keys(root: UUID) -> dict[Slot, dict[str, str]]:
    """{slot: {blind index: value}} of a family."""
    found: dict[Slot, dict[str, str]] = {}
    for row in Identity.objects.filter(person__root=root, strong=True, ended_at=None):
        found.setdefault((IdentityKind(row.kind), row.namespace), {})[row.blind] = row.value
    return found


def _between(left: UUID, right: UUID) -> QuerySet[Conflict]:
    return Conflict.objects.filter(
        Q(left__root=left, right__root=right) | Q(left__root=right, right__root=left)
    )


@transaction.atomic
def merge(
    actor: Actor, survivor: UUID, absorbed: UUID, reason: str, *, despite_contradiction: bool = False
) -> MergeView:
    """Join two persons into one. Raises `ContradictingKeys` unless somebody decided that one person holds both."""
    actor.require(Permission.PERSON_MERGE)
    why = require_reason(reason)
    kept, gone = _locked_roots(survivor, absorbed)
    if not despite_contradiction and _contradictions(kept, gone):
        raise ContradictingKeys
    _between(kept, gone).filter(state=ConflictState.OPEN).update(
        state=ConflictState.MERGED, decided_at=clock.now(), decided_by=actor.id, reason=why
    )
    row = Merge.objects.create(
        survivor_id=kept,
        absorbed_id=gone,
        identities=sorted(
            str(one) for one in Identity.objects.filter(person__root=gone).values_list("id", flat=True)
        ),
        automatic=False,
        by=actor.id,
        by_name=actor.name[:80],
        why=why,
        at=clock.now(),
    )
    Person.objects.filter(id=gone).update(merged_into=kept)
    Person.objects.filter(root=gone).update(root=kept)
    tell(actor, row, "person.merge", why)
    outbox.append(PersonsMerged(kept, gone, row.id))
    return merge_view(row)


def _locked_roots(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Lock both families; raises `NotFound`, `SamePerson`."""
    roots = locked_families({one, other})
    if roots[one] == roots[other]:
        raise SamePerson
    return roots[one], roots[other]


def locked_families(persons: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Lock the canonical rows of the persons, in id order, so that nobody joins or parts their families meanwhile;
    {person: root}. Raises `NotFound`, `StillContended`."""
    for _ in range(_TRIES):
        roots = selectors.canonical_many(persons)
        list(Person.objects.select_for_update().filter(id__in=roots.values()).order_by("id").only("id"))
        if selectors.canonical_many(persons) == roots:
            return roots
    raise StillContended


def tell(actor: Actor, row: Merge, action: str, why: str) -> None:
    governance.audit(
        actor,
        action,
        "person",
        row.survivor_id,
        {"absorbed": str(row.absorbed_id), "merge": str(row.id), "reason": why},
    )

"""The queue of keys that point to two persons: only a human knows."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from jieli.governance import facade as governance
from jieli.governance.contracts import Permission
from jieli.identity import merging, selectors
from jieli.identity.contracts import (
    ConflictCause,
    ConflictId,
    ConflictState,
    ConflictView,
    IdentityKind,
    PersonId,
)
from jieli.identity.masks import masked
from jieli.identity.models import Conflict
from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Conflict as Meanwhile
from jieli.kernel.errors import Invalid, NotFound


def visible_to(actor: Actor, state: ConflictState = ConflictState.OPEN) -> QuerySet[Conflict]:
    """Conflicts about a key, for who may decide them; one whose persons are joined by now is settled. Raises
    `Forbidden`."""
    actor.require(Permission.PERSON_MERGE)
    found = Conflict.objects.filter(state=state, cause=ConflictCause.CONTRADICTING_KEYS)
    if state is ConflictState.OPEN:
        return found.exclude(left__root=F("right__root"), right__isnull=False)
    return found


def conflicts(
    actor: Actor, state: ConflictState = ConflictState.OPEN, *, limit: int = 50
) -> list[ConflictView]:
    """The newest conflicts of one state."""
    return shown(list(visible_to(actor, state).order_by("-id")[:limit]), actor)


def shown(rows: list[Conflict], actor: Actor) -> list[ConflictView]:
    people = {one for row in rows for one in (row.left_id, row.right_id) if one}
    cards = selectors.cards(people, actor)
    return [
        ConflictView(
            id=ConflictId(row.id),
            left=cards[PersonId(row.left_id)],
            right=cards[PersonId(row.right_id)] if row.right_id else None,
            kind=IdentityKind(row.kind),
            namespace=row.namespace,
            masked=masked(IdentityKind(row.kind), row.value),
            cause=ConflictCause(row.cause),
            state=ConflictState(row.state),
            at=row.at,
            decided_at=row.decided_at,
        )
        for row in rows
    ]


@transaction.atomic
def decide_conflict(
    actor: Actor, conflict: UUID, outcome: ConflictState, reason: str, *, survivor: UUID | None = None
) -> ConflictView:
    """Say that both are one person (`merged`) or two (`apart`). The same decision twice changes nothing.

    Raises `NotFound`, `Invalid` when there is nobody to merge with, `Conflict` when it was decided otherwise.
    """
    actor.require(Permission.PERSON_MERGE)
    why = merging.require_reason(reason)
    if outcome is ConflictState.OPEN:
        raise Invalid("Decide for “merged” or for “apart”.")
    row = (
        Conflict.objects.select_for_update()
        .filter(id=conflict, cause=ConflictCause.CONTRADICTING_KEYS)
        .first()
    )
    if row is None:
        raise NotFound
    if row.state not in (ConflictState.OPEN, outcome):
        raise Meanwhile
    if row.state == ConflictState.OPEN:
        _carry_out(actor, row, outcome, why, survivor)
    return shown([row], actor)[0]


def _carry_out(actor: Actor, row: Conflict, outcome: ConflictState, why: str, survivor: UUID | None) -> None:
    row.state, row.decided_at, row.decided_by, row.reason = outcome, clock.now(), actor.id, why
    row.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    governance.audit(
        actor, "person.conflict.decide", "conflict", row.id, {"outcome": outcome.value, "reason": why}
    )
    if outcome is not ConflictState.MERGED:
        return
    if row.right_id is None:
        raise Invalid("There is only one person in this conflict; nobody to merge with.")
    kept = survivor or row.left_id
    if kept not in (row.left_id, row.right_id):
        raise Invalid("The survivor must be one of the two.")
    other = row.right_id if kept == row.left_id else row.left_id
    merging.merge(actor, kept, other, why, despite_contradiction=True)

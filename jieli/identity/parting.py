"""Parting persons by hand: a merge undone, one key taken away. Who was parted is not joined by itself again."""

from uuid import UUID

from django.db import transaction

from jieli.governance import facade as governance
from jieli.governance.contracts import Permission
from jieli.identity import merging, policy
from jieli.identity.contracts import ConflictCause, ConflictState, MergeView, PersonId
from jieli.identity.errors import LastKey
from jieli.identity.events import PersonsParted
from jieli.identity.models import Conflict, Evidence, Identity, Merge, Person
from jieli.identity.views import merge_view
from jieli.kernel import clock, outbox
from jieli.kernel.actor import Actor
from jieli.kernel.errors import NotFound
from jieli.kernel.ids import new_id


@transaction.atomic
def undo_merge(actor: Actor, merge: UUID, reason: str) -> MergeView:
    """Part what was joined: the absorbed person has its keys again, also those linked to it since, and the two are
    not joined automatically any more. Undoing twice changes nothing. Raises `NotFound`."""
    actor.require(Permission.PERSON_MERGE)
    why = merging.require_reason(reason)
    row = Merge.objects.filter(id=merge).first()
    if row is None:
        raise NotFound
    former = merging.locked_families({row.absorbed_id})[row.absorbed_id]
    row = Merge.objects.select_for_update().get(id=merge)
    if row.undone_at:
        return merge_view(row)
    row.undone_at, row.undone_by, row.undone_why = clock.now(), actor.id, why
    row.save(update_fields=["undone_at", "undone_by", "undone_why"])
    Person.objects.filter(id=row.absorbed_id).update(merged_into=None)
    Person.objects.filter(id__in=_below(row.absorbed_id)).update(root=row.absorbed_id)
    _keep_apart(
        actor, row.survivor_id, row.absorbed_id, ConflictCause.MERGE_UNDONE, why, source=f"merge:{row.id}"
    )
    merging.tell(actor, row, "person.merge.undo", why)
    outbox.append(PersonsParted(former, row.absorbed_id, row.id))
    return merge_view(row)


def _below(person: UUID) -> set[UUID]:
    """The person and everybody merged into it, directly or not."""
    root = Person.objects.values_list("root_id", flat=True).get(id=person)
    into = dict(Person.objects.filter(root=root).values_list("id", "merged_into_id"))
    found, size = {person}, 0
    while len(found) > size:
        size = len(found)
        found |= {one for one, above in into.items() if above in found}
    return found


def _keep_apart(
    actor: Actor, left: UUID, right: UUID, cause: ConflictCause, why: str, *, source: str
) -> None:
    now = clock.now()
    Conflict.objects.update_or_create(
        once=policy.conflict_once(left, right, cause),
        defaults={
            "left_id": left,
            "right_id": right,
            "kind": "",
            "cause": cause,
            "source": source,
            "state": ConflictState.APART,
            "at": now,
            "decided_at": now,
            "decided_by": actor.id,
            "reason": why,
        },
    )


@transaction.atomic
def unlink(actor: Actor, identity: UUID, reason: str) -> PersonId:
    """Take one key from its person: a strong one goes to a new person, who stays apart, a weak note is ended; returns
    whose the key was made. Raises `NotFound`, and `LastKey` when nobody would recognise the person any more."""
    actor.require(Permission.PERSON_MERGE)
    why = merging.require_reason(reason)
    row = Identity.objects.select_related("person").filter(id=identity, ended_at=None).first()
    if row is None:
        raise NotFound
    former, now = row.person_id, clock.now()
    root = merging.locked_families({former})[former]
    governance.audit(actor, "person.unlink", "person", former, {"identity": str(row.id), "reason": why})
    if not row.strong:
        Identity.objects.filter(id=row.id).update(ended_at=now)
        _put(actor, row, former, "ended_by_hand")
        return PersonId(root)
    others = Identity.objects.filter(person__root=root, strong=True, ended_at=None).exclude(id=row.id)
    if not others.exists():
        raise LastKey
    person = new_id()
    Person.objects.create(id=person, root_id=person, created_at=now, locale=row.person.locale)
    Identity.objects.filter(id=row.id).update(person=person)
    _put(actor, row, person, "unlinked_by_hand")
    _keep_apart(actor, former, person, ConflictCause.UNLINKED, why, source=f"unlink:{row.id}")
    outbox.append(PersonsParted(root, person, None))
    return PersonId(person)


def _put(actor: Actor, row: Identity, person: UUID, why: str) -> None:
    Evidence.objects.create(
        identity=row, person_id=person, source=f"staff:{actor.id}", why=why, at=clock.now()
    )

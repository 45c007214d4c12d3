"""From contacts to persons: read, plan, and write only where something is new."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from jieli.identity import linking, reading, writing
from jieli.identity.contracts import Contact, IdentityId, PersonId, Resolution
from jieli.identity.errors import StillContended
from jieli.identity.linking import Plan, ReadContact, Settled
from jieli.identity.models import Evidence, Identity, Person
from jieli.identity.reading import Snapshot

_BATCH = 500
_TRIES = 8
_SEEN_AGAIN = timedelta(hours=1)


class _Moved(Exception):
    """Somebody joined or parted persons between reading and locking them."""


def resolve_many(contacts: Sequence[Contact]) -> list[Resolution]:
    """Who each contact is from, in the same order; persons are made as needed. Idempotent; has its own transaction.

    Equal keys within the call mean one person. Raises `StillContended` when other writers never let go.
    """
    found: list[Resolution] = []
    for start in range(0, len(contacts), _BATCH):
        found += _resolve([reading.read_contact(one) for one in contacts[start : start + _BATCH]])
    return found


def _resolve(contacts: Sequence[ReadContact]) -> list[Resolution]:
    snapshot = reading.snapshot(contacts)
    plan = linking.plan(contacts, snapshot.known)
    found = [_resolution(one, plan) for one in plan.settled]
    if not plan.changes_nothing:
        news = _with_news(plan)
        written = _write([contacts[place] for place in news])
        for place, one in zip(news, written.settled, strict=True):
            found[place] = _resolution(one, written)
    _see_again(contacts, snapshot)
    return found


def _resolution(one: Settled, plan: Plan) -> Resolution:
    return Resolution(
        person=PersonId(plan.root(one.person)),
        created=one.created,
        linked=tuple(map(IdentityId, one.linked)),
        conflict=one.conflict,
        own=PersonId(one.person),
    )


def _with_news(plan: Plan) -> list[int]:
    """The places of the contacts that bring something new, with all others of the same persons: most bring nothing."""
    touched = {plan.root(one.person) for one in plan.settled if one.created or one.linked or one.reasons}
    touched |= {plan.root(merge.survivor) for merge in plan.merges}
    return [place for place, one in enumerate(plan.settled) if plan.root(one.person) in touched]


def _write(contacts: Sequence[ReadContact]) -> Plan:
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _plan_and_write(contacts)
        except (IntegrityError, _Moved):
            continue  # somebody linked the same key first; now it is known
    raise StillContended


def _plan_and_write(contacts: Sequence[ReadContact]) -> Plan:
    """Plan again under locks on the families' roots, so that nobody joins or parts them meanwhile."""
    met = set(reading.snapshot(contacts).known.roots.values())
    nameless = _lock(met)
    known = reading.snapshot(contacts).known
    if not set(known.roots.values()) <= met:
        raise _Moved
    plan = linking.plan(contacts, known)
    writing.write(plan, nameless=nameless)
    return plan


def _lock(roots: Collection[UUID]) -> set[UUID]:
    """Lock the persons in the order of their ids; returns those without a name."""
    rows = Person.objects.select_for_update().filter(id__in=roots).order_by("id").only("id", "name")
    return {row.id for row in rows if not row.name}


def _see_again(contacts: Sequence[ReadContact], snapshot: Snapshot) -> None:
    """Move `last_seen` of keys heard again, at most once an hour each, and keep that a key was proved."""
    latest = max(contact.at for contact in contacts)
    stale, proved = set(), {}
    for contact in contacts:
        for key in contact.keys:
            owner = snapshot.known.owners.get(key.blind) if key.strong else None
            if owner is None or owner.identity not in snapshot.seen:
                continue
            seen, verified = snapshot.seen[owner.identity]
            if seen + _SEEN_AGAIN < latest:
                stale.add(owner.identity)
            if key.verified and not verified:
                proved[owner.identity] = (owner.person, contact)
    if stale:
        Identity.objects.filter(id__in=stale, last_seen__lt=latest).update(last_seen=latest)
    if proved:
        _keep_proofs(proved)


@transaction.atomic
def _keep_proofs(proved: Mapping[UUID, tuple[UUID, ReadContact]]) -> None:
    if Identity.objects.filter(id__in=proved, verified=False).update(verified=True):
        Evidence.objects.bulk_create(
            Evidence(identity_id=one, person_id=person, source=contact.source, why="verified", at=contact.at)
            for one, (person, contact) in proved.items()
        )

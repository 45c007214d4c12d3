"""Contacts as the planner reads them, and what the database knows about them: a fixed number of queries per batch."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from jieli.identity import normalise, policy
from jieli.identity.contracts import ConflictState, Contact, IdentityKind, Key
from jieli.identity.linking import Known, Owner, ReadContact
from jieli.identity.models import Conflict, Identity
from jieli.identity.policy import ReadKey
from jieli.kernel import crypto


@lru_cache(maxsize=65536)
def read_key(key: Key) -> ReadKey | None:
    """None for a key that says nothing. The blind index covers kind and namespace, so it is looked up alone."""
    normal = normalise.of(key)
    if normal is None:
        return None
    return ReadKey(
        kind=normal.kind,
        namespace=normal.namespace,
        value=normal.value,
        blind=blind(normal.kind, normal.namespace, normal.value),
        strong=policy.is_strong(key, normal),
        verified=key.verified and not normal.weakness,
        weakness=normal.weakness,
    )


def blind(kind: IdentityKind, namespace: str, value: str) -> str:
    return crypto.blind_index(f"{kind}\x1f{namespace}", value)


def name_blinds(name: str) -> list[str]:
    return [crypto.blind_index("name", one) for one in normalise.name_beginnings(name)]


def name_blind(beginning: str) -> str:
    return crypto.blind_index("name", normalise.clean(beginning).casefold())


def read_contact(contact: Contact) -> ReadContact:
    told: dict[str, ReadKey] = {}
    for key in filter(None, map(read_key, contact.keys)):
        if key.blind not in told or (key.strong, key.verified) > (
            told[key.blind].strong,
            told[key.blind].verified,
        ):
            told[key.blind] = key
    keys = list(told.values())
    if not any(key.strong for key in keys):
        keys.insert(0, _by_itself(contact))
    return ReadContact(tuple(keys), normalise.clean(contact.name)[:80], contact.source[:200], contact.at)


def _by_itself(contact: Contact) -> ReadKey:
    """Nothing says who it was: the contact stands for itself, so that hearing it again finds the same person."""
    said = "\x1f".join(
        [contact.source, contact.at.isoformat(), *(f"{k.kind}:{k.value}" for k in contact.keys)]
    )
    value = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
    found = read_key(Key(IdentityKind.CONTACT, "", value))
    assert found is not None
    return found


@dataclass(slots=True)
class Snapshot:
    """What the planner must know, and of each strong key when it was last seen and whether it was proved."""

    known: Known = field(default_factory=Known)
    seen: dict[UUID, tuple[datetime, bool]] = field(default_factory=dict)


def snapshot(contacts: Sequence[ReadContact]) -> Snapshot:
    """One query when every contact has only strong keys of one person each, up to four otherwise."""
    taken = Snapshot()
    known = taken.known
    told = {key.blind for contact in contacts for key in contact.keys}
    for identity, person, root, found, seen, verified in _in_use(Q(blind__in=told, strong=True)).values_list(
        "id", "person_id", "person__root_id", "blind", "last_seen", "verified"
    ):
        known.owners[found] = Owner(identity, person)
        known.roots[person] = root
        known.roots.setdefault(root, root)
        taken.seen[identity] = (seen, verified)
    roots = set(known.roots.values())
    for root in roots:
        known.keys[root] = {}
    if roots:
        _read_weak(known, contacts, roots)
        if doubtful := _doubtful(known, contacts):
            _read_families(known, doubtful)
    return taken


def _in_use(condition: Q) -> QuerySet[Identity]:
    return Identity.objects.filter(condition, ended_at=None)


def _read_weak(known: Known, contacts: Iterable[ReadContact], roots: Collection[UUID]) -> None:
    weak = {key.blind for contact in contacts for key in contact.keys if not key.strong}
    if weak:
        noted = _in_use(Q(blind__in=weak, strong=False, person__root__in=roots))
        known.noted = set(noted.values_list("person__root_id", "blind"))


def _doubtful(known: Known, contacts: Iterable[ReadContact]) -> set[UUID]:
    """Families that a contact may add a key to or join with another."""
    found: set[UUID] = set()
    for contact in contacts:
        owners = [known.owners.get(key.blind) for key in contact.keys if key.strong]
        roots = {known.roots[owner.person] for owner in owners if owner}
        if roots and (len(roots) > 1 or None in owners):
            found |= roots
    return found


def _read_families(known: Known, roots: Collection[UUID]) -> None:
    held = _in_use(Q(person__root__in=roots, strong=True))
    for root, kind, namespace, found in held.values_list("person__root_id", "kind", "namespace", "blind"):
        known.keys[root].setdefault((IdentityKind(kind), namespace), set()).add(found)
    touching = Conflict.objects.filter(Q(left__root__in=roots) | Q(right__root__in=roots))
    for once, state, left, right in touching.values_list("once", "state", "left__root_id", "right__root_id"):
        known.conflicts[once] = state == ConflictState.OPEN
        if state == ConflictState.APART and right:
            known.apart.add(frozenset((left, right)))

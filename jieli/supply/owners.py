"""Whom a person is, in the words of sources: the ids merged into one, and the keyed hashes of phones and accounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from jieli.identity import facade as identity
from jieli.identity.contracts import IdentityKind, Key
from jieli.supply.contracts import OwnerKey, RawFact

Identities = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Whose:
    persons: frozenset[UUID] = frozenset()
    owners: frozenset[OwnerKey] = frozenset()


def of(person_ids: Collection[UUID]) -> Mapping[UUID, Whose]:
    if not person_ids:
        return {}
    keys, families = identity.owner_keys(person_ids), identity.families(person_ids)
    return {
        person: Whose(
            frozenset(family), frozenset(OwnerKey(str(kind), blind) for kind, blind in keys[person])
        )
        for person, family in families.items()
    }


def plain(person_ids: Collection[UUID]) -> Identities:
    """Kind of identity → all these persons' values in full, for sources outside."""
    found: dict[str, tuple[str, ...]] = {}
    for values in identity.owner_values(person_ids).values() if person_ids else ():
        for kind, some in values.items():
            found[str(kind)] = tuple(dict.fromkeys((*found.get(str(kind), ()), *some)))
    return found


def keys(identities: Mapping[str, str], namespaces: Mapping[str, str]) -> frozenset[OwnerKey]:
    """Kind of identity → value in full, as sources send it, to the hashes that persons are known by. `namespaces`
    says in which shop an account, or in which app an openid, is meant."""
    found = set()
    for kind, value in identities.items():
        blind = identity.blind_of(Key(IdentityKind(kind), namespaces.get(kind, ""), value))
        if blind:
            found.add(OwnerKey(kind, blind))
    return frozenset(found)


def persons(facts: Collection[RawFact]) -> dict[tuple[str, str], UUID]:
    """Kind and key of each fact → the one person whom it belongs to; left out where its owners are two."""
    held = identity.held_by({owner.blind for fact in facts for owner in fact.owners})
    found: dict[tuple[str, str], UUID] = {}
    for fact in facts:
        whose: set[UUID] = {held[owner.blind] for owner in fact.owners if owner.blind in held}
        if len(whose) == 1:
            found[fact.kind, fact.key] = whose.pop()
    return found

"""By which keys other systems know a person: orders, parcels and devices name a phone or an account, not an id."""

from collections.abc import Collection
from uuid import UUID

from jieli.identity import reading
from jieli.identity.contracts import IdentityKind, Key, PersonId
from jieli.identity.models import Identity, Person


def owner_keys(person_ids: Collection[UUID]) -> dict[PersonId, set[tuple[IdentityKind, str]]]:
    """The kind and blind index of every strong key of each person's family; one query."""
    found: dict[PersonId, set[tuple[IdentityKind, str]]] = {PersonId(one): set() for one in person_ids}
    held = Identity.objects.filter(person__root__family__in=found, strong=True, ended_at=None)
    for person, kind, blind in held.values_list("person__root__family", "kind", "blind"):
        found[PersonId(person)].add((IdentityKind(kind), blind))
    return found


def owner_values(person_ids: Collection[UUID]) -> dict[PersonId, dict[IdentityKind, tuple[str, ...]]]:
    """The same keys in full, for asking a system outside that cannot know our hashes. Never shown to anybody."""
    found: dict[PersonId, dict[IdentityKind, tuple[str, ...]]] = {PersonId(one): {} for one in person_ids}
    held = Identity.objects.filter(person__root__family__in=found, strong=True, ended_at=None).order_by("id")
    for person, kind, value in held.values_list("person__root__family", "kind", "value"):
        values = found[PersonId(person)]
        values[IdentityKind(kind)] = tuple(dict.fromkeys((*values.get(IdentityKind(kind), ()), value)))
    return found


def held_by(blinds: Collection[str]) -> dict[str, PersonId]:
    """Whose key each blind index is, of those that are somebody's; one query."""
    held = Identity.objects.filter(blind__in=set(blinds), strong=True, ended_at=None)
    return {blind: PersonId(root) for blind, root in held.values_list("blind", "person__root_id")}


def families(person_ids: Collection[UUID]) -> dict[PersonId, set[PersonId]]:
    """All ids of each person's family, itself included; one query."""
    found = {PersonId(one): {PersonId(one)} for one in person_ids}
    members = Person.objects.filter(root__family__in=found)
    for person, member in members.values_list("root__family", "id"):
        found[PersonId(person)].add(PersonId(member))
    return found


def blind_of(key: Key) -> str | None:
    """The blind index under which the key is stored, or None for one that says nothing."""
    read = reading.read_key(key)
    return read.blind if read else None

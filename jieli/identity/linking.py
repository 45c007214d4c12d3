"""Deterministic One-ID: from what contacts say and what is known to what must be written. Pure, no database.

The channel's own key decides who somebody is. Other strong keys are linked to that person, or, where they belong to
somebody else, join the two, unless the two hold keys of which one person has only one. Weak keys are noted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from jieli.identity import policy
from jieli.identity.policy import ReadKey, Slot
from jieli.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ReadContact:
    """`keys` hold at least one strong key."""

    keys: tuple[ReadKey, ...]
    name: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    identity: UUID
    person: UUID


@dataclass(slots=True)
class Known:
    """A snapshot: owners of strong keys, the family root of every person met, the strong keys of those families, the
    weak keys already noted with them, pairs that stay apart, and conflicts already raised (True while nobody has
    decided them)."""

    owners: dict[str, Owner] = field(default_factory=dict)
    roots: dict[UUID, UUID] = field(default_factory=dict)
    keys: dict[UUID, dict[Slot, set[str]]] = field(default_factory=dict)
    noted: set[tuple[UUID, str]] = field(default_factory=set)
    apart: set[frozenset[UUID]] = field(default_factory=set)
    conflicts: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewLink:
    identity: UUID
    person: UUID
    key: ReadKey
    contact: ReadContact
    why: str


@dataclass(frozen=True, slots=True)
class NewMerge:
    id: UUID
    survivor: UUID
    absorbed: UUID
    key: ReadKey
    contact: ReadContact


@dataclass(frozen=True, slots=True)
class NewConflict:
    id: UUID
    left: UUID
    right: UUID | None
    key: ReadKey
    contact: ReadContact


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one contact; `person` is the one its channel key belongs to, before merges."""

    contact: ReadContact
    person: UUID
    created: bool
    linked: tuple[UUID, ...]
    conflict: bool
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    settled: list[Settled] = field(default_factory=list)
    people: dict[UUID, ReadContact] = field(default_factory=dict)
    links: list[NewLink] = field(default_factory=list)
    merges: list[NewMerge] = field(default_factory=list)
    conflicts: list[NewConflict] = field(default_factory=list)
    roots: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        return not (self.people or self.links or self.merges or self.conflicts)

    def root(self, person: UUID) -> UUID:
        return self.roots.get(person, person)


def plan(contacts: Sequence[ReadContact], known: Known) -> Plan:
    """What to write so that every contact belongs to a person. Consumes `known`."""
    planner = _Planner(known)
    for contact in contacts:
        planner.settle(contact)
    planner.plan.roots = dict(known.roots)
    return planner.plan


class _Planner:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.plan = Plan()

    def settle(self, contact: ReadContact) -> None:
        strong = [key for key in contact.keys if key.strong]
        person = self._recognise(contact, strong)
        created = person is None
        if person is None:
            person = self._create(contact)
        reasons = ["new_person"] if created else []
        linked: list[UUID] = []
        conflict = False
        for key in sorted(strong, key=self._new_first):
            outcome, identity = self._attach(person, key, contact)
            conflict |= outcome == "conflict"
            if identity:
                linked.append(identity)
            if outcome:
                reasons.append(f"{outcome}:{key.kind}")
        linked += self._note(person, contact)
        self.plan.settled.append(Settled(contact, person, created, tuple(linked), conflict, tuple(reasons)))

    def _recognise(self, contact: ReadContact, strong: Sequence[ReadKey]) -> UUID | None:
        """Whose the channel's key is; else whose any other key is, the most trusted first. A browser or a line that
        several people use gives way to an account that was just proved."""
        owner = self.known.owners.get(strong[0].blind)
        if owner and not (policy.is_shared(strong[0].kind) and self._gainsaid(owner.person, strong)):
            return owner.person
        claims = _slots(key for key in strong if key.blind not in self.known.owners)
        for key in sorted(strong[1:], key=policy.trust):
            owner = self.known.owners.get(key.blind)
            if owner and not policy.contradictions(claims, self._keys(owner.person)):
                return owner.person
        return None

    def _new_first(self, key: ReadKey) -> tuple[bool, tuple[bool, int]]:
        """What nobody holds yet is claimed before others' keys are weighed against it."""
        return key.blind in self.known.owners, policy.trust(key)

    def _gainsaid(self, person: UUID, strong: Sequence[ReadKey]) -> bool:
        proved = _slots(key for key in strong if key.verified)
        return bool(policy.contradictions(proved, self._keys(person)))

    def _create(self, contact: ReadContact) -> UUID:
        person = new_id()
        self.plan.people[person] = contact
        self.known.roots[person] = person
        self.known.keys[person] = {}
        return person

    def _attach(self, person: UUID, key: ReadKey, contact: ReadContact) -> tuple[str, UUID | None]:
        owner = self.known.owners.get(key.blind)
        if owner is None:
            if policy.contradictions({key.slot: {key.blind}}, self._keys(person)):
                return self._conflict(person, None, key, contact), None
            return "linked", self._link(person, key, contact, "told_by_contact")
        ours, theirs = self._root(person), self._root(owner.person)
        if ours == theirs or frozenset((ours, theirs)) in self.known.apart:
            return "", None
        if policy.contradictions(self.known.keys[ours], self.known.keys[theirs]):
            return self._conflict(person, owner.person, key, contact), None
        self._merge(ours, theirs, key, contact)
        return "merged", None

    def _link(self, person: UUID, key: ReadKey, contact: ReadContact, why: str) -> UUID:
        identity = new_id()
        self.plan.links.append(NewLink(identity, person, key, contact, why))
        if key.strong:
            self.known.owners[key.blind] = Owner(identity, person)
            self._keys(person).setdefault(key.slot, set()).add(key.blind)
        return identity

    def _note(self, person: UUID, contact: ReadContact) -> list[UUID]:
        noted = []
        for key in contact.keys:
            root = self._root(person)
            owner = self.known.owners.get(key.blind)
            held = owner is not None and self._root(owner.person) == root
            if not key.strong and not held and (root, key.blind) not in self.known.noted:
                self.known.noted.add((root, key.blind))
                noted.append(self._link(person, key, contact, "mentioned"))
        return noted

    def _merge(self, left: UUID, right: UUID, key: ReadKey, contact: ReadContact) -> None:
        sizes = [(sum(map(len, self.known.keys[root].values())), root) for root in (left, right)]
        survivor = policy.survivor(sizes)
        absorbed = right if survivor == left else left
        self.plan.merges.append(NewMerge(new_id(), survivor, absorbed, key, contact))
        for person, root in self.known.roots.items():
            if root == absorbed:
                self.known.roots[person] = survivor
        for slot, values in self.known.keys.pop(absorbed).items():
            self.known.keys[survivor].setdefault(slot, set()).update(values)
        self.known.noted |= {(survivor, blind) for root, blind in self.known.noted if root == absorbed}
        self.known.apart = {
            frozenset(survivor if one == absorbed else one for one in pair) for pair in self.known.apart
        }

    def _conflict(self, left: UUID, right: UUID | None, key: ReadKey, contact: ReadContact) -> str:
        once = policy.conflict_once(left, right, key.blind)
        if (is_open := self.known.conflicts.get(once)) is not None:
            return "conflict" if is_open else ""
        self.known.conflicts[once] = True
        self.plan.conflicts.append(NewConflict(new_id(), left, right, key, contact))
        return "conflict"

    def _root(self, person: UUID) -> UUID:
        return self.known.roots[person]

    def _keys(self, person: UUID) -> dict[Slot, set[str]]:
        return self.known.keys[self._root(person)]


def _slots(keys: Iterable[ReadKey]) -> dict[Slot, set[str]]:
    found: dict[Slot, set[str]] = defaultdict(set)
    for key in keys:
        found[key.slot].add(key.blind)
    return dict(found)

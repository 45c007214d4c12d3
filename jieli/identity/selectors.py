from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from jieli.governance import facade as governance
from jieli.governance.contracts import Permission
from jieli.identity import normalise, policy, reading
from jieli.identity.contracts import (
    EvidenceView,
    IdentityId,
    IdentityKind,
    IdentityView,
    Key,
    PersonCard,
    PersonId,
    PersonView,
    Tier,
    Trait,
)
from jieli.identity.masks import masked
from jieli.identity.models import Evidence, Identity, Merge, Person, Reveal
from jieli.identity.views import merge_view
from jieli.kernel import clock
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import NotFound

_TIERS = list(Tier)
_FIND = 50


def visible_to(actor: Actor) -> QuerySet[Person]:
    """Staff who may read persons see all, a customer sees the own family, everybody else nobody."""
    if actor.may(Permission.PERSON_READ):
        return Person.objects.all()
    if actor.kind is ActorKind.CUSTOMER:
        return Person.objects.filter(root__family=actor.id)
    return Person.objects.none()


def hold(persons: Iterable[PersonId]) -> set[PersonId]:
    """Lock persons for the rest of the transaction, before anything else of theirs."""
    rows = Person.objects.select_for_update(no_key=True).filter(id__in=set(persons)).order_by("id")
    return {PersonId(key) for key in rows.values_list("id", flat=True)}


def canonical(person: UUID) -> PersonId:
    """Whom the person is found as today. Raises `NotFound`."""
    return canonical_many([person])[person]


def canonical_many(persons: Collection[UUID]) -> dict[UUID, PersonId]:
    """Raises `NotFound` when one of them never existed."""
    roots = dict(Person.objects.filter(id__in=set(persons)).values_list("id", "root_id"))
    if len(roots) < len(set(persons)):
        raise NotFound
    return {person: PersonId(roots[person]) for person in persons}


def family(person: UUID) -> set[PersonId]:
    """All ids under which this person ever was known, the canonical one included."""
    ids = Person.objects.filter(root__family=person).values_list("id", flat=True)
    return {PersonId(one) for one in ids}


def tiers(persons: Collection[UUID]) -> dict[UUID, Tier]:
    """The best tier of each person's family."""
    roots = dict(Person.objects.filter(id__in=set(persons)).values_list("id", "root_id"))
    best: dict[UUID, Tier] = {}
    for root, tier in Person.objects.filter(root__in=set(roots.values())).values_list("root_id", "tier"):
        best[root] = max(best.get(root, Tier.NORMAL), Tier(tier), key=_TIERS.index)
    return {person: best[root] for person, root in roots.items()}


def cards(persons: Iterable[UUID], actor: Actor | None) -> dict[PersonId, PersonCard]:
    """A card per id asked for (old ids included), masked; the name in full only for the system, the customer and
    whoever revealed it minutes ago. Ids that the actor may not see are left out."""
    asked = set(persons)
    seen = Person.objects.all() if actor is None else visible_to(actor)
    roots = dict(seen.filter(id__in=asked).values_list("id", "root_id"))
    families: dict[UUID, list[Person]] = {}
    for row in Person.objects.filter(root__in=set(roots.values())).order_by("id"):
        families.setdefault(row.root_id, []).append(row)
    named = _may_see_name(actor, families.keys())
    made = {root: _card(root, rows, show=root in named) for root, rows in families.items()}
    return {PersonId(one): made[root] for one, root in roots.items()}


def _may_see_name(actor: Actor | None, roots: Collection[UUID]) -> Collection[UUID]:
    if actor is None:
        return ()
    if actor.kind in {ActorKind.SYSTEM, ActorKind.CUSTOMER}:
        return roots
    live = Reveal.objects.filter(by=actor.id, field="name", until__gt=clock.now(), person__root__in=roots)
    return set(live.values_list("person__root_id", flat=True))


def _card(root: UUID, rows: Sequence[Person], *, show: bool) -> PersonCard:
    rows = sorted(rows, key=lambda row: row.id != root)
    name = next((row.name for row in rows if row.name), "")
    return PersonCard(
        id=PersonId(root),
        name_masked=governance.mask_name(name),
        name=name if show else None,
        tier=max((Tier(row.tier) for row in rows), key=_TIERS.index),
        locale=rows[0].locale,
        tags=tuple(dict.fromkeys(tag for row in rows for tag in row.tags)),
    )


def card(person: UUID, actor: Actor) -> PersonCard:
    """Raises `NotFound` where the actor may see nobody."""
    found = cards([person], actor).get(PersonId(person))
    if found is None:
        raise NotFound
    return found


def identities(person: UUID, actor: Actor) -> list[IdentityView]:
    """All keys of the family, masked, the strong ones first; weak ones say why they recognise nobody."""
    return identities_of([card(person, actor).id])


def identities_of(roots: Collection[UUID]) -> list[IdentityView]:
    rows = list(
        Identity.objects.filter(person__root__in=roots, ended_at=None).order_by("-strong", "first_seen", "id")
    )
    first: dict[UUID, str] = {}
    for identity, why in (
        Evidence.objects.filter(identity__in=rows).order_by("id").values_list("identity_id", "why")
    ):
        first[identity] = why
    strong = {row.blind for row in rows if row.strong}
    return [_identity(row, first.get(row.id, "")) for row in rows if row.strong or row.blind not in strong]


def _identity(row: Identity, why: str) -> IdentityView:
    kind = IdentityKind(row.kind)
    return IdentityView(
        id=IdentityId(row.id),
        person=PersonId(row.person_id),
        kind=kind,
        namespace=row.namespace,
        masked=masked(kind, row.value),
        strong=row.strong,
        verified=row.verified,
        why=row.weakness or why,
        confidence=policy.confidence(kind=kind, strong=row.strong, verified=row.verified),
        since=row.first_seen,
        last_seen=row.last_seen,
    )


def evidence(person: UUID, actor: Actor) -> list[EvidenceView]:
    """Why each key stands where it stands, newest first."""
    root = card(person, actor).id
    rows = Evidence.objects.filter(identity__person__root=root).order_by("-id")
    return [
        EvidenceView(IdentityId(r.identity_id), PersonId(r.person_id), r.source, r.why, r.at) for r in rows
    ]


def person(person: UUID, actor: Actor) -> PersonView:
    shown = card(person, actor)
    rows = list(Person.objects.filter(root=shown.id).order_by("id"))
    merges = Merge.objects.filter(Q(absorbed__in=rows) | Q(survivor__in=rows)).order_by("-id")
    return PersonView(
        card=shown,
        identities=tuple(identities_of([shown.id])),
        traits=_traits(rows, shown.id),
        merges=tuple(map(merge_view, merges)),
        since=min(row.created_at for row in rows),
    )


def _traits(rows: Sequence[Person], root: UUID) -> Mapping[str, Trait]:
    found: dict[str, Trait] = {}
    for row in sorted(rows, key=lambda row: row.id == root):  # the survivor's own word comes last and counts
        for name, kept in row.traits.items():
            found[name] = Trait(kept["value"], kept["source"], datetime.fromisoformat(kept["at"]))
    return found


def find(actor: Actor, q: str) -> list[PersonCard]:
    """Persons by exact phone, e-mail or device serial, or by the beginning of a name (two characters or more); of
    several words each must fit, in any order. The oldest 50."""
    actor.require(Permission.PERSON_READ)
    words = normalise.clean(q)[:200].split()
    found: set[UUID] | None = None
    for word in words[:6]:
        hits = _hits(word)
        found = hits if found is None else found & hits
    roots = sorted(found or ())[:_FIND]
    shown = cards(roots, actor)
    return [shown[PersonId(root)] for root in roots]


def _hits(word: str) -> set[UUID]:
    """Roots of families that a word finds."""
    asked = [Key(kind, "", word) for kind in (IdentityKind.PHONE, IdentityKind.EMAIL, IdentityKind.DEVICE)]
    blinds = [key.blind for key in map(reading.read_key, asked) if key]
    by_key = Identity.objects.filter(blind__in=blinds, ended_at=None).values_list(
        "person__root_id", flat=True
    )
    by_name = Person.objects.filter(names__blind=reading.name_blind(word)).values_list("root_id", flat=True)
    return set(by_key[:1000]) | set(by_name[:1000])

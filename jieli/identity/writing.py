"""What a plan says, as rows: the same few statements however many contacts there are."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Case, UUIDField, Value, When

from jieli.identity import policy, reading
from jieli.identity.contracts import ConflictCause
from jieli.identity.events import ConflictFound, PersonsMerged
from jieli.identity.linking import NewMerge, Plan, ReadContact, Settled
from jieli.identity.masks import masked
from jieli.identity.models import Conflict, Evidence, Identity, Merge, NameIndex, Person
from jieli.kernel import decisions, outbox


def write(plan: Plan, *, nameless: Collection[UUID]) -> None:
    """Carry out the plan in the caller's transaction; `nameless` are the locked persons that have no name yet."""
    _write_people(plan)
    _write_links(plan)
    _write_merges(plan)
    _write_conflicts(plan)
    _write_names(plan, nameless)
    _explain(plan)


def _write_people(plan: Plan) -> None:
    Person.objects.bulk_create(
        Person(id=person, root_id=person, name=contact.name, created_at=contact.at)
        for person, contact in plan.people.items()
    )
    _index_names({person: contact.name for person, contact in plan.people.items()})


def _index_names(names: Mapping[UUID, str]) -> None:
    NameIndex.objects.bulk_create(
        [
            NameIndex(person_id=person, blind=blind)
            for person, name in names.items()
            for blind in reading.name_blinds(name)
        ],
        ignore_conflicts=True,
    )


def _write_links(plan: Plan) -> None:
    links = sorted(
        plan.links, key=lambda one: one.key.blind
    )  # one order, so that two writers never wait in a ring
    Identity.objects.bulk_create(
        Identity(
            id=link.identity,
            person_id=link.person,
            kind=link.key.kind,
            namespace=link.key.namespace,
            value=link.key.value,
            blind=link.key.blind,
            strong=link.key.strong,
            verified=link.key.verified,
            weakness=link.key.weakness,
            first_seen=link.contact.at,
            last_seen=link.contact.at,
        )
        for link in links
    )
    Evidence.objects.bulk_create(
        Evidence(
            identity_id=link.identity,
            person_id=link.person,
            source=link.contact.source,
            why=link.why,
            at=link.contact.at,
        )
        for link in links
    )


def _write_merges(plan: Plan) -> None:
    if not plan.merges:
        return
    absorbed = {merge.absorbed: merge.survivor for merge in plan.merges}
    held: dict[UUID, list[str]] = {}
    for root, identity in Identity.objects.filter(person__root__in=absorbed).values_list(
        "person__root_id", "id"
    ):
        held.setdefault(root, []).append(str(identity))
    Merge.objects.bulk_create(
        Merge(
            id=merge.id,
            survivor_id=merge.survivor,
            absorbed_id=merge.absorbed,
            identities=sorted(held.get(merge.absorbed, [])),
            automatic=True,
            decision=merge.id,
            by_name=policy.DECIDER,
            why=f"shared_key:{merge.key.kind}",
            at=merge.contact.at,
        )
        for merge in plan.merges
    )
    Person.objects.filter(id__in=absorbed).update(merged_into=_cases("id", absorbed))
    Person.objects.filter(root__in=absorbed).update(
        root=_cases("root", {one: plan.root(one) for one in absorbed})
    )
    outbox.append(*(PersonsMerged(merge.survivor, merge.absorbed, merge.id) for merge in plan.merges))


def _cases(field: str, values: Mapping[UUID, UUID]) -> Case:
    return Case(
        *(When(**{field: key}, then=Value(value)) for key, value in values.items()), output_field=UUIDField()
    )


def _write_conflicts(plan: Plan) -> None:
    Conflict.objects.bulk_create(
        Conflict(
            id=one.id,
            left_id=one.left,
            right_id=one.right,
            kind=one.key.kind,
            namespace=one.key.namespace,
            value=one.key.value,
            blind=one.key.blind,
            cause=ConflictCause.CONTRADICTING_KEYS,
            source=one.contact.source,
            once=policy.conflict_once(one.left, one.right, one.key.blind),
            at=one.contact.at,
        )
        for one in plan.conflicts
    )
    if plan.conflicts:
        outbox.append(*(ConflictFound(plan.root(one.left), one.id) for one in plan.conflicts))


def _write_names(plan: Plan, nameless: Collection[UUID]) -> None:
    """A person without a name takes the first one a contact gives."""
    given = {
        one.person: one.contact.name
        for one in reversed(plan.settled)
        if one.contact.name and one.person in nameless
    }
    if given:
        Person.objects.bulk_update([Person(id=person, name=name) for person, name in given.items()], ["name"])
        _index_names(given)


def _explain(plan: Plan) -> None:
    changed = [one for one in plan.settled if one.created or one.linked or one.conflict]
    decisions.record(
        *(_link_decision(one, plan.root(one.person)) for one in changed),
        *(_merge_decision(one) for one in plan.merges),
    )


def _link_decision(settled: Settled, root: UUID) -> decisions.Decision:
    return decisions.Decision(
        kind="identity.link",
        subject=root,
        outcome="conflict" if settled.conflict else "created" if settled.created else "linked",
        decider=policy.DECIDER,
        inputs={"source": settled.contact.source, "keys": _shown(settled.contact)},
        reasons=settled.reasons,
        at=settled.contact.at,
    )


def _merge_decision(merge: NewMerge) -> decisions.Decision:
    return decisions.Decision(
        id=merge.id,
        kind="identity.merge",
        subject=merge.survivor,
        outcome="merged",
        decider=policy.DECIDER,
        inputs={
            "absorbed": str(merge.absorbed),
            "source": merge.contact.source,
            "keys": _shown(merge.contact),
        },
        reasons=(f"shared_key:{merge.key.kind}", "no_contradiction"),
        at=merge.contact.at,
    )


def _shown(contact: ReadContact) -> list[dict[str, object]]:
    return [
        {
            "kind": key.kind.value,
            "namespace": key.namespace,
            "masked": masked(key.kind, key.value),
            "strong": key.strong,
            "verified": key.verified,
            "weakness": key.weakness,
        }
        for key in contact.keys
    ]

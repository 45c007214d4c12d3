from collections.abc import Iterator

from django.db.models import Count, F, TextField
from django.db.models.functions import Cast

from jieli.governance import facade as governance
from jieli.identity import policy
from jieli.identity.models import Conflict, Evidence, Identity, JourneyEntry, Merge, Person, Reveal
from jieli.kernel import decisions, laws

_BATCH = 1000
_SEALED = "1:"


@laws.audit(5, "every automatic merge has its decision")
def merges_explained() -> Iterator[tuple[object, str]]:
    rows = list(Merge.objects.filter(automatic=True).values_list("id", "decision"))
    for start in range(0, len(rows), _BATCH):
        chunk = rows[start : start + _BATCH]
        known = decisions.by_id([decision for _, decision in chunk if decision])
        for merge, decision in chunk:
            if decision not in known:
                yield merge, "An automatic merge without the decision that explains it."


@laws.audit(5, "every key has its evidence")
def keys_explained() -> Iterator[tuple[object, str]]:
    for identity in Identity.objects.filter(evidence=None).values_list("id", flat=True):
        yield identity, "A key without evidence of how it came to its person."


@laws.audit(6, "every merge can be undone")
def merges_hold() -> Iterator[tuple[object, str]]:
    into = dict(Person.objects.exclude(merged_into=None).values_list("id", "merged_into_id"))
    active = dict(Merge.objects.filter(undone_at=None).values_list("absorbed_id", "survivor_id"))
    for person in into.keys() - active.keys():
        yield person, "Merged, but by no merge that could be undone."
    for person, survivor in active.items():
        if into.get(person) != survivor:
            yield person, "A merge says where this person went, but the person is not there."


@laws.audit(6, "every family has one root")
def families_hold() -> Iterator[tuple[object, str]]:
    for person in Person.objects.filter(merged_into=None).exclude(root=F("id")).values_list("id", flat=True):
        yield person, "Stands alone, but belongs to another's family."
    for person in (
        Person.objects.exclude(merged_into=None)
        .exclude(root=F("merged_into__root"))
        .values_list("id", flat=True)
    ):
        yield person, "Its family is not the one it was merged into."


@laws.audit(6, "no automatic merge joined two people")
def nobody_joined_wrongly() -> Iterator[tuple[object, str]]:
    exclusive = [kind.value for kind in policy.EXCLUSIVE]
    doubled = (
        Identity.objects.filter(strong=True, ended_at=None, kind__in=exclusive)
        .values("person__root", "kind", "namespace")
        .annotate(held=Count("id"))
        .filter(held__gt=1)
    )
    by_hand = set(
        Merge.objects.filter(undone_at=None, automatic=False).values_list("absorbed__root", flat=True)
    )
    for row in doubled:
        if row["person__root"] not in by_hand:
            yield row["person__root"], f"Holds {row['held']} different {row['kind']} keys and nobody said so."


@laws.audit(8, "sealed columns hold no plain text")
def columns_sealed() -> Iterator[tuple[object, str]]:
    for model, column in ((Person, "name"), (Identity, "value"), (Conflict, "value")):
        plain = (
            model._default_manager.annotate(raw=Cast(column, TextField()))
            .exclude(raw="")
            .exclude(raw__startswith=_SEALED)
        )
        for key in plain.values_list("id", flat=True):
            yield key, f"{model.__name__}.{column} is not encrypted."


@laws.audit(8, "reasons and evidence hold no personal data")
def notes_masked() -> Iterator[tuple[object, str]]:
    told = (
        Merge.objects.values_list("id", "why"),
        Conflict.objects.values_list("id", "reason"),
        Reveal.objects.values_list("id", "reason"),
        Evidence.objects.values_list("id", "source"),
    )
    for rows in told:
        for key, text in rows.iterator(chunk_size=_BATCH):
            if governance.mask_text(text) != text:
                yield key, "A note holds something that should be masked."
    for key, params in JourneyEntry.objects.values_list("id", "params").iterator(chunk_size=_BATCH):
        if any(governance.mask_text(text) != text for text in params.values() if isinstance(text, str)):
            yield key, "A journey entry holds something that should be masked."


@laws.audit(8, "every reveal has a reason and is in the trail")
def reveals_explained() -> Iterator[tuple[object, str]]:
    audited = governance.audited("person.reveal")
    for reveal, person, reason in Reveal.objects.values_list("id", "person_id", "reason").iterator(
        chunk_size=_BATCH
    ):
        if len(reason.strip()) < 4:
            yield reveal, "Revealed without a reason."
        if str(person) not in audited:
            yield reveal, "Revealed without an entry in the audit trail."

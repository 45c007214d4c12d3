"""The snapshots of outside facts: read in bulk, stored in bulk, compared for what moved."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from jieli.kernel import clock, outbox
from jieli.kernel.ids import new_id
from jieli.supply import changes, owners, policy, shapes
from jieli.supply.contracts import FactKind, OwnerKey, RawFact
from jieli.supply.events import ParcelMoved, StockChanged
from jieli.supply.models import FactOwner, FactRow, Question
from jieli.supply.sources.port import Pull

_BATCH = 1000
_ALL = ""


class Shelf:
    """The stored facts and answered questions that matter for one batch of pulls, read in three queries."""

    def __init__(self, pulls: Sequence[Pull], sources: Iterable[str]) -> None:
        self._now = clock.now()
        rows = list(FactRow.objects.filter(_matching(pulls), source__in=set(sources)).defer("private"))
        self._owners = _owners_of(rows)
        self._by: dict[tuple[str, str, object], dict[object, FactRow]] = {}
        for row in rows:
            names: list[object] = [row.key, row.order or None, row.person, _ALL]
            names += [owner.blind for owner in self._owners.get(row.pk, ())]
            for name in names:
                self._by.setdefault((row.source, row.kind, name), {})[row.pk] = row
        self._digests = {pull: digest(pull) for pull in pulls}
        self._answered = _answered(self._digests.values())

    def fresh(self, source: str, pull: Pull) -> list[RawFact] | None:
        """The answer of the source, if it is young enough; [] means that it said “nothing”."""
        since = self._now - policy.FRESH_FOR[pull.kind]
        rows = self._rows(source, pull)
        if pull.key and len(rows) == 1 and rows[0].key == pull.key and rows[0].fetched_at > since:
            return [self._fact(rows[0])]
        answered = self._answered.get((source, self._digests[pull]))
        if answered is None or not since < answered <= self._now:
            return None
        return [self._fact(row) for row in rows if row.fetched_at >= answered]

    def known(self, source: str, pull: Pull) -> list[RawFact]:
        """Whatever is stored, of any age."""
        return [self._fact(row) for row in self._rows(source, pull)]

    def _rows(self, source: str, pull: Pull) -> list[FactRow]:
        names: list[object] = [pull.key or _ALL]
        if pull.is_personal:
            names = [*pull.persons, *(owner.blind for owner in pull.owners)]
        found = {pk: row for name in names for pk, row in self._by.get((source, pull.kind, name), {}).items()}
        return sorted(found.values(), key=lambda row: (row.as_of, row.key), reverse=True)

    def _fact(self, row: FactRow) -> RawFact:
        return RawFact(
            kind=FactKind(row.kind),
            key=row.key,
            value=row.value,
            as_of=row.as_of,
            owners=frozenset(self._owners.get(row.pk, ())),
            person=row.person,
        )


def digest(pull: Pull) -> str:
    """One name for one question: its key, or the whole set of whom it is about."""
    parts = [pull.kind, pull.key]
    if not pull.key:
        parts += sorted(chain(map(str, pull.persons), (owner.blind for owner in pull.owners)))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _matching(pulls: Sequence[Pull]) -> Q:
    keys = {pull.key for pull in pulls if pull.key}
    persons = {person for pull in pulls if not pull.key for person in pull.persons}
    blinds = {owner.blind for pull in pulls if not pull.key for owner in pull.owners}
    owned = FactOwner.objects.filter(blind__in=blinds).values("fact")
    whose = Q(key__in=keys) | Q(order__in=keys) | Q(person__in=persons)
    whose |= Q(kind__in={pull.kind for pull in pulls if not pull.key and not pull.is_personal})
    if blinds:
        whose |= Q(pk__in=owned)
    return whose & Q(kind__in={pull.kind for pull in pulls})


def _owners_of(rows: Sequence[FactRow]) -> dict[object, list[OwnerKey]]:
    found: dict[object, list[OwnerKey]] = {}
    for owner in FactOwner.objects.filter(fact__in=[row.pk for row in rows]):
        found.setdefault(owner.fact_id, []).append(OwnerKey(owner.kind, owner.blind))
    return found


def _answered(digests: Iterable[str]) -> dict[tuple[str, str], datetime]:
    found = Question.objects.filter(digest__in=set(digests))
    return {(row.source, row.digest): row.answered_at for row in found}


@transaction.atomic
def store(source: str, facts: Sequence[RawFact], answered: Iterable[Pull] = ()) -> tuple[int, int]:
    """Keep what the source said, append an event for whatever moved; (how many kept, how many were old news)."""
    now = clock.now()
    newest: dict[tuple[str, str], RawFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.as_of):
        newest[fact.kind, fact.key] = fact
    before = _locked(source, newest)
    kept = [fact for name, fact in newest.items() if name not in before or before[name].as_of <= fact.as_of]
    rows = [_row(source, fact, before.get((fact.kind, fact.key)), now) for fact in kept]
    _upsert(rows)
    _own({row.pk: fact.owners for row, fact in zip(rows, kept, strict=True) if fact.owners})
    _remember(source, answered, now)
    moved = _moved(kept, before, source)
    if moved:
        outbox.append(*moved)
    return len(kept), len(newest) - len(kept)


def _moved(
    kept: Sequence[RawFact], before: Mapping[tuple[str, str], FactRow], source: str
) -> list[ParcelMoved | StockChanged]:
    found = [event for fact in kept for event in changes.between(_value(before, fact), fact, source)]
    parcels = {event.tracking for event in found if isinstance(event, ParcelMoved) and event.person is None}
    if not parcels:
        return found
    whose = owners.persons([fact for fact in kept if fact.kind is FactKind.PARCEL and fact.key in parcels])
    return [
        replace(event, person=event.person or whose.get((FactKind.PARCEL, event.tracking)))
        if isinstance(event, ParcelMoved)
        else event
        for event in found
    ]


def _value(before: Mapping[tuple[str, str], FactRow], fact: RawFact) -> Mapping[str, object] | None:
    row = before.get((fact.kind, fact.key))
    return None if row is None else row.value


def _locked(source: str, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], FactRow]:
    keys = {key for _, key in names}
    rows = FactRow.objects.select_for_update().filter(source=source, key__in=keys).order_by("id")
    return {(row.kind, row.key): row for row in rows}


def _row(source: str, fact: RawFact, before: FactRow | None, now: datetime) -> FactRow:
    private = json.dumps(dict(fact.private), ensure_ascii=False) if fact.private else ""
    return FactRow(
        id=before.pk if before else new_id(),
        kind=fact.kind,
        key=fact.key,
        source=source,
        order=shapes.order_of(fact.value),
        person=fact.person or (before.person if before else None),
        value=dict(fact.value),
        private=private or (before.private if before else ""),
        as_of=fact.as_of,
        fetched_at=now,
    )


def _upsert(rows: Sequence[FactRow]) -> None:
    FactRow.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["kind", "key", "source"],
        update_fields=["order", "person", "value", "private", "as_of", "fetched_at"],
    )


def _own(owners: Mapping[UUID, frozenset[OwnerKey]]) -> None:
    FactOwner.objects.bulk_create(
        [
            FactOwner(fact_id=pk, kind=owner.kind, blind=owner.blind)
            for pk, keys in owners.items()
            for owner in keys
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def _remember(source: str, answered: Iterable[Pull], now: datetime) -> None:
    Question.objects.bulk_create(
        [Question(source=source, digest=one, answered_at=now) for one in {digest(pull) for pull in answered}],
        update_conflicts=True,
        unique_fields=["source", "digest"],
        update_fields=["answered_at"],
    )

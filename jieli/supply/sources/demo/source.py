"""A mini ERP in our own database, so that everything works before a real one is connected; its facts say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from jieli.kernel import clock
from jieli.kernel.errors import Transient
from jieli.supply.contracts import FactKind, OwnerKey, RawFact
from jieli.supply.errors import SourceSettingsWrong
from jieli.supply.sources.demo.models import DemoRecord
from jieli.supply.sources.port import Pull

_ALL = ""
_PLAYS = frozenset({"", "silent", "broken"})


def make(name: str, settings: Mapping[str, Any]) -> "DemoSource":
    plays = str(settings.get("plays", ""))
    if plays not in _PLAYS:
        raise SourceSettingsWrong("“plays” is silent, broken or empty.")
    return DemoSource(name, plays)


class DemoSource:
    def __init__(self, name: str, plays: str) -> None:
        self.name = name
        self._plays = plays

    def read(self, pulls: Sequence[Pull]) -> dict[Pull, list[RawFact]]:
        if self._plays:
            raise Transient(f"the demo source plays {self._plays}", code=self._plays)
        now = clock.now()
        shelf = _Shelf(row for match in _matching(pulls) for row in _rows(DemoRecord.objects.filter(match)))
        return {pull: [_fact(row, now) for row in shelf.for_pull(pull)] for pull in pulls}

    def everything(self, kind: FactKind) -> list[RawFact]:
        now = clock.now()
        return [_fact(row, now) for row in _rows(DemoRecord.objects.filter(kind=kind).order_by("key"))]


class _Row(NamedTuple):
    """What of a record makes a fact; read as a tuple, because a batch of questions reads thousands."""

    pk: UUID
    kind: str
    key: str
    order: str
    person: UUID | None
    owner: str
    value: Any
    changed_at: datetime


def _rows(found: "QuerySet[DemoRecord]") -> Iterator[_Row]:
    return map(_Row._make, found.values_list(*_Row._fields))


def _matching(pulls: Sequence[Pull]) -> Iterator[Q]:
    """The rows of the batch by person, by owner, by key, by order, and whole kinds. One query for each that is asked
    for: of several ways in one OR, a database takes none of the indexes. What comes twice is told by its id."""
    kinds = Q(kind__in={pull.kind for pull in pulls})
    wanted: dict[str, set[Any]] = {
        "person__in": {person for pull in pulls if not pull.key for person in pull.persons},
        "owner__in": {owner.blind for pull in pulls if not pull.key for owner in pull.owners},
        "key__in": (keys := {pull.key for pull in pulls if pull.key}),
        "order__in": keys,
        "kind__in": {pull.kind for pull in pulls if not pull.key and not pull.is_personal},
    }
    return (kinds & Q(**{name: values}) for name, values in wanted.items() if values)


class _Shelf:
    """The rows of one batch, by everything a pull may name them by."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._by: dict[tuple[str, object], dict[object, _Row]] = {}
        for row in rows:
            for name in (row.key, row.order or None, row.person, row.owner or None, _ALL):
                self._by.setdefault((row.kind, name), {})[row.pk] = row

    def for_pull(self, pull: Pull) -> list[_Row]:
        names: list[object] = [pull.key or _ALL]
        if pull.is_personal:
            names = [*pull.persons, *(owner.blind for owner in pull.owners)]
        found = {pk: row for name in names for pk, row in self._by.get((pull.kind, name), {}).items()}
        return sorted(found.values(), key=lambda row: (row.changed_at, row.key), reverse=True)


def _fact(row: _Row, now: Any) -> RawFact:
    """The ERP is read directly, so its value is vouched for now."""
    return RawFact(
        kind=FactKind(row.kind),
        key=row.key,
        value=row.value,
        as_of=now,
        owners=frozenset({OwnerKey("", row.owner)} if row.owner else ()),
        person=row.person,
    )

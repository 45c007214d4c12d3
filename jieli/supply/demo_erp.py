"""Fills and moves the demo's mini ERP: the seed in bulk, the simulator's carriers and warehouses step by step."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction

from jieli.kernel import clock, outbox
from jieli.supply import catalogue, changes, shapes
from jieli.supply.contracts import DemoChange, DemoEntry, RawFact
from jieli.supply.errors import FactUnusable
from jieli.supply.sources.demo.models import DemoRecord

_BATCH = 2000
NAME = "demo"


def load(entries: Iterable[DemoEntry]) -> int:
    """Store the entries, replacing those of the same kind and key; returns how many. Tells nobody."""
    waiting, count = iter(entries), 0
    while batch := list(islice(waiting, _BATCH)):
        _store(batch)
        count += len(batch)
    catalogue.forget()
    return count


@transaction.atomic
def _store(entries: Sequence[DemoEntry]) -> None:
    now = clock.now()
    DemoRecord.objects.bulk_create(
        [
            DemoRecord(
                kind=entry.kind,
                key=entry.key,
                order=shapes.order_of(entry.value),
                person=entry.person,
                owner=entry.owner,
                value=shapes.checked(entry.kind, entry.value),
                private=json.dumps(dict(entry.private), ensure_ascii=False) if entry.private else "",
                changed_at=entry.changed_at or now,
            )
            for entry in entries
        ],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["order", "person", "owner", "value", "private", "changed_at"],
    )


@transaction.atomic
def change(moves: Sequence[DemoChange]) -> int:
    """Let records move on, with the events that a real source's push would cause; returns how many existed."""
    now = clock.now()
    wanted = {(move.kind.value, move.key): move for move in moves}
    rows = DemoRecord.objects.select_for_update().filter(key__in={move.key for move in moves}).order_by("id")
    found = [row for row in rows if (row.kind, row.key) in wanted]
    events = []
    for row in found:
        move = wanted[row.kind, row.key]
        before, row.value = row.value, shapes.checked(move.kind, _moved(row.value, move))
        row.changed_at = now
        after = RawFact(kind=move.kind, key=row.key, value=row.value, as_of=now, person=row.person)
        events += changes.between(before, after, NAME)
    DemoRecord.objects.bulk_update(found, ["value", "changed_at"], batch_size=_BATCH)
    if events:
        outbox.append(*events)
    return len(found)


def _moved(value: dict[str, object], move: DemoChange) -> dict[str, object]:
    after = {key: one for key, one in (value | dict(move.patch)).items() if one is not None}
    if move.track is None:
        return after
    tracks = after.get("tracks", [])
    if not isinstance(tracks, list):
        raise FactUnusable(f"{move.kind} has no tracks.")
    return after | {"tracks": [*tracks, dict(move.track)]}

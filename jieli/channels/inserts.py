"""One transaction that makes a batch of arrivals durable, with two statements whatever its size."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jieli.channels import calls
from jieli.channels.arrivals import Arrival
from jieli.channels.contracts import Accepted, InboxId
from jieli.kernel.ids import new_id

_COLUMNS = "id, channel_id, dedupe_key, sender_index, lane, payload, received_at, attempts, last_error"
_ROW = "(%s, %s, %s, %s, %s, %s, %s, 0, '')"

Key = tuple[UUID, str]


def store(arrivals: Sequence[Arrival]) -> list[Accepted]:
    """Durable when this returns, in the order given. What was stored before keeps its first id."""
    ids = [new_id() for _ in arrivals]
    with transaction.atomic():
        fresh = _insert(ids, arrivals)
        repeated = [_key(a) for i, a in zip(ids, arrivals, strict=True) if i not in fresh]
        first = _first_ids(repeated) if repeated else {}
        calls.ring((i, a) for i, a in zip(ids, arrivals, strict=True) if i in fresh)
    return [
        Accepted(InboxId(i)) if i in fresh else Accepted(InboxId(first[_key(a)]), duplicate=True)
        for i, a in zip(ids, arrivals, strict=True)
    ]


def _key(arrival: Arrival) -> Key:
    return arrival.channel.id, arrival.dedupe_key


def _insert(ids: Sequence[UUID], arrivals: Sequence[Arrival]) -> set[UUID]:
    values: list[Any] = []
    for i, a in zip(ids, arrivals, strict=True):
        values += (
            _id(i),
            _id(a.channel.id),
            a.dedupe_key,
            a.sender_index,
            a.lane,
            a.payload,
            _time(a.received_at),
        )
    with connection.cursor() as cursor:
        cursor.execute(_insert_sql(len(ids)), values)
        return {_read_id(row[0]) for row in cursor.fetchall()}


@lru_cache(maxsize=256)
def _insert_sql(count: int) -> str:
    rows = ", ".join([_ROW] * count)
    return (
        f"INSERT INTO channels_inbox ({_COLUMNS}) VALUES {rows} "
        "ON CONFLICT (channel_id, dedupe_key) DO NOTHING RETURNING id"
    )


def _first_ids(keys: Iterable[Key]) -> dict[Key, UUID]:
    wanted = set(keys)
    pairs = ", ".join(["(%s, %s)"] * len(wanted))
    values = [value for channel, key in wanted for value in (_id(channel), key)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id, dedupe_key, id FROM channels_inbox "
            f"WHERE (channel_id, dedupe_key) IN (VALUES {pairs})",
            values,
        )
        return {(_read_id(channel), key): _read_id(found) for channel, key, found in cursor.fetchall()}


def _id(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _read_id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _time(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value)

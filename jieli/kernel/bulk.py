"""Many rows in one statement, without the ORM's per-field work: the same rows as `bulk_create`, several times quicker.

Values are what the model instances hold; defaults, seals and JSON are applied, signals and auto-now are not (no
model here has them). PostgreSQL takes plain inserts through COPY.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from django.db import connection, models, transaction
from django.db.models.base import ModelState

from jieli.kernel import crypto
from jieli.kernel.fields import SealedField

M = TypeVar("M", bound=models.Model)
Adapt = Callable[[Any], Any]
Values = Sequence[Sequence[Any]]
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Table:
    """A model as SQL needs it: quoted names, and what turns a held value into a stored one."""

    name: str
    plain_name: str
    column_of: Mapping[str, str]
    type_of: Mapping[str, str]
    held: Callable[[models.Model], tuple[Any, ...]]
    adapted: tuple[tuple[int, Adapt], ...]

    @property
    def columns(self) -> str:
        return ", ".join(self.column_of.values())

    @property
    def placeholders(self) -> str:
        return ", ".join(["%s"] * len(self.column_of))

    def listed(self, attributes: Sequence[str]) -> str:
        return ", ".join(self.column_of[name] for name in attributes)

    def action(self, update: Sequence[str]) -> str:
        changed = (self.column_of[name] for name in update)
        return "UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in changed) if update else "NOTHING"

    def values(self, row: models.Model) -> list[Any]:
        values = list(self.held(row))
        for place, adapt in self.adapted:
            values[place] = adapt(values[place])
        return values


def row(model: type[M], **values: Any) -> M:
    """A new row as `model(**values)` makes it, at a fifth of the cost; values go by column (`person_id`, not `person`).

    Raises `TypeError` for a name that is no column.
    """
    fixed, made_anew = _defaults(model)
    if unknown := values.keys() - fixed.keys() - made_anew.keys():
        raise TypeError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    made = model.__new__(model)
    made._state = ModelState()
    made.__dict__.update(fixed, **values)
    for name, default in made_anew.items():
        if name not in values:
            made.__dict__[name] = default()
    return made


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """Values every new row begins with, and what makes those that each row has of its own."""
    fixed: dict[str, Any] = {}
    made_anew: dict[str, Callable[[], Any]] = {}
    for field in model._meta.concrete_fields:
        if field.has_default() and callable(field.default):
            made_anew[field.attname] = field.default
        else:
            fixed[field.attname] = field.get_default()
    return fixed, made_anew


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model. Raises `IntegrityError` as `bulk_create` does."""
    if not rows:
        return
    table = _table(type(rows[0]), connection.vendor)
    values = [table.values(row) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"{table.name} ({table.columns})", values)
        else:
            cursor.executemany(
                f"INSERT INTO {table.name} ({table.columns}) VALUES ({table.placeholders})", values
            )


def upsert(rows: Sequence[models.Model], *, unique: Sequence[str], update: Sequence[str]) -> None:
    """Insert rows of one model; those whose `unique` fields are there already get their `update` fields changed.

    With fields to update, no two rows of one call may be the same by `unique`; with none, the first one stays.
    """
    if not rows:
        return
    table = _table(type(rows[0]), connection.vendor)
    values = [table.values(row) for row in rows]
    conflict = f"ON CONFLICT ({table.listed(unique)}) DO {table.action(update)}"
    into = f"INSERT INTO {table.name} ({table.columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _merge(cursor, table, values, into, conflict)
        else:
            cursor.executemany(f"{into} VALUES ({table.placeholders}) {conflict}", values)


def update(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of rows of one model, found by their primary keys; other fields need not be loaded."""
    if not rows:
        return
    table = _table(type(rows[0]), connection.vendor)
    key = rows[0]._meta.pk.attname
    adapted = dict(table.adapted)
    places = {name: place for place, name in enumerate(table.column_of)}
    wanted = [(name, adapted.get(places[name], _same)) for name in (*fields, key)]
    values = [[adapt(getattr(row, name)) for name, adapt in wanted] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _update_from(cursor, table, fields, key, values)
        else:
            changed = ", ".join(f"{table.column_of[name]} = %s" for name in fields)
            cursor.executemany(f"UPDATE {table.name} SET {changed} WHERE {table.column_of[key]} = %s", values)


def _update_from(cursor: Any, table: "_Table", fields: Sequence[str], key: str, values: Values) -> None:
    """One statement for all rows: PostgreSQL would plan each of many anew. A column is one array, because thousands
    of parameters cost more than what they change."""
    names = [table.column_of[name] for name in (*fields, key)]
    arrays = ", ".join(f"%s::{table.type_of[name]}[]" for name in (*fields, key))
    changed = ", ".join(f"{name} = new.{name}" for name in names[:-1])
    cursor.execute(
        f"UPDATE {table.name} SET {changed} FROM unnest({arrays}) AS new({', '.join(names)}) "
        f"WHERE {table.name}.{names[-1]} = new.{names[-1]}",
        [list(column) for column in zip(*values, strict=True)],
    )


def _merge(cursor: Any, table: "_Table", values: Values, into: str, conflict: str) -> None:
    """COPY cannot meet a conflict, so the rows go through a temporary table, made once per connection."""
    waiting = connection.ops.quote_name(f"new_{table.plain_name}")
    with transaction.atomic(savepoint=False):
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {waiting} (LIKE {table.name}) ON COMMIT DELETE ROWS")
        cursor.execute(f"DELETE FROM {waiting}")  # an earlier merge of the same transaction
        _copy(cursor, f"{waiting} ({table.columns})", values)
        cursor.execute(f"{into} SELECT {table.columns} FROM {waiting} {conflict}")


def _copy(cursor: Any, target: str, values: Values) -> None:
    with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for value in values:
            copy.write_row(value)


@lru_cache(maxsize=200)
def _table(model: type[models.Model], vendor: str) -> _Table:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    quote = connection.ops.quote_name
    adapters = [_adapter(field, vendor) for field in fields]
    return _Table(
        name=quote(model._meta.db_table),
        plain_name=model._meta.db_table,
        column_of={field.attname: quote(str(field.column)) for field in fields},
        type_of={field.attname: str(field.db_type(connection)) for field in fields},
        held=attrgetter(*(field.attname for field in fields)),
        adapted=tuple((place, adapt) for place, adapt in enumerate(adapters) if adapt is not _same),
    )


def _adapter(field: "models.Field[Any, Any]", vendor: str) -> Adapt:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    special: tuple[tuple[type[Any], Adapt], ...] = (
        (SealedField, _sealed),
        (models.JSONField, _json),
        (models.UUIDField, _hex if vendor == "sqlite" else _same),
        (models.DateTimeField, _naive if vendor == "sqlite" else _same),
        (models.CharField, _text),
        (models.TextField, _text),
        (models.IntegerField, _same),
        (models.BooleanField, _same),
        (models.FloatField, _same),
    )
    found = next((adapt for kind, adapt in special if isinstance(field, kind)), None)
    return found or (lambda value: field.get_db_prep_save(value, connection))


def _same(value: Any) -> Any:
    return value


def _hex(value: Any) -> Any:
    return None if value is None else value.hex


def _naive(value: Any) -> Any:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


def _json(value: Any) -> Any:
    return None if value is None else _encode(value).decode()


def _sealed(value: Any) -> Any:
    return None if value is None else crypto.seal(str(value))


def _text(value: Any) -> Any:
    return value.value if type(value) is not str and isinstance(value, Enum) else value

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from jieli.kernel import clock
from jieli.live import models, policy
from jieli.live.contracts import (
    DueAfter,
    DueRule,
    HostPromise,
    Item,
    PromiseKind,
    Room,
    Session,
    SessionSummary,
)


def sessions_between(start: datetime, end: datetime) -> list[Session]:
    """Whole sessions that overlap the span, oldest first; three queries."""
    rows = models.Session.objects.filter(ends_at__gte=start, starts_at__lte=end).order_by("starts_at", "id")
    return as_contracts(rows)


def known(keys: Collection[str]) -> set[str]:
    promised = models.HostPromise.objects.filter(key__in=keys).values_list("key", flat=True)
    return {*promised, *models.Session.objects.filter(key__in=keys).values_list("key", flat=True)}


def session(session_id: UUID) -> Session | None:
    return next(iter(as_contracts(models.Session.objects.filter(id=session_id))), None)


def as_contracts(rows: "QuerySet[models.Session]") -> list[Session]:
    now = clock.now()
    whole = rows.select_related("room").prefetch_related("items", "promises")
    return [_session(row, now) for row in whole]


def summaries(rows: Iterable[models.Session]) -> list[SessionSummary]:
    now = clock.now()
    ids = [row.id for row in rows]
    counted = models.Session.objects.filter(id__in=ids).select_related("room")
    counted = counted.annotate(
        n_items=Count("items", distinct=True), n_promises=Count("promises", distinct=True)
    )
    found: dict[Any, Any] = {row.id: row for row in counted}
    return [_summary(found[one], now) for one in ids]


def _summary(row: Any, now: datetime) -> SessionSummary:
    return SessionSummary(
        id=row.id,
        key=row.key,
        room=row.room.key,
        room_name=row.room.name,
        host=row.room.host,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=policy.state(row.starts_at, row.ends_at, now),
        items=row.n_items,
        promises=row.n_promises,
    )


def _session(row: models.Session, now: datetime) -> Session:
    return Session(
        id=row.id,
        key=row.key,
        room=_room(row.room),
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=policy.state(row.starts_at, row.ends_at, now),
        items=tuple(sorted((_item(one) for one in row.items.all()), key=lambda item: item.position)),
        promises=tuple(sorted((_promise(one) for one in row.promises.all()), key=lambda made: made.said_at)),
    )


def _room(row: models.Room) -> Room:
    return Room(key=row.key, name=row.name, host=row.host, platform=row.platform, name_en=row.name_en)


def _item(row: models.SessionItem) -> Item:
    return Item(
        sku=row.sku,
        position=row.position,
        price=str(row.price),
        on_air_from=row.on_air_from,
        on_air_to=row.on_air_to,
        script=row.script,
        names=tuple(row.names),
    )


def _promise(row: models.HostPromise) -> HostPromise:
    return HostPromise(
        id=row.id,
        key=row.key,
        kind=PromiseKind(row.kind),
        words=row.words,
        said_at=row.said_at,
        due=DueRule(DueAfter(row.due_after), row.due_within_h),
        sku=row.sku,
        conditions=row.conditions,
        evidence=row.evidence,
    )

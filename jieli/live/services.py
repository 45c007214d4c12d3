"""Imports of rooms and sessions, in bulk and repeatable."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction

from jieli.kernel import outbox, wake
from jieli.live import index, models
from jieli.live.contracts import HostPromise, Item, NewSession, Room
from jieli.live.errors import SessionWrong
from jieli.live.events import SessionChanged


@transaction.atomic
def import_rooms(rooms: Sequence[Room]) -> int:
    models.Room.objects.bulk_create(
        [
            models.Room(key=one.key, name=one.name, name_en=one.name_en, platform=one.platform, host=one.host)
            for one in rooms
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "name_en", "platform", "host"],
    )
    _tell()
    return len(rooms)


@transaction.atomic
def import_sessions(sessions: Sequence[NewSession]) -> int:
    """Store sessions with their items and promises; a promise keeps its id when it is imported again."""
    rooms = dict(models.Room.objects.filter(key__in={one.room for one in sessions}).values_list("key", "id"))
    for one in sessions:
        _check(one, rooms)
    models.Session.objects.bulk_create(
        [
            models.Session(
                key=one.key,
                room_id=rooms[one.room],
                title=one.title,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
            )
            for one in sessions
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["room", "title", "starts_at", "ends_at"],
    )
    keys = {one.key for one in sessions}
    ids = dict(models.Session.objects.filter(key__in=keys).values_list("key", "id"))
    for new in sessions:
        _replace_contents(new, ids[new.key])
    outbox.append(*(SessionChanged(ids[one.key], one.key) for one in sessions))
    _tell()
    return len(sessions)


def _check(new: NewSession, rooms: Mapping[str, UUID]) -> None:
    if new.room not in rooms:
        raise SessionWrong(f"Session {new.key}: there is no room {new.room}; import it first.")
    if new.ends_at <= new.starts_at:
        raise SessionWrong(f"Session {new.key} ends before it starts.")


def _replace_contents(new: NewSession, session: UUID) -> None:
    models.SessionItem.objects.filter(session_id=session).delete()
    models.SessionItem.objects.bulk_create([_item(one, session) for one in new.items])
    gone = models.HostPromise.objects.filter(session_id=session)
    gone.exclude(key__in=[one.key for one in new.promises]).delete()
    models.HostPromise.objects.bulk_create(
        [_promise(one, session) for one in new.promises],
        update_conflicts=True,
        unique_fields=["session", "key"],
        update_fields=[
            "sku",
            "kind",
            "words",
            "said_at",
            "conditions",
            "due_after",
            "due_within_h",
            "evidence",
        ],
    )


def _item(one: Item, session: UUID) -> models.SessionItem:
    try:
        price = Decimal(one.price)
    except InvalidOperation:
        raise SessionWrong(f"{one.sku}: “{one.price}” is no price.") from None
    return models.SessionItem(
        session_id=session,
        sku=one.sku,
        position=one.position,
        on_air_from=one.on_air_from,
        on_air_to=one.on_air_to,
        price=price,
        script=one.script,
        names=list(one.names),
    )


def _promise(one: HostPromise, session: UUID) -> models.HostPromise:
    return models.HostPromise(
        session_id=session,
        key=one.key,
        sku=one.sku,
        kind=one.kind,
        words=one.words,
        said_at=one.said_at,
        conditions=one.conditions,
        due_after=one.due.after,
        due_within_h=one.due.within_h,
        evidence=dict(one.evidence),
    )


def _tell() -> None:
    index.forget()
    transaction.on_commit(lambda: wake.ring(index.WAKE))

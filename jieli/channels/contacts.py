"""Contacts: which addresses a person has, and what may be written to each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.channels import arrivals, calls, directory, policy
from jieli.channels.contracts import (
    ChannelId,
    ContactId,
    ContactView,
    Heard,
    WindowView,
)
from jieli.channels.models import Contact
from jieli.channels.policy import Address, Window
from jieli.kernel import bulk, clock


def windows_of(row: Contact) -> tuple[Window, ...]:
    return tuple(msgspec.convert(row.windows, list[Window]))


def put_windows(row: Contact, windows: Iterable[Window]) -> None:
    kept = tuple(windows)
    row.windows = msgspec.to_builtins(kept)
    row.window_closes_at = max((w.closes_at for w in kept), default=None)


def address(row: Contact, line: directory.Line) -> Address:
    return Address(
        rules=line.manifest.rules,
        windows=windows_of(row),
        enabled=line.enabled,
        can_send=line.adapter is not None and line.adapter.can_send,
        muted_at=row.muted_at,
        last_inbound_at=row.last_inbound_at,
    )


def locked(ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """In the order of their ids, so that two transactions never wait for each other."""
    rows = Contact.objects.select_for_update().filter(id__in=set(ids)).order_by("id")
    return {row.id: row for row in rows}


def locked_of(persons: Collection[UUID]) -> dict[UUID, Contact]:
    """All contacts of the persons, locked in the same order."""
    rows = Contact.objects.select_for_update().filter(person__in=persons).order_by("id")
    return {row.id: row for row in rows}


@transaction.atomic
def note_inbound(heard: Sequence[Heard]) -> list[Contact]:
    """The contacts in the order given; new ones are made. Each act in turn may open a window or forbid writing."""
    indexes = [
        arrivals.sender_index(directory.line(one.contact.channel).ref, one.contact.sender) for one in heard
    ]
    rows = _locked_by_index(set(indexes))
    missing = {index: one for one, index in zip(heard, indexes, strict=True) if index not in rows}
    if missing:
        _create(missing)
        rows |= _locked_by_index(set(missing))
    for one, index in zip(heard, indexes, strict=True):
        _note(rows[index], one)
    save(rows.values(), "person", "last_inbound_at", "muted_at")
    return [rows[index] for index in indexes]


def _locked_by_index(indexes: set[str]) -> dict[str, Contact]:
    rows = Contact.objects.select_for_update().filter(sender_index__in=indexes).order_by("id")
    return {row.sender_index: row for row in rows}


def _create(missing: Mapping[str, Heard]) -> None:
    Contact.objects.bulk_create(
        [
            Contact(
                channel_id=one.contact.channel,
                sender_index=index,
                sender_key=one.contact.sender,
                person=one.person,
            )
            for index, one in missing.items()
        ],
        ignore_conflicts=True,
    )


def save(rows: Iterable[Contact], *fields: str) -> None:
    """Locked rows with their windows and the fields named, in one statement."""
    bulk.upsert(list(rows), unique=["id"], update=["windows", "window_closes_at", *fields])


def _note(row: Contact, heard: Heard) -> None:
    rules = directory.line(heard.contact.channel).manifest.rules
    row.person = heard.person
    put_windows(row, policy.opened(windows_of(row), rules, heard.event, heard.at))
    if row.last_inbound_at is None or heard.at > row.last_inbound_at:
        row.last_inbound_at = heard.at
    if heard.event in rules.shuts_on:
        row.muted_at = heard.at


def mute(ids: Sequence[ContactId], *, muted: bool) -> None:
    """The customer wants no messages there, or wants them again."""
    Contact.objects.filter(id__in=ids).update(muted_at=clock.now() if muted else None)


def move(ids: Sequence[ContactId], person: UUID) -> None:
    """After a merge or its undo: these contacts are that person's."""
    Contact.objects.filter(id__in=ids).update(person=person)


def views(rows: Iterable[Contact], now: datetime) -> list[ContactView]:
    return [_view(row, now) for row in rows]


def _view(row: Contact, now: datetime) -> ContactView:
    line = directory.line(ChannelId(row.channel_id))
    where = address(row, line)
    return ContactView(
        id=ContactId(row.id),
        channel=line.ref,
        person=row.person,
        masked=calls.masked(row.sender_key),
        last_inbound_at=row.last_inbound_at,
        open=policy.may_be_written_to(where, now),
        window=policy.view(where.windows, now),
        muted=row.muted_at is not None,
    )


def by_id(ids: Sequence[ContactId]) -> dict[ContactId, ContactView]:
    found = views(Contact.objects.filter(id__in=ids), clock.now())
    return {view.id: view for view in found}


def of_person(person: UUID) -> list[ContactView]:
    """Most recently heard first."""
    found = views(Contact.objects.filter(person=person), clock.now())
    return sorted(found, key=lambda view: _seconds(view.last_inbound_at), reverse=True)


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else float("-inf")


def windows(ids: Sequence[ContactId]) -> Mapping[ContactId, WindowView | None]:
    now = clock.now()
    rows: Any = Contact.objects.filter(id__in=ids).only("id", "windows")
    return {ContactId(row.id): policy.view(windows_of(row), now) for row in rows}

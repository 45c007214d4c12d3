from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from jieli.identity import facade as identity
from jieli.kernel.actor import Actor, ActorKind
from jieli.relay import policy
from jieli.relay.contracts import (
    Baton,
    Handover,
    HandoverState,
    Holder,
    HolderKind,
    MatterKind,
    MatterState,
)
from jieli.relay.errors import MatterNotFound
from jieli.relay.models import Handover as HandoverRow
from jieli.relay.models import Matter


def own_ids(actor: Actor) -> frozenset[UUID]:
    """All ids under which a customer's rows may stand (a merge leaves rows where they are); nobody else has any."""
    if actor.kind is not ActorKind.CUSTOMER or actor.id is None:
        return frozenset()
    return frozenset({actor.id, *identity.family(actor.id)})


def visible_to(actor: Actor) -> "QuerySet[Matter]":
    """Staff see the kinds their role reads, customers what is theirs, the bot and the system everything."""
    if actor.kind in (ActorKind.SYSTEM, ActorKind.BOT):
        return Matter.objects.all()
    if actor.kind is ActorKind.CUSTOMER:
        return Matter.objects.filter(person__in=own_ids(actor))
    return Matter.objects.filter(kind__in=policy.readable_kinds(actor))


def locked(ids: Iterable[UUID]) -> dict[UUID, Matter]:
    """The rows of all the ids, locked in the order of their ids. Raises `MatterNotFound` if one is missing."""
    wanted = set(ids)
    rows = {row.id: row for row in Matter.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    if len(rows) < len(wanted):
        raise MatterNotFound
    return rows


def hold(ids: Iterable[UUID]) -> None:
    """Lock matters, in the order of their ids, for the rest of the transaction; missing ones are no mistake here."""
    list(Matter.objects.select_for_update().filter(id__in=set(ids)).order_by("id").values_list("id"))


def states(ids: Iterable[UUID]) -> dict[UUID, MatterState]:
    return {row.id: as_state(row) for row in Matter.objects.filter(id__in=set(ids))}


def state_for(actor: Actor, matter: UUID) -> MatterState:
    row = visible_to(actor).filter(id=matter).first()
    if row is None:
        raise MatterNotFound
    return as_state(row)


def matters_of(persons: Iterable[UUID], *, only_open: bool = True) -> list[MatterState]:
    rows = Matter.objects.filter(person__in=set(persons)).order_by("-id")
    return [as_state(row) for row in (rows.filter(state="open") if only_open else rows)]


def held_by(holders: Iterable[Holder]) -> list[MatterState]:
    """Open matters in the hands of any of the holders, oldest first."""
    held = Q()
    for holder in holders:
        held |= Q(holder_kind=holder.kind, holder_id=holder.id)
    return [as_state(row) for row in Matter.objects.filter(held, state="open").order_by("id")] if held else []


def handovers(matters: Iterable[UUID]) -> dict[UUID, list[Handover]]:
    """Each matter's handovers in their order; together they tile its life."""
    wanted = set(matters)
    found: dict[UUID, list[Handover]] = {matter: [] for matter in wanted}
    for row in HandoverRow.objects.filter(matter_id__in=wanted).order_by("id"):
        found[row.matter_id].append(as_handover(row))
    return found


def current_handover(matter: UUID) -> Handover:
    return as_handover(HandoverRow.objects.filter(matter_id=matter).order_by("-id")[0])


def as_states(rows: Sequence[Matter]) -> list[MatterState]:
    return [as_state(row) for row in rows]


def as_state(row: Matter) -> MatterState:
    return MatterState(
        id=row.id,
        kind=MatterKind(row.kind),
        person=row.person,
        parent=row.parent_id,
        title=row.title,
        open=row.state == "open",
        severity=row.severity,
        holder=Holder(HolderKind(row.holder_kind), row.holder_id),
        next_step=row.next_step,
        next_note=row.next_note,
        due_at=row.due_at,
        accept_by=row.accept_by,
        accepted_at=row.accepted_at,
        line=row.line,
        line_step=row.line_step,
        version=row.version,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )


def as_handover(row: HandoverRow) -> Handover:
    return Handover(
        id=row.id,
        matter=row.matter_id,
        from_holder=Holder(HolderKind(row.from_kind), row.from_id) if row.from_kind else None,
        to_holder=Holder(HolderKind(row.to_kind), row.to_id),
        why=row.why,
        baton=as_baton(row.baton),
        by_kind=row.by_kind,
        by_id=row.by_id,
        at=row.at,
        accept_by=row.accept_by,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
        state=HandoverState(row.state),
    )


def as_baton(stored: dict[str, Any]) -> Baton:
    return msgspec.convert(stored, Baton)

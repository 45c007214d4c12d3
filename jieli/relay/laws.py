"""Audits of what the relay must never let happen."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from jieli.governance import facade as governance
from jieli.governance.contracts import StaffId
from jieli.kernel import clock
from jieli.kernel.laws import audit
from jieli.kernel.models import Deadline
from jieli.relay import ledger
from jieli.relay.contracts import HolderKind
from jieli.relay.models import Handover, Matter

_GRACE = timedelta(minutes=5)
_HUMAN = (HolderKind.AGENT, HolderKind.EXPERT, HolderKind.ENGINEER)
Found = Iterator[tuple[UUID, str]]


@audit(1, "relay: open matters have holder, next step and due time")
def incomplete() -> Found:
    missing = Q(holder_kind="") | Q(next_step="") | Q(due_at=None)
    for row in Matter.objects.filter(missing, state="open").iterator():
        yield row.id, "open without holder, next step or due time"


@audit(1, "relay: overdue matters were passed on")
def left_lying() -> Found:
    """Five minutes after its due time the sweeper must have given an open matter a new one."""
    late = clock.now() - _GRACE
    for row in Matter.objects.filter(state="open", due_at__lt=late).iterator():
        yield row.id, f"overdue since {row.due_at} in the hands of {row.holder_kind} {row.holder_id}"
    unanswered = Matter.objects.filter(state="open", accepted_at=None, accept_by__lt=late)
    for row in unanswered.iterator():
        yield row.id, f"not accepted by {row.holder_kind} {row.holder_id} since {row.accept_by}"


@audit(1, "relay: every open matter is watched")
def unwatched() -> Found:
    watched = Deadline.objects.filter(kind=ledger.DUE, subject=OuterRef("id"), due_at__lte=OuterRef("due_at"))
    for row in Matter.objects.filter(~Exists(watched), state="open").iterator():
        yield row.id, "no deadline will ring at its due time"
    offered = Deadline.objects.filter(kind=ledger.ACCEPT, subject=OuterRef("id"))
    waiting = Matter.objects.filter(~Exists(offered), state="open", accepted_at=None)
    for row in waiting.iterator():
        yield row.id, "no deadline will ring if its holder never accepts"


@audit(1, "relay: people who hold a matter exist")
def held_by_nobody() -> Found:
    held = Matter.objects.filter(state="open", holder_kind__in=(HolderKind.AGENT, HolderKind.EXPERT))
    ids = {id_: _staff_id(id_) for id_ in set(held.values_list("holder_id", flat=True))}
    known = governance.people([id_ for id_ in ids.values() if id_])
    for row in held.iterator():
        if ids.get(row.holder_id) not in known:
            yield row.id, f"held by {row.holder_kind} {row.holder_id}, whom nobody knows"


def _staff_id(text: str) -> StaffId | None:
    try:
        return StaffId(UUID(text))
    except ValueError:
        return None


@audit(3, "relay: people get a baton with a summary")
def empty_batons() -> Found:
    to_people = Handover.objects.filter(to_kind__in=_HUMAN).exclude(from_kind="")
    for row in to_people.exclude(from_kind__in=_HUMAN).iterator():
        if not row.baton.get("summary"):
            yield row.id, f"{row.from_kind} → {row.to_kind} {row.to_id} without a summary"


@audit(9, "relay: holdings tile each matter's life")
def untiled() -> Found:
    """An open matter has one running holding, with its present holder; a closed one has none."""
    running = Count("handovers", filter=Q(handovers__ended_at=None))
    matters = Matter.objects.annotate(running=running)
    for row in matters.exclude(Q(state="open", running=1) | Q(state="closed", running=0)).iterator():
        yield row.id, f"{row.state} with {row.running} running holdings"
    strange = Handover.objects.filter(ended_at=None, matter__state="open").exclude(
        to_kind=F("matter__holder_kind"), to_id=F("matter__holder_id")
    )
    for holding in strange.iterator():
        yield (
            holding.matter_id,
            f"held by another than its last handover says ({holding.to_kind} {holding.to_id})",
        )

"""The trace of automatic decisions (law 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from jieli.kernel import bulk, clock, models
from jieli.kernel.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`decider` is `name@version`; `reasons` are short codes or sentences, most important first."""

    kind: str
    subject: UUID
    outcome: str
    decider: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    at: datetime | None = None
    id: UUID = field(default_factory=new_id)


def record(*decisions: Decision) -> None:
    """Store the decisions in the caller's transaction."""
    bulk.insert(
        [
            bulk.row(
                models.Decision,
                id=d.id,
                kind=d.kind,
                subject=d.subject,
                outcome=d.outcome,
                decider=d.decider,
                inputs=dict(d.inputs),
                reasons=list(d.reasons),
                at=d.at or clock.now(),
            )
            for d in decisions
        ]
    )


def of(subject: UUID, kind: str | None = None) -> list[Decision]:
    """The decisions on one subject, newest first."""
    rows = models.Decision.objects.filter(subject=subject).order_by("-id")
    return [as_contract(row) for row in (rows.filter(kind=kind) if kind else rows)]


def by_id(ids: Sequence[UUID]) -> dict[UUID, Decision]:
    return {row.id: as_contract(row) for row in models.Decision.objects.filter(id__in=ids)}


def as_contract(row: models.Decision) -> Decision:
    return Decision(
        kind=row.kind,
        subject=row.subject,
        outcome=row.outcome,
        decider=row.decider,
        inputs=row.inputs,
        reasons=tuple(row.reasons),
        at=row.at,
        id=row.id,
    )

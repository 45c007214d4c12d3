"""What happened to matters. The topics say whose screens change: every desk, the matter's own page, the person."""

from dataclasses import dataclass
from uuid import UUID

from jieli.kernel.outbox import event
from jieli.relay.contracts import Holder, MatterKind, OverdueReason, SlaMetric


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfMatter:
    matter: UUID
    person: UUID | None
    kind: MatterKind

    @property
    def subject(self) -> UUID:
        return self.matter


@event("matter.changed")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterChanged(_OfMatter):
    """`change` is opened, changed, accepted, closed or reopened; what it is now is read from the matter."""

    change: str
    version: int

    @property
    def topics(self) -> tuple[str, ...]:
        own = ("desk", f"matter:{self.matter}")
        return (*own, f"person:{self.person}") if self.person else own


@event("matter.handed_over")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterHandedOver(_OfMatter):
    """The baton went from one holder to another (not told for the first holder of a new matter)."""

    handover: UUID
    from_holder: Holder
    to_holder: Holder
    why: str


@event("matter.closed")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterClosed(_OfMatter):
    outcome: str


@event("matter.overdue")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterOverdue(_OfMatter):
    """`alarm`: the last resort of the escalation line was reached, and nobody comes after it."""

    holder: Holder
    reason: OverdueReason
    alarm: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        return ("desk", f"matter:{self.matter}")


@event("sla.warned")
@dataclass(frozen=True, slots=True, kw_only=True)
class SlaWarned(_OfMatter):
    metric: SlaMetric

    @property
    def topics(self) -> tuple[str, ...]:
        return ("desk", f"matter:{self.matter}")


@event("sla.breached")
@dataclass(frozen=True, slots=True, kw_only=True)
class SlaBreached(_OfMatter):
    metric: SlaMetric

    @property
    def topics(self) -> tuple[str, ...]:
        return ("desk", f"matter:{self.matter}")

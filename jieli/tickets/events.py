from dataclasses import dataclass
from uuid import UUID

from jieli.kernel.outbox import event


@event("ticket.changed")
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChanged:
    """`change` is what the newest entry of its history says."""

    ticket: UUID
    person: UUID | None
    change: str

    @property
    def subject(self) -> UUID:
        return self.ticket

    @property
    def topics(self) -> tuple[str, ...]:
        own = ("desk", f"matter:{self.ticket}")
        return (*own, f"person:{self.person}") if self.person else own

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from jieli.kernel.outbox import event


@event("reception.call_changed")
@dataclass(frozen=True, slots=True, kw_only=True)
class CallChanged:
    """A telephone call began to ring, was answered, ended or was missed; `by` is who answered, where that is known."""

    call: UUID
    conversation: UUID
    state: str
    by: UUID | None = None

    @property
    def subject(self) -> UUID:
        return self.call

    @property
    def topics(self) -> Iterable[str]:
        return ("desk",)

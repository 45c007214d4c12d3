from dataclasses import dataclass
from uuid import UUID

from jieli.kernel import outbox


@outbox.event("conversation.changed")
@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """Something shown on the card changed: last line, holder, intent, unread, state."""

    subject: UUID
    person: UUID

    @property
    def topics(self) -> list[str]:
        return ["desk", f"conversation:{self.subject}", f"person:{self.person}"]


@outbox.event("message.added")
@dataclass(frozen=True, slots=True)
class MessageAdded:
    subject: UUID
    conversation: UUID
    person: UUID

    @property
    def topics(self) -> list[str]:
        return [f"conversation:{self.conversation}", f"person:{self.person}"]


@outbox.event("message.changed")
@dataclass(frozen=True, slots=True)
class MessageChanged:
    subject: UUID
    conversation: UUID
    person: UUID

    @property
    def topics(self) -> list[str]:
        return [f"conversation:{self.conversation}", f"person:{self.person}"]


@outbox.event("conversation.corrected")
@dataclass(frozen=True, slots=True)
class UnderstandingCorrected:
    """An agent said what the customer really meant; later training learns from it."""

    subject: UUID
    decision: UUID | None
    intent: str
    emotion: str
    by: UUID | None

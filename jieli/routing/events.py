from dataclasses import dataclass
from uuid import UUID

from jieli.kernel import outbox


@outbox.event("presence.changed")
@dataclass(frozen=True, slots=True)
class PresenceChanged:
    subject: UUID
    presence: str

    @property
    def topics(self) -> list[str]:
        return ["desk"]


@outbox.event("queue.changed")
@dataclass(frozen=True, slots=True)
class QueueChanged:
    """Somebody joined or left; places behind have moved."""

    queue: str
    conversation: UUID
    person: UUID

    @property
    def subject(self) -> UUID:
        return self.conversation

    @property
    def topics(self) -> list[str]:
        return ["desk", f"person:{self.person}"]


@outbox.event("conversation.assigned")
@dataclass(frozen=True, slots=True)
class ConversationAssigned:
    subject: UUID
    person: UUID
    agent: UUID

    @property
    def topics(self) -> list[str]:
        return [f"agent:{self.agent}"]

from dataclasses import dataclass
from uuid import UUID

from jieli.kernel.outbox import event
from jieli.learning.contracts import PromotionAction


@event("message.corrected")
@dataclass(frozen=True, slots=True)
class MessageCorrected:
    """An agent said what a message means, or that the model was right; or that was reviewed."""

    subject: UUID
    conversation: UUID

    @property
    def topics(self) -> list[str]:
        return [f"conversation:{self.conversation}"]


@event("correction.reviewed")
@dataclass(frozen=True, slots=True)
class CorrectionReviewed:
    subject: UUID
    state: str

    @property
    def topics(self) -> list[str]:
        return ["learning"]


@event("candidate.changed")
@dataclass(frozen=True, slots=True)
class CandidateChanged:
    subject: UUID

    @property
    def topics(self) -> list[str]:
        return ["learning"]


@event("model.changed")
@dataclass(frozen=True, slots=True)
class ModelChanged:
    """Another model is live; `subject` is the entry of the history. Desks hear of it when no person did it."""

    subject: UUID
    action: str

    @property
    def topics(self) -> list[str]:
        return ["learning", "desk"] if self.action == PromotionAction.REPLACED else ["learning"]

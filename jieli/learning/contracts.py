"""What crosses the door of learning: what people said of the model, and the models that were trained from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from annotated_types import MaxLen, MinLen, Predicate

from jieli.kernel.text import Code, Short, storable

Note = Annotated[str, MaxLen(500), Predicate(storable)]
Why = Annotated[Short, MinLen(4)]
Brand = Annotated[Code, MaxLen(40)]


class CorrectionState(StrEnum):
    """`confirmed`: the model was right, so there is nothing to review."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"


class CandidateState(StrEnum):
    """`live` and `retired` follow from which model is live and was; they are shown, not stored."""

    WAITING = "waiting"
    TRAINING = "training"
    READY = "ready"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"
    FAILED = "failed"


class PromotionAction(StrEnum):
    """`replaced` is the watch's: a model that was too often wrong gave way to the one before it."""

    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of staff."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Spoken:
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What one colleague said of one message; an empty intent or emotion was not judged."""

    id: UUID
    agent: Named
    intent: str
    emotion: str
    right: bool
    state: CorrectionState
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCorrections:
    """What the model found in a message and what colleagues said of that, newest first."""

    message: UUID
    conversation: UUID
    found_intent: str
    found_emotion: str
    found_confidence: float | None
    model: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A correction with the turn as it was when it was decided, for whoever reviews it. `mine`: said by the reader."""

    id: UUID
    message: UUID
    conversation: UUID
    brand: str
    text: str
    previous: tuple[Spoken, ...]
    expecting: str
    open_matters: tuple[str, ...]
    found_intent: str
    found_emotion: str
    found_confidence: float | None
    model: str
    intent: str
    emotion: str
    note: str
    right: bool
    state: CorrectionState
    agent: Named
    at: datetime
    mine: bool
    reviewer: Named | None
    reviewed_at: datetime | None
    review_note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """How often the model found one intent where people said another."""

    found: str
    said: str
    times: int


@dataclass(frozen=True, slots=True)
class CorrectionCounts:
    waiting: int
    accepted: int
    rejected: int
    confirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """`progress` is estimated from the time that training usually takes, 0..1; `figures` are those on the frozen talks."""

    id: UUID
    brand: str
    state: CandidateState
    asked_by: Named
    asked_at: datetime
    began_at: datetime | None
    heard_at: datetime | None
    finished_at: datetime | None
    progress: float
    attempts: int
    failure: str
    version: str
    corrections: int
    bytes: int
    figures: Mapping[str, float]
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelShort:
    version: str
    shipped: bool
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the candidate beside the live model's; None where the live model's is unknown."""

    name: str
    candidate: float
    live: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class ShadowPair:
    kind: str
    live: str
    candidate: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowExample:
    message: UUID
    text: str
    live_intent: str
    live_confidence: float
    candidate_intent: str
    candidate_confidence: float
    live_emotion: str
    candidate_emotion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowReport:
    """What a candidate would have found otherwise than the live model did, in turns that both have read."""

    running: bool
    since: datetime | None
    read: int
    differing: int
    pairs: tuple[ShadowPair, ...]
    examples: tuple[ShadowExample, ...]


@dataclass(frozen=True, slots=True)
class CandidateDetail:
    candidate: CandidateView
    live: ModelShort
    comparison: tuple[Figure, ...]
    shadow: ShadowReport


@dataclass(frozen=True, slots=True)
class Fallback:
    version: str
    shipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """Which model answers, and how often people said that it was right; `accuracy` is None until enough was judged."""

    version: str
    shipped: bool
    candidate: UUID | None
    since: datetime | None
    figures: Mapping[str, float]
    accuracy: float | None
    judged: int
    judged_needed: int
    floor: float
    fallback: Fallback | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionView:
    """One change of the live model: by whom (None: the watch), and why."""

    id: UUID
    at: datetime
    action: PromotionAction
    before: str
    after: str
    by: Named | None
    why: str
    accuracy: float | None

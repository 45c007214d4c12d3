"""What crosses the door of promises: what was promised, to whom, by when, on what evidence, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from jieli.relay.contracts import Told


class PromiseKind(StrEnum):
    SHIP_BY = "ship_by"
    DELIVER_BY = "deliver_by"
    REFUND = "refund"
    PRICE = "price"
    GIFT = "gift"
    RESEND = "resend"
    VISIT = "visit"
    INSTALL = "install"
    WARRANTY = "warranty"
    REPLY = "reply"
    INVOICE = "invoice"
    COMPENSATION = "compensation"
    SOLVE = "solve"
    OTHER = "other"


class MadeBy(StrEnum):
    HOST = "host"
    AGENT = "agent"
    BOT = "bot"
    POLICY = "policy"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What happened to a promise; its history is a list of these."""

    MADE = "made"
    WARNED = "warned"
    EXTENDED = "extended"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    COMPENSATED = "compensated"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPromise:
    """`made_by_id` is the agent, the bot's version, the session or the rule; `evidence` the message's id, the words,
    the second in the recording; `told` the code of `what`, where Jieli said it. Recording the same `once` again changes
    nothing (a message is handled twice).

    `due_at` must lie after `made_at` (default: now).
    """

    person: UUID
    what: str
    kind: PromiseKind
    made_by: MadeBy
    due_at: datetime
    made_by_id: str = ""
    conversation: UUID | None = None
    order: str = ""
    session: UUID | None = None
    matter: UUID | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    made_at: datetime | None = None
    compensation: str = ""
    once: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseStep:
    step: Step
    at: datetime
    by: str
    note: str
    evidence: Mapping[str, Any]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """As staff see it. `compensation` is what the customer gets if it is broken; `told` is the code of `what`."""

    id: UUID
    person: UUID
    what: str
    kind: PromiseKind
    made_by: MadeBy
    made_by_id: str
    conversation: UUID | None
    order: str
    session: UUID | None
    matter: UUID | None
    evidence: Mapping[str, Any]
    made_at: datetime
    due_at: datetime
    state: PromiseState
    settled_at: datetime | None
    compensation: str
    told: Told | None = None
    steps: tuple[PromiseStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseToMe:
    """As the customer sees it: no staff, no internal evidence. `told` is the code of `what`, where Jieli said it."""

    id: UUID
    what: str
    kind: PromiseKind
    made_by: MadeBy
    made_at: datetime
    due_at: datetime
    state: PromiseState
    settled_at: datetime | None
    order: str
    compensation: str
    extended: int
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCounts:
    """`due_soon` are open ones that fall due within the next two hours."""

    open: int
    due_soon: int
    kept: int
    broken: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedPromise:
    """A commitment found in a sentence: `words` as they stand there; `assumed` when no time was said and the usual
    one of its kind was taken; `confidence` 0..1 (an estimate such as 预计 weighs half)."""

    kind: PromiseKind
    what: str
    due_at: datetime
    words: str
    assumed: bool
    confidence: float
    reasons: tuple[str, ...]

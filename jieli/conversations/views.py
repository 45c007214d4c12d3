"""The shapes that screens are shown, the same over REST and in realtime frames."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from jieli.relay.contracts import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShort:
    id: UUID
    name_masked: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShort:
    id: UUID
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderView:
    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """`code` is translated by the screen; `text` is what somebody wrote beside it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowShort:
    closes_at: datetime | None
    left: int | None
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A conversation as the list shows it."""

    id: UUID
    person: PersonShort
    channel: ChannelShort
    intent: str
    emotion: str
    priority: int
    last_line: str
    last_by: str
    last_at: datetime
    unread: int
    holder: HolderView | None
    next_step: StepView | None
    due_at: datetime | None
    queue: str
    assignee: UUID | None
    window: WindowShort | None
    state: str
    version: int
    snoozed_until: datetime | None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A conversation opened: its card and what was handed over with the baton; `told` and `questions` are the codes
    of `summary` and `open_questions`, where there are any."""

    card: Card
    summary: str
    open_questions: tuple[str, ...]
    facts: tuple[dict[str, Any], ...]
    told: tuple[Told, ...] = ()
    questions: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    action: str
    intent: str
    emotion: str
    confidence: float | None
    reasons: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """`inbox` is the row that came in: the customer's page knows its own message by it (the socket's `ack` names it)."""

    id: UUID
    conversation: UUID
    seq: int
    direction: str
    author: Author
    channel: ChannelShort | None
    type: str
    text: str
    content: Mapping[str, Any]
    at: datetime
    delivery: Delivery | None
    sources: tuple[dict[str, Any], ...]
    decision: DecisionView | None
    inbox: UUID | None = None

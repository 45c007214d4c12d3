from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from jieli.channels.contracts import ContactId, DeliveryState, InboxId
from jieli.identity.contracts import PersonId
from jieli.kernel.ids import new_id
from jieli.relay.contracts import Baton, Holder, MatterId

ConversationId = MatterId
MessageId = NewType("MessageId", UUID)


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    NOTE = "note"
    EVENT = "event"


class AuthorKind(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of the recent past, as the bot and the model are given it."""

    by: AuthorKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What reception and routing need to know of a conversation before they decide."""

    id: ConversationId
    person: PersonId
    version: int
    queue: str
    assignee: UUID | None
    intent: str
    emotion: str
    priority: int
    recent: tuple[Line, ...]
    memory: Mapping[str, Any]
    last_seq: int
    opened_at: datetime
    last_agent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who has the baton from now on, for what, by when; `baton` None passes on the one before."""

    holder: Holder
    next_step: str
    due_at: datetime
    why: str
    baton: Baton | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A conversation to be opened; its matter is opened with the same id, in these hands."""

    id: ConversationId
    person: PersonId
    contact: ContactId
    channel: UUID
    holding: Holding


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One customer message with what was understood from it."""

    conversation: ConversationId
    inbox: InboxId
    contact: ContactId
    channel: UUID
    type: str
    text: str
    content: Mapping[str, Any] = field(default_factory=dict)
    sent_at: datetime
    received_at: datetime
    decision: UUID
    intent: str
    emotion: str
    priority: int
    id: MessageId = field(default_factory=lambda: MessageId(new_id()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """A message to the customer, before the gate has judged it."""

    conversation: ConversationId
    text: str
    by: AuthorKind
    author: UUID | None = None
    type: str = "text"
    content: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    decision: UUID | None = None
    contact: ContactId | None = None
    id: MessageId = field(default_factory=lambda: MessageId(new_id()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of an outbound message at the gate."""

    message: MessageId
    conversation: ConversationId
    state: DeliveryState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that stands in the thread beside the messages: a hand-over, a ticket, a call."""

    conversation: ConversationId
    code: str
    content: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Where one inbox row ended up."""

    inbox: UUID
    conversation: UUID
    person: UUID
    seq: int
    decision: UUID

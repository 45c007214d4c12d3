from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

StaffId = NewType("StaffId", UUID)


class Permission(StrEnum):
    CONVERSATION_READ = "conversation.read"
    CONVERSATION_REPLY = "conversation.reply"
    CONVERSATION_NOTE = "conversation.note"
    CONVERSATION_TAKE = "conversation.take"
    CONVERSATION_HAND_OVER = "conversation.hand_over"
    CONVERSATION_CLOSE = "conversation.close"
    CONVERSATION_SUPERVISE = "conversation.supervise"
    PERSON_READ = "person.read"
    PERSON_REVEAL = "person.reveal"
    PERSON_MERGE = "person.merge"
    KNOWLEDGE_READ = "knowledge.read"
    KNOWLEDGE_WRITE = "knowledge.write"
    KNOWLEDGE_REVIEW = "knowledge.review"
    LEARNING_REVIEW = "learning.review"
    PROMISE_READ = "promise.read"
    PROMISE_RECORD = "promise.record"
    PROMISE_SETTLE = "promise.settle"
    TICKET_READ = "ticket.read"
    TICKET_WRITE = "ticket.write"
    CHANNEL_READ = "channel.read"
    CHANNEL_MANAGE = "channel.manage"
    SUPPLY_READ = "supply.read"
    SUPPLY_PUSH = "supply.push"
    ROUTING_READ = "routing.read"
    ROUTING_MANAGE = "routing.manage"
    ROLE_MANAGE = "role.manage"
    AUDIT_READ = "audit.read"


class RoleName(StrEnum):
    AGENT = "agent"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"
    ADMIN = "admin"


class Locale(StrEnum):
    """The languages the screens speak; Django's own codes."""

    ZH_HANS = "zh-hans"
    EN = "en"


class Purpose(StrEnum):
    """What a message is for. Service and reminders serve the customer's own matter; the others need an opt-in."""

    SERVICE = "service"
    REMINDER = "reminder"
    SURVEY = "survey"
    MARKETING = "marketing"
    OUTSIDE_MODEL = "outside_model"


@dataclass(frozen=True, slots=True)
class Team:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PersonOfStaff:
    """`name` is what colleagues and customers see."""

    id: StaffId
    name: str
    roles: tuple[str, ...]
    teams: tuple[Team, ...]
    locale: str


@dataclass(frozen=True, slots=True)
class Me:
    id: StaffId
    username: str
    name: str
    locale: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    teams: tuple[Team, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """`teams` are names; a team that does not exist yet is made."""

    username: str
    password: str
    name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...] = ()
    locale: str = Locale.ZH_HANS


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One thing somebody did. `subject` is an id as text; `detail` is small and holds no personal data."""

    action: str
    subject_type: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry of the trail. `seq` and `hash` are empty until it is sealed into the chain (seconds later)."""

    id: UUID
    at: datetime
    actor_kind: str
    actor: UUID | None
    actor_name: str
    action: str
    subject_type: str
    subject: str
    detail: Mapping[str, Any]
    seq: int | None = None
    prev_hash: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where the trail is not what was sealed; `entry` is None where a row is missing."""

    seq: int
    entry: UUID | None
    what: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person said about being contacted for a purpose; `channel` is empty for all channels."""

    person: UUID
    purpose: Purpose
    channel: str
    granted: bool
    source: str
    at: datetime

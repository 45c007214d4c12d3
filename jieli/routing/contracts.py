from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Presence(StrEnum):
    """`leaving` takes no new work and hands over what it holds when the agent signs off (置忙并转出)."""

    ONLINE = "online"
    BUSY = "busy"
    AWAY = "away"
    LEAVING = "leaving"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class NewQueue:
    """`target_s`: an answer is due within this; `line`: the escalation line when nobody takes over."""

    code: str
    name_zh: str
    name_en: str
    skill: str = ""
    target_s: int = 180
    line: str = "default"


class QueueTarget(Protocol):
    """What others need to know of a queue: the time to an answer, and who comes after it."""

    @property
    def target_s(self) -> int: ...

    @property
    def line(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """`expected_wait_s` is for somebody who would join now."""

    code: str
    name_zh: str
    name_en: str
    skill: str
    waiting: int
    oldest_wait_s: int
    expected_wait_s: int
    seats: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    agent: UUID
    name: str
    presence: Presence
    since: datetime
    skills: tuple[str, ...]
    capacity: int
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a conversation needs of whoever takes it, and how urgent it is.

    `within_s` is the time to an answer where it is shorter than the queue's own target.
    """

    conversation: UUID
    person: UUID
    queue: str
    intent: str = ""
    emotion: str = ""
    tier: str = ""
    why: str = ""
    not_agents: tuple[UUID, ...] = ()
    next_step: str = "agent.answer"
    within_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a conversation stands in its queue, as the customer is told."""

    conversation: UUID
    queue: str
    position: int
    expected_wait_s: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A queue entry as the matching rule sees it."""

    conversation: UUID
    skill: str
    rank_at: datetime
    last_agent: UUID | None = None
    not_agents: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """A seat as the matching rule sees it: `room` more conversations, idle since `idle_since`."""

    agent: UUID
    skills: frozenset[str]
    room: int
    load: int
    idle_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`load` counts the agent's conversations with this one; None where agents chose for themselves."""

    conversation: UUID
    agent: UUID
    reasons: tuple[str, ...]
    load: int | None = None
    capacity: int | None = None

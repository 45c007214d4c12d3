from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from jieli.bot.contracts import BotMove, BotTurn, Mention
from jieli.channels.contracts import InboxItem
from jieli.conversations.contracts import ConversationId, MessageId, State
from jieli.identity.contracts import PersonCard, PersonId
from jieli.kernel.ids import new_id
from jieli.relay.contracts import Baton, Holder, MatterState
from jieli.routing.contracts import Place
from jieli.understanding.contracts import Finding

DECIDER = "reception@1"


class Action(StrEnum):
    """What became of one customer message. `joined`: answered together with the message after it."""

    ANSWER = "answer"
    ASK = "ask"
    GUIDE = "guide"
    GREET = "greet"
    THANK = "thank"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE = "acknowledge"
    SILENT = "silent"
    TO_HOLDER = "to_holder"
    JOINED = "joined"
    CALL = "call"


class CallState(StrEnum):
    """Of a telephone call; `ended` and `missed` are for good."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Caller:
    id: UUID
    name_masked: str
    tier: str


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPop:
    """A call as desks see it: who calls, what is open, what they wanted and felt lately.

    `call` is the exchange's word for it, unique within `channel`. `answered_by` is None while it rings, and where the
    exchange did not say who. `conversation` is None until the call was handled, for whoever had none.
    """

    call: str
    channel: UUID
    caller: str
    extension: str
    at: datetime
    state: CallState = CallState.RINGING
    answered_by: Colleague | None = None
    person: Caller | None = None
    conversation: UUID | None = None
    matters: tuple[MatterState, ...] = ()
    likely_intent: str = ""
    emotion: str = ""


@dataclass(slots=True, kw_only=True)
class Case:
    """What one person sent within a batch, and everything gathered to decide about it.

    The last item is decided; those before it are `joined` to it. It is filled step by step and read by policy.
    """

    person: PersonId
    items: list[InboxItem]
    conversation: ConversationId
    state: State | None = None
    matter: MatterState | None = None
    card: PersonCard | None = None
    findings: list[Finding] = field(default_factory=list)
    whole: Finding | None = None
    mentions: tuple[Mention, ...] = ()
    turn: BotTurn | None = None
    move: BotMove | None = None
    place: Place | None = None
    assignee_present: bool = True
    decisions: list[UUID] = field(default_factory=list)
    messages: list[MessageId] = field(default_factory=list)
    plan: "Plan | None" = None

    def __post_init__(self) -> None:
        self.decisions = [new_id() for _ in self.items]
        self.messages = [MessageId(new_id()) for _ in self.items]

    @property
    def last(self) -> InboxItem:
        return self.items[-1]

    @property
    def text(self) -> str:
        return "\n".join(item.inbound.text for item in self.items if item.inbound.text)

    @property
    def enqueued(self) -> bool:
        return self.plan is not None and self.plan.enqueue is not None

    @property
    def queue(self) -> str:
        """The code of the queue it goes to, or waits in."""
        if self.plan is not None and self.plan.enqueue is not None:
            return self.plan.enqueue.queue
        return self.place.queue if self.place else ""

    @property
    def finding(self) -> Finding:
        assert self.whole is not None
        return self.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """Which skill is needed, with what; `queue` is the code of the queue that has it, `urgent` sets the supervisor's
    30-second clock."""

    skill: str
    why: str
    baton: Baton
    urgent: bool = False
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done about a case. `hold` moves the matter without a queue; exactly one of `hold`, `enqueue`,
    `close` or none (the matter stays where it is)."""

    action: Action
    reasons: tuple[str, ...]
    confidence: float
    text: str = ""
    hold: Holder | None = None
    next_step: str = ""
    within: timedelta | None = None
    enqueue: Enqueue | None = None
    raise_priority: bool = False
    close: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One inbound message as `jieli export contacts` prints it."""

    channel: str
    message_id: str
    sender: str
    person: UUID
    conversation: UUID
    seq: int
    received_at: datetime
    text: str
    decision: dict[str, Any]
    matter: dict[str, Any]

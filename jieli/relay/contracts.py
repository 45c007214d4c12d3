from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, NewType
from uuid import UUID

from annotated_types import Interval, MaxLen, MinLen, Predicate


def storable(text: str) -> bool:
    """Databases keep any text except one with a NUL in it."""
    return "\x00" not in text


def storable_json(value: object) -> bool:
    """Plain JSON that every database keeps: no NUL, no half characters, no NaN, at most 20 levels deep."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST or (isinstance(one, float) and not isfinite(one)):
            return False
        if isinstance(one, str) and ("\x00" in one or not _encodable(one)):
            return False
        if isinstance(one, dict):
            waiting += [(part, depth + 1) for pair in one.items() for part in pair]
        elif isinstance(one, list | tuple):
            waiting += [(part, depth + 1) for part in one]
    return True


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_DEEPEST = 20
Code = Annotated[str, MinLen(1), MaxLen(60), Predicate(storable)]
Short = Annotated[str, MaxLen(200), Predicate(storable)]
Text = Annotated[str, MaxLen(4000), Predicate(storable)]
Severity = Annotated[int, Interval(ge=1, le=4)]

MatterId = NewType("MatterId", UUID)
HandoverId = NewType("HandoverId", UUID)


class MatterKind(StrEnum):
    CONVERSATION = "conversation"
    TICKET = "ticket"
    RETURN = "return"
    VISIT = "visit"
    TASK = "task"


class HolderKind(StrEnum):
    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    EXPERT = "expert"
    ENGINEER = "engineer"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"


class HandoverState(StrEnum):
    """`superseded`: the matter moved on before the receiver said yes; `lapsed`: the receiver let the time pass."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the baton. `id` is a user's UUID, a queue's code, a person's UUID or a partner's code."""

    kind: HolderKind
    id: Annotated[str, MaxLen(64), Predicate(storable)] = ""


BOT = Holder(HolderKind.BOT, "bot")
GENERAL = Holder(HolderKind.QUEUE, "general")
SUPERVISORS = Holder(HolderKind.QUEUE, "supervisors")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence as a code and what stands in it, so that every screen words it in its reader's language.

    A slot is a text as it stands, one per language (`{zh, en}`), another `{code, slots}`, a moment (`{at}` a time,
    `{ago}` an age), or a `{list, by}` of these, joined as names, details or sentences.
    """

    code: Code
    slots: Annotated[dict[str, Any], Predicate(storable_json)] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baton:
    """What the next holder must not ask again. `facts` are as `Fact` shows them (value, source, as_of).

    `told` says what `summary` says, and `questions` one by one what `open_questions` say, where Jieli itself wrote
    them; what a person wrote has no codes.
    """

    summary: Text = ""
    facts: Annotated[tuple[dict[str, Any], ...], MaxLen(100), Predicate(storable_json)] = ()
    open_questions: Annotated[tuple[Short, ...], MaxLen(50)] = ()
    position: Short = ""
    told: Annotated[tuple[Told, ...], MaxLen(50)] = ()
    questions: Annotated[tuple[Told, ...], MaxLen(50)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMatter:
    """A matter to open. With `accept_by` the first holder must say yes by then; without, it holds at once."""

    kind: MatterKind
    person: UUID | None
    holder: Holder
    next_step: str
    due_at: datetime
    id: UUID | None = None
    title: str = ""
    next_note: str = ""
    severity: int | None = None
    parent: UUID | None = None
    why: str = "opened"
    baton: Baton | None = None
    accept_by: datetime | None = None
    line: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different; None leaves a thing as it is. `version` refuses the change if somebody was faster."""

    matter: UUID
    holder: Holder | None = None
    next_step: str | None = None
    next_note: str | None = None
    due_at: datetime | None = None
    why: str = ""
    baton: Baton | None = None
    accept_by: datetime | None = None
    title: str | None = None
    severity: int | None = None
    line: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterState:
    id: UUID
    kind: MatterKind
    person: UUID | None
    parent: UUID | None
    title: str
    open: bool
    severity: int | None
    holder: Holder
    next_step: str
    next_note: str
    due_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    line: str
    line_step: int
    version: int
    opened_at: datetime
    closed_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One holding of the baton, from `at` to `ended_at` (None: still)."""

    id: UUID
    matter: UUID
    from_holder: Holder | None
    to_holder: Holder
    why: str
    baton: Baton
    by_kind: str
    by_id: UUID | None
    at: datetime
    accept_by: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    state: HandoverState


class OverdueReason(StrEnum):
    DUE = "due"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A holder that let a time pass; the matter's row is locked while a handler looks at it."""

    matter: MatterState
    reason: OverdueReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStep:
    """Who is asked next, to do what, within how many seconds."""

    holder: Holder
    within_s: int
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationSteps:
    code: str
    steps: tuple[LineStep, ...]


class SlaMetric(StrEnum):
    RESPOND = "respond"
    SOLVE = "solve"


class SlaState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaTarget:
    """`seconds` of working time by a calendar (“always” counts every hour)."""

    metric: SlaMetric
    seconds: int
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaClockView:
    matter: UUID
    metric: SlaMetric
    state: SlaState
    started_at: datetime
    target_s: int
    used_s: float
    calendar: str
    due_at: datetime | None
    paused_at: datetime | None
    warned_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One entry of a matter's history as its customer may see it."""

    at: datetime
    holder: HolderKind
    holder_name: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterStatus:
    """A matter as its customer may see it: who has it, what happens next and when."""

    id: UUID
    kind: MatterKind
    title: str
    open: bool
    holder: HolderKind
    holder_name: str
    next_step: str
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    history: tuple[Passed, ...] = ()

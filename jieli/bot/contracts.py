"""What crosses the door of the bot: turns with everything known in, moves out. Nothing here reads a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from jieli.knowledge.contracts import Words
from jieli.relay.contracts import Told
from jieli.supply.contracts import Answer, Ask
from jieli.understanding.contracts import Finding, PreviousTurn

DECIDER = "bot@1"


class Action(StrEnum):
    """What the move mainly does; its text may do several. `silent`: nothing is said."""

    ANSWER = "answer"
    ASK = "ask"
    GUIDE = "guide"
    GREET = "greet"
    THANK = "thank"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE = "acknowledge"
    SILENT = "silent"


class SourceKind(StrEnum):
    """`asked`: a system that was asked for a fact and gave none."""

    ARTICLE = "article"
    FACT = "fact"
    ASKED = "asked"
    SESSION = "session"
    PATH = "path"
    PROMISE = "promise"
    MATTER = "matter"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something said came from. `ref` is an article's or path's slug, `kind:key` of a fact, an id otherwise;
    `version` is an article's or path's version or the name of the system that vouched for a fact; `seal` is the
    fingerprint of the fact's value as it was quoted."""

    kind: SourceKind
    ref: str
    title: str
    version: str = ""
    as_of: datetime | None = None
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Saying(Words):
    """Words of Jieli's own, and the code that they were said from, for a reader of another language."""

    told: Told | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A matter of this person that is still open (not this conversation); `title` in the customer's language."""

    id: UUID
    kind: str
    title: str
    holder: str = ""
    next_step: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """`told` is the code of `what`, where Jieli said it."""

    id: UUID
    what: str
    due_at: datetime | None = None
    source: str = ""
    told: Told | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """Something of a livestream that the message refers to. `words` is what the host said, empty if nothing is
    recorded; `due_at` is when it is due for this person, None where that cannot be worked out."""

    session: str
    room: str
    title: str
    host: str
    started_at: datetime
    sku: str = ""
    promise: str = ""
    kind: str = ""
    words: str = ""
    condition: str = ""
    said_at: datetime | None = None
    due_at: datetime | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The conversation already waits for a person; None where routing cannot say."""

    position: int | None = None
    expected_s: int | None = None


@dataclass(frozen=True, slots=True)
class PathPlace:
    path: UUID
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueState:
    """What the bot remembers of a conversation; plain JSON both ways (facade.dialogue_of, facade.dialogue_json).

    `asked` counts what we asked for, by EntityKind's value or `confirm`; `given` is what the customer gave, by the
    same names; `pending` is the intent that waits for what was asked; `failures` counts answers in a row that did
    not help; `served` are the intents already answered.
    """

    asked: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    pending: str = ""
    expecting: str = ""
    candidates: tuple[str, ...] = ()
    path: PathPlace | None = None
    path_trail: tuple[str, ...] = ()
    failures: int = 0
    intents: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    greeted: bool = False
    offered: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BotTurn:
    """One customer message with everything that was gathered for it (see facade.needs).

    `facts` are the answers to the asks of `needs`; `categories` and `brands` are those of the products talked about,
    where reception knows them; `waiting` is set when a person was already asked to take over; `name` is how to address them.
    """

    person: UUID
    conversation: UUID
    text: str
    finding: Finding
    now: datetime
    locale: str = "zh"
    channel: str = "web"
    type: str = "text"
    previous: tuple[PreviousTurn, ...] = ()
    dialogue: DialogueState = field(default_factory=DialogueState)
    facts: Mapping[Ask, Answer] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    open_matters: tuple[OpenMatter, ...] = ()
    open_promises: tuple[OpenPromise, ...] = ()
    mentions: tuple[Mention, ...] = ()
    tier: str = ""
    name: str = ""
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class FactNote:
    """A fact as the next holder reads it."""

    text: Words
    source: Source
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverWish:
    """`skill` empty: any agent; `ticket` names the kind of ticket the receiver should open, if one is due.

    `told` says what `summary` says, without the facts and the open questions, which stand beside it.
    """

    skill: str
    why: str
    summary: Words
    told: tuple[Told, ...] = ()
    open_questions: tuple[Saying, ...] = ()
    facts: tuple[FactNote, ...] = ()
    ticket: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWish:
    """What the text told the customer would happen by when; `subject` is what it is about, such as `parcel:SF1`."""

    kind: str
    what: Saying
    due_at: datetime
    subject: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotMove:
    """`reasons` are codes, most important first; `confidence` is that of the weakest part of the answer."""

    action: Action
    text: str
    dialogue: DialogueState
    reasons: tuple[str, ...]
    confidence: float
    sources: tuple[Source, ...] = ()
    handover: HandoverWish | None = None
    promises: tuple[PromiseWish, ...] = ()
    options: tuple[str, ...] = ()
    raise_priority: bool = False
    decider: str = DECIDER

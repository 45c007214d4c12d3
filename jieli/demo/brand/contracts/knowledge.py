from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jieli.demo.brand.contracts.words import Words


class Audience(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    BOTH = "both"


class ScopeKind(StrEnum):
    BRAND = "brand"
    LINE = "line"
    CATEGORY = "category"
    PRODUCT = "product"
    SKU = "sku"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an article or path holds; `key` is empty for the whole brand."""

    kind: ScopeKind
    key: str


@dataclass(frozen=True, slots=True)
class Article:
    """`body` is Markdown. `intents[0]` is the main one. `valid_until` None: until withdrawn."""

    key: str
    intents: tuple[str, ...]
    title: Words
    body: Words
    questions: tuple[str, ...]
    audience: Audience
    scope: Scope
    valid_from: datetime
    valid_until: datetime | None


class EndKind(StrEnum):
    SOLVED = "solved"
    HAND_OVER = "hand_over"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class PathEnd:
    """`target` is a skill for hand-overs, a ticket kind for tickets, empty when solved."""

    kind: EndKind
    target: str
    text: Words


@dataclass(frozen=True, slots=True)
class Choice:
    """Leads to another step by key, or to an end by key; exactly one of the two is set."""

    label: Words
    next_step: str
    end: str


@dataclass(frozen=True, slots=True)
class PathStep:
    key: str
    guide: Words
    question: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ResolutionPath:
    """The first step is where everyone starts; `triggers` are words that lead here."""

    key: str
    title: Words
    intents: tuple[str, ...]
    scope: Scope
    triggers: tuple[str, ...]
    steps: tuple[PathStep, ...]
    ends: tuple[tuple[str, PathEnd], ...]


@dataclass(frozen=True, slots=True)
class SavedReply:
    key: str
    group: Words
    title: Words
    text: Words
    intents: tuple[str, ...]


class WordKind(StrEnum):
    AD_LAW = "ad_law"
    OFF_PLATFORM = "off_platform"
    ABUSE = "abuse"
    OVER_PROMISE = "over_promise"
    PRIVACY = "privacy"


class WordAction(StrEnum):
    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """`instead` is what to write; empty when the words should simply go."""

    word: str
    kind: WordKind
    action: WordAction
    instead: str
    reason: Words


@dataclass(frozen=True, slots=True)
class BotText:
    """A fixed line of the bot; texts may hold `{slots}` that the bot fills."""

    key: str
    text: Words

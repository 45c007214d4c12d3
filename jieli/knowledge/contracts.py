"""What crosses the door of knowledge: articles, hits, saved replies, resolution paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

ArticleId = NewType("ArticleId", UUID)
PathId = NewType("PathId", UUID)
ReplyId = NewType("ReplyId", UUID)

LOCALES = ("zh", "en")


def locale_of(tag: str) -> str:
    """The locale we have texts for: `en` for any English tag, `zh` for everything else."""
    return "en" if tag.lower().startswith("en") else "zh"


class Audience(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    BOTH = "both"


class ArticleState(StrEnum):
    """Of the newest version; readers keep the published one meanwhile."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Words:
    """One short text in both languages; `en` may be empty, then `zh` is shown."""

    zh: str
    en: str = ""

    def say(self, locale: str) -> str:
        return (self.en or self.zh) if locale_of(locale) == "en" else (self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Quote:
    """An article or a path that an answer of that moment rested on; `version` as the answer names it."""

    slug: str
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """An article in one language. `body` is Markdown; `questions` are ways customers ask for it."""

    title: str
    body: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where something holds. Each list names codes; an empty list does not limit."""

    brands: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """`version` is the one whose `texts` these are; `published` the one that readers see, None if none."""

    id: ArticleId
    slug: str
    category: str
    audience: Audience
    scope: Scope
    intents: tuple[str, ...]
    state: ArticleState
    valid_from: datetime | None
    valid_until: datetime | None
    version: int
    published: int | None
    texts: Mapping[str, Text]
    changed_at: datetime

    def text(self, locale: str) -> Text:
        """The text in this locale, or in the other one when it was not written."""
        return self.texts.get(locale_of(locale)) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One edition of the texts; `reviewed_by` is set when it was published."""

    article: ArticleId
    number: int
    texts: Mapping[str, Text]
    author: UUID | None
    author_name: str
    reviewed_by: UUID | None
    at: datetime
    published_at: datetime | None
    note: str


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class DiffLine:
    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """`at` is locale and field, such as `zh.body`."""

    at: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """What an author writes. `slug` names the article for good; saving it again makes the next version."""

    slug: str
    category: str = ""
    audience: Audience = Audience.BOTH
    scope: Scope = EVERYWHERE
    intents: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    texts: Mapping[str, Text] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`audience` is who reads the answer (CUSTOMER or AGENT; BOTH means no limit).

    Known `skus`, `categories` and `brands` lift articles made for them and drop those made for others.
    """

    text: str
    audience: Audience = Audience.CUSTOMER
    intents: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    locale: str = "zh"
    limit: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`score` 0..1 is how likely this article answers the question (calibrated on held-out questions)."""

    article: ArticleId
    slug: str
    title: str
    snippet: str
    score: float
    version: int
    locale: str
    category: str
    intents: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReply:
    """`text` may hold `{variables}`; `variables` names them in order."""

    id: ReplyId
    slug: str
    group: Words
    title: Words
    text: Words
    intents: tuple[str, ...]
    variables: tuple[str, ...]


class EndKind(StrEnum):
    SOLVED = "solved"
    HAND_OVER = "hand_over"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class PathEnd:
    """`target` is a skill for hand-overs, a kind of ticket for tickets, empty when solved."""

    kind: EndKind
    target: str
    text: Words


@dataclass(frozen=True, slots=True)
class Choice:
    """Leads to another step, or to an end; exactly one of the two is set. `words` also count as this choice."""

    label: Words
    step: str = ""
    end: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    guide: Words
    question: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A prepared way to a solution. Everyone starts at `steps[0]`; `triggers` are words that lead here."""

    id: PathId
    slug: str
    title: Words
    intents: tuple[str, ...]
    scope: Scope
    triggers: tuple[str, ...]
    steps: tuple[Step, ...]
    ends: Mapping[str, PathEnd]
    version: int = 1

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

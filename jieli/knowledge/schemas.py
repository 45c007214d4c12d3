"""What is sent to the API of knowledge; what comes back are contracts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from jieli.knowledge import contracts as c

_CLEAN = r"^[^\x00]*$"
Code = Annotated[str, StringConstraints(pattern=r"^[^\x00\s/]+$", min_length=1, max_length=120)]
Short = Annotated[str, StringConstraints(pattern=_CLEAN, max_length=400)]
Long = Annotated[str, StringConstraints(pattern=_CLEAN, max_length=50_000)]
Codes = Annotated[list[Code], Field(max_length=200)]
Number = Annotated[int, Field(ge=1, le=1_000_000)]


class WordsIn(Schema):
    zh: Long
    en: Long = ""

    def contract(self) -> c.Words:
        return c.Words(self.zh, self.en)


class TextIn(Schema):
    title: Short
    body: Long
    questions: Annotated[list[Short], Field(max_length=100)] = []


class TextsIn(Schema):
    zh: TextIn | None = None
    en: TextIn | None = None


class ScopeIn(Schema):
    brands: Codes = []
    categories: Codes = []
    skus: Codes = []

    def contract(self) -> c.Scope:
        return c.Scope(tuple(self.brands), tuple(self.categories), tuple(self.skus))


class ArticleIn(Schema):
    slug: Code
    category: Short = ""
    audience: c.Audience = c.Audience.BOTH
    scope: ScopeIn = ScopeIn()
    intents: Codes = []
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    texts: TextsIn
    note: Long = ""

    def contract(self) -> c.NewArticle:
        texts = {
            locale: c.Text(text.title, text.body, tuple(text.questions))
            for locale in c.LOCALES
            if (text := getattr(self.texts, locale)) is not None
        }
        return c.NewArticle(
            slug=self.slug,
            category=self.category[:80],
            audience=self.audience,
            scope=self.scope.contract(),
            intents=tuple(self.intents),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            texts=texts,
            note=self.note,
        )


class NoteIn(Schema):
    note: Long


class VersionIn(Schema):
    version: Number


class ChoiceIn(Schema):
    label: WordsIn
    step: Short = ""
    end: Short = ""
    words: Codes = []


class StepIn(Schema):
    key: Code
    guide: WordsIn
    question: WordsIn
    choices: Annotated[list[ChoiceIn], Field(max_length=9)]


class EndIn(Schema):
    kind: c.EndKind
    target: Short = ""
    text: WordsIn


class PathIn(Schema):
    title: WordsIn
    intents: Codes
    scope: ScopeIn = ScopeIn()
    triggers: Codes = []
    steps: Annotated[list[StepIn], Field(min_length=1, max_length=60)]
    ends: Annotated[dict[Code, EndIn], Field(max_length=60)]

    def contract(self, slug: str, key: UUID) -> c.Path:
        return c.Path(
            id=c.PathId(key),
            slug=slug,
            title=self.title.contract(),
            intents=tuple(self.intents),
            scope=self.scope.contract(),
            triggers=tuple(self.triggers),
            steps=tuple(_step(step) for step in self.steps),
            ends={key: c.PathEnd(e.kind, e.target, e.text.contract()) for key, e in self.ends.items()},
        )


def _step(step: StepIn) -> c.Step:
    choices = (c.Choice(o.label.contract(), o.step, o.end, tuple(o.words)) for o in step.choices)
    return c.Step(step.key, step.guide.contract(), step.question.contract(), tuple(choices))


class ReplyIn(Schema):
    group: WordsIn
    title: WordsIn
    text: WordsIn
    intents: Codes = []


class FillIn(Schema):
    variables: Annotated[dict[Short, Short], Field(max_length=50)] = {}
    locale: Short = "zh"


class Filled(Schema):
    """`missing` names the variables that still stand in braces."""

    text: str
    missing: list[str]


class ArticleListed(Schema):
    """An article without its texts, for lists."""

    id: UUID
    slug: str
    title: str
    category: str
    audience: c.Audience
    intents: list[str]
    state: c.ArticleState
    version: int
    published: int | None
    changed_at: datetime
    valid_from: datetime | None
    valid_until: datetime | None

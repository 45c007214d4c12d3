"""Articles, resolution paths, saved replies, sensitive words and the bot's own lines."""

from datetime import datetime, timedelta
from typing import Any

from jieli.demo.brand import data
from jieli.demo.brand.contracts.knowledge import (
    Article,
    Audience,
    BotText,
    Choice,
    EndKind,
    PathEnd,
    PathStep,
    ResolutionPath,
    SavedReply,
    Scope,
    ScopeKind,
    SensitiveWord,
    WordAction,
    WordKind,
)
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies

_PUBLISHED_DAYS_AGO = 200


def articles(policies: Policies, midnight: datetime) -> tuple[Article, ...]:
    return tuple(_article(row, policies, midnight) for row in data.articles())


def _article(row: dict[str, Any], policies: Policies, midnight: datetime) -> Article:
    """`from_day` and `to_day` count from today; without them the article holds until it is withdrawn."""
    until = row.get("to_day")
    return Article(
        key=row["key"],
        intents=tuple(row["intents"]),
        title=Words(policies.fill(row["title"]), policies.fill(row["en_title"])),
        body=Words(policies.fill(row["body"]).strip(), policies.fill(row["en_body"]).strip()),
        questions=tuple(row["questions"]),
        audience=Audience(row.get("audience", "both")),
        scope=_scope(row.get("scope", "brand:")),
        valid_from=midnight + timedelta(days=row.get("from_day", -_PUBLISHED_DAYS_AGO)),
        valid_until=None if until is None else midnight + timedelta(days=until),
    )


def _scope(text: str) -> Scope:
    kind, _, key = text.partition(":")
    return Scope(ScopeKind(kind), key)


def paths(policies: Policies) -> tuple[ResolutionPath, ...]:
    return tuple(_path(row, policies) for row in data.table("paths")["path"])


def _path(row: dict[str, Any], policies: Policies) -> ResolutionPath:
    return ResolutionPath(
        key=row["key"],
        title=Words(row["zh"], row["en"]),
        intents=tuple(row["intents"]),
        scope=_scope(row["scope"]),
        triggers=tuple(row["triggers"]),
        steps=tuple(_step(one, policies) for one in row["step"]),
        ends=tuple((one["key"], _end(one, policies)) for one in row["end"]),
    )


def _step(row: dict[str, Any], policies: Policies) -> PathStep:
    return PathStep(
        key=row["key"],
        guide=_filled(row.get("guide", ["", ""]), policies),
        question=_filled(row["ask"], policies),
        choices=tuple(_choice(one) for one in row["choices"]),
    )


def _choice(row: list[str]) -> Choice:
    """`[zh, en, target]`, where a target that begins with `=` is an end."""
    zh, en, target = row
    ends = target.startswith("=")
    return Choice(Words(zh, en), "" if ends else target, target[1:] if ends else "")


def _end(row: dict[str, Any], policies: Policies) -> PathEnd:
    return PathEnd(EndKind(row["kind"]), row.get("target", ""), _filled(row["text"], policies))


def _filled(pair: list[str], policies: Policies) -> Words:
    return Words(policies.fill(pair[0]), policies.fill(pair[1]))


def saved_replies(policies: Policies) -> tuple[SavedReply, ...]:
    table = data.table("replies")
    groups = {key: Words(zh, en) for key, zh, en in table["groups"]}
    return tuple(
        SavedReply(
            key=row["key"],
            group=groups[row["group"]],
            title=data.words(row["title"]),
            text=_filled([row["zh"], row["en"]], policies),
            intents=tuple(row["intents"]),
        )
        for row in table["reply"]
    )


def sensitive_words() -> tuple[SensitiveWord, ...]:
    return tuple(
        SensitiveWord(
            word, WordKind(group["kind"]), WordAction(group["action"]), instead, data.words(group["reason"])
        )
        for group in data.table("words")["group"]
        for word, instead in group["words"]
    )


def bot_texts(policies: Policies) -> tuple[BotText, ...]:
    return tuple(BotText(key, _filled(pair, policies)) for key, pair in data.table("bot")["texts"].items())

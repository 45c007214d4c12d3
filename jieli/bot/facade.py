"""The door of the bot."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from jieli.bot import engine
from jieli.bot import needs as need
from jieli.bot.case import Case, Keys, Known, Shelf, categories_of, keys_of
from jieli.bot.contracts import BotMove, BotTurn, DialogueState
from jieli.bot.model import client, loop
from jieli.bot.serving import serving
from jieli.bot.speech import Speech
from jieli.bot.ways import tells_articles
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import Hit, Query, locale_of
from jieli.supply.contracts import Ask
from jieli.understanding.contracts import Intent

__all__ = [
    "answer_many",
    "dialogue_json",
    "dialogue_of",
    "expecting",
    "model",
    "needs",
    "with_model",
]

_HITS = 5
_CLAUSES = re.compile(r"[，。！？；、,.!?;\s]+")
_MOST_CLAUSES = 4


def needs(turns: Sequence[BotTurn]) -> list[tuple[Ask, ...]]:
    """What to ask supply for each turn before `answer_many`; give `{ask: answer}` back in `BotTurn.facts`."""
    return [need.of(turn) for turn in turns]


def expecting(state: DialogueState) -> str:
    """What the next message probably gives, for understanding (`Turn.expecting`)."""
    return state.expecting if state.expecting in _UNDERSTOOD else "confirm" if state.path else ""


_UNDERSTOOD = frozenset({"order_no", "tracking_no", "phone", "sku", "confirm"})


def answer_many(turns: Sequence[BotTurn]) -> list[BotMove]:
    """What the bot does about each turn, in order. Reads only the knowledge index; writes nothing."""
    if not turns:
        return []
    known = [Known(turn) for turn in turns]
    keys = [keys_of(turn) for turn in turns]
    library = knowledge.library()
    served = [serving(turn, k) for turn, k in zip(turns, keys, strict=True)]
    queries = [
        _query(turn, k, intents, categories_of(turn, facts))
        for turn, k, intents, facts in zip(turns, keys, served, known, strict=True)
    ]
    searched = [_searched(query, intents) for query, intents in zip(queries, served, strict=True)]
    found = iter(library.search_many([query for several in searched for query in several]))
    shelves = [
        _shelf(library, query, list(islice(found, len(several))))
        for query, several in zip(queries, searched, strict=True)
    ]
    zone = ZoneInfo(settings.JIELI_TIME_ZONE)
    return [
        engine.decide(Case(turn, k, facts, shelf, Speech(locale_of(turn.locale), turn.now, zone)))
        for turn, k, facts, shelf in zip(turns, keys, known, shelves, strict=True)
    ]


def _query(turn: BotTurn, keys: Keys, served: Sequence[Intent], categories: tuple[str, ...]) -> Query:
    return Query(
        text=turn.text,
        intents=tuple(i.value for i in served if i is not Intent.OTHER),
        skus=keys.skus,
        categories=categories,
        brands=turn.brands,
        locale=turn.locale,
        limit=_HITS,
    )


def _searched(query: Query, served: Sequence[Intent]) -> list[Query]:
    """The message as one question, and each of its clauses when it carries several matters; nothing where no article
    would be told."""
    if not any(map(tells_articles, served)):
        return []
    if len(query.intents) < 2:
        return [query]
    clauses = [clause for clause in _CLAUSES.split(query.text) if len(clause) > 1][:_MOST_CLAUSES]
    return [query, *(replace(query, text=clause) for clause in clauses if len(clauses) > 1)]


def _shelf(library: knowledge.Library, query: Query, found: Sequence[Sequence[Hit]]) -> Shelf:
    best: dict[str, Hit] = {}
    for hit in (hit for hits in found for hit in hits):
        if hit.slug not in best or best[hit.slug].score < hit.score:
            best[hit.slug] = hit
    hits = sorted(best.values(), key=lambda hit: -hit.score)
    return Shelf(
        hits=hits,
        bodies={hit.slug: library.body(hit) for hit in hits},
        articles=library.by_slug,
        path=library.path_for(query.text, query.intents, skus=query.skus, categories=query.categories),
        paths=library.paths,
    )


def model() -> str:
    """The language model that may word answers, or "" (the default): then `with_model` changes nothing."""
    return client.configured()


def with_model(turn: BotTurn, move: BotMove) -> BotMove:
    """Let the model word or find the answer; the guard decides whether it is said. Never call it in a transaction."""
    name = client.configured()
    return loop.improved(turn, move, client.chat, name) if name else move


def dialogue_of(stored: Any) -> DialogueState:
    """The state from the JSON it was stored as; an empty one from None or {}."""
    return msgspec.convert(stored or {}, DialogueState)


def dialogue_json(state: DialogueState) -> dict[str, Any]:
    return msgspec.to_builtins(state)  # type: ignore[no-any-return]

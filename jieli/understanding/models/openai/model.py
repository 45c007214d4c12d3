"""Reads turns with an OpenAI-compatible language model, each with its own request, many at once.

What it does not answer in time, or in words we cannot read, the built-in model reads: nothing waits for a service.
Phones, e-mail addresses, order numbers and places leave the house as masks.
"""

import json
import logging
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import httpx
import msgspec
import numpy as np
from django.conf import settings

from jieli.understanding.contracts import EMPTY, INTENTS, Emotion, EntityKind, Evidence, Intent, Turn
from jieli.understanding.entities.extract import entities
from jieli.understanding.errors import ModelUnusable
from jieli.understanding.models.averaging.model import shipped
from jieli.understanding.models.port import EMOTIONS, LABELS, IntentModel, Probabilities, Reading

log = logging.getLogger(__name__)

BUDGET_S = 3.0
"""For a whole batch; reception waits no longer."""
_AT_ONCE, _LONGEST, _LINES = 16, 600, 3
_LEAST = 1e-4
_PRIVATE = frozenset(
    {EntityKind.PHONE, EntityKind.EMAIL, EntityKind.ADDRESS, EntityKind.ORDER_NO, EntityKind.TRACKING_NO}
)
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9A-Za-z]){6,}")
_SYSTEM = (
    "You label one message of a customer to a shop. Answer with JSON only: "
    '{"intents": {"<intent>": <probability>, …at most 3…}, "emotions": {"<emotion>": <probability>, …}}. '
    "The first intent is what the customer wants done; a fragment keeps the topic of the lines before it.\nIntents: "
    + "; ".join(f"{intent.value} ({meta.zh}, {meta.en})" for intent, meta in INTENTS.items())
    + f"\nEmotions: {', '.join(EMOTIONS)}"
)

Ask = Callable[[str], str]


class _Answer(msgspec.Struct, forbid_unknown_fields=False):
    intents: dict[str, float]
    emotions: dict[str, float] = {}


class LanguageModel:
    """`ask` takes what is told of one turn and gives the model's text; it may raise anything."""

    def __init__(self, name: str, ask: Ask, fallback: IntentModel) -> None:
        self._name, self._ask, self._fallback = name, ask, fallback
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="understanding")

    @property
    def version(self) -> str:
        return f"openai-{self._name}+{self._fallback.version}"

    def read(self, turns: Sequence[Turn]) -> Reading:
        asked = [self._pool.submit(self._read_one, turn) for turn in turns]
        intents, emotions = self._fallback.read(turns)
        emotions = (
            np.full((len(turns), len(EMOTIONS)), 1 / len(EMOTIONS), np.float32)
            if emotions is None
            else emotions
        )
        wait(asked, timeout=BUDGET_S)
        for row, future in enumerate(asked):
            if (answer := _in_time(future)) is not None:
                intents[row], felt = _shares(answer.intents, LABELS), answer.emotions
                emotions[row] = _shares(felt, EMOTIONS) if felt.keys() & set(Emotion) else emotions[row]
        return Reading(intents, emotions)

    def _read_one(self, turn: Turn) -> _Answer:
        text = self._ask(told(turn)).strip().removeprefix("```json").removesuffix("```")
        answer = msgspec.json.decode(text, type=_Answer)
        if not answer.intents.keys() & set(Intent):
            raise ValueError(f"no intent of ours in {text[:200]!r}")
        return answer

    def evidence(self, turn: Turn, intent: Intent, *, limit: int) -> tuple[Evidence, ...]:
        return ()


def _in_time(future: "Future[_Answer]") -> _Answer | None:
    if not future.done():
        future.cancel()
        return None
    if (error := future.exception()) is not None:
        log.warning("the language model said nothing of use: %s", error)
        return None
    return future.result()


def _shares(told: dict[str, float], labels: Sequence[str]) -> Probabilities:
    """Its probabilities in our order; what it leaves open is spread over the rest."""
    row = np.array([min(max(told.get(label, 0.0), 0.0), 1.0) for label in labels], dtype=np.float32)
    row += max(_LEAST, (1 - float(row.sum())) / len(labels))
    shared: Probabilities = row / row.sum()
    return shared


def told(turn: Turn) -> str:
    """The turn as the language model is told it, without what names a person or an order."""
    said = [{"by": line.by, "text": masked(line.text, turn)} for line in turn.previous[-_LINES:]]
    return json.dumps({"before": said, "message": masked(turn.text, turn)}, ensure_ascii=False)


def masked(text: str, turn: Turn) -> str:
    text = text[:_LONGEST]
    for entity in reversed(entities(text, turn.at, turn.expecting, EMPTY)):
        if entity.kind in _PRIVATE:
            text = f"{text[: entity.start]}[{entity.kind.value}]{text[entity.end :]}"
    return _NUMBER.sub("[number]", text)  # identity cards, bank cards, tax numbers: what no entity claims


def configured() -> LanguageModel:
    """From JIELI_LLM_URL, JIELI_LLM_MODEL and JIELI_LLM_KEY. Raises `ModelUnusable` where they are not set."""
    url, name, key = settings.JIELI_LLM_URL, settings.JIELI_LLM_MODEL, settings.JIELI_LLM_KEY
    if not url or not name:
        raise ModelUnusable("JIELI_UNDERSTANDING=openai needs JIELI_LLM_URL and JIELI_LLM_MODEL")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = httpx.Client(base_url=url.rstrip("/") + "/", headers=headers, timeout=BUDGET_S)

    def ask(told: str) -> str:
        messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": told}]
        answer = client.post("chat/completions", json={"model": name, "messages": messages, "temperature": 0})
        answer.raise_for_status()
        return str(answer.json()["choices"][0]["message"]["content"])

    return LanguageModel(name, ask, shipped())

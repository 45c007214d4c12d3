"""A language model behind the port: what it says counts, what it cannot say is read by the built-in model."""

import json
import time
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from jieli.understanding.contracts import Emotion, Intent, PreviousTurn, Turn
from jieli.understanding.errors import ModelUnusable
from jieli.understanding.models import registry
from jieli.understanding.models.averaging.model import shipped
from jieli.understanding.models.openai import model
from jieli.understanding.models.openai.model import Ask, LanguageModel
from jieli.understanding.models.port import EMOTIONS, LABELS

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
TURN = Turn("我的东西呢", AT, (PreviousTurn("agent", "您好，请问有什么可以帮您"),))


def reading_of(ask: Ask, *turns: Turn) -> tuple[list[Intent], list[Emotion]]:
    intents, emotions = LanguageModel("tiny", ask, shipped()).read(turns)
    assert emotions is not None
    assert intents.sum(axis=1) == pytest.approx([1.0] * len(turns), abs=1e-3)
    return [LABELS[i] for i in intents.argmax(axis=1)], [EMOTIONS[i] for i in emotions.argmax(axis=1)]


def test_its_labels_are_taken_with_their_confidence() -> None:
    said = json.dumps({"intents": {"missing_wrong": 0.8, "track": 0.15}, "emotions": {"angry": 0.9}})
    assert reading_of(lambda _: said, TURN) == ([Intent.MISSING_WRONG], [Emotion.ANGRY])
    assert reading_of(lambda _: f"```json\n{said}\n```", TURN)[0] == [Intent.MISSING_WRONG]


@pytest.mark.parametrize("said", ["", "track", '{"intents": {"nonsense": 1}}', '{"intents": 3}', "{" * 500])
def test_what_cannot_be_read_is_read_by_the_built_in_model(said: str) -> None:
    invoice = Turn("电子发票怎么开", AT)
    assert reading_of(lambda _: said, invoice)[0] == [Intent.INVOICE]


def test_nobody_waits_for_a_model_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "BUDGET_S", 0.05)

    def silent(_: str) -> str:
        time.sleep(0.5)
        return '{"intents": {"stock": 1}}'

    assert reading_of(silent, Turn("电子发票怎么开", AT))[0] == [Intent.INVOICE]


def test_each_turn_of_a_batch_gets_its_own_answer() -> None:
    def ask(told: str) -> str:
        return json.dumps({"intents": {"stock" if "有货" in told else "payment": 1}})

    assert reading_of(ask, Turn("有货吗", AT), Turn("怎么付", AT))[0] == [Intent.STOCK, Intent.PAYMENT]


def test_what_names_a_person_leaves_as_a_mask() -> None:
    turn = Turn(
        "我叫小周 电话13800001234 邮箱 zhou@example.com", AT, (PreviousTurn("customer", "13900004321"),)
    )
    told = model.told(turn)
    assert "13800001234" not in told
    assert "13900004321" not in told
    assert "zhou@example.com" not in told


def test_it_must_be_configured_before_it_can_be_chosen() -> None:
    registry.load.cache_clear()
    with (
        override_settings(JIELI_LLM_URL="", JIELI_UNDERSTANDING="openai"),
        pytest.raises(ModelUnusable, match="JIELI_LLM_URL"),
    ):
        registry.active()

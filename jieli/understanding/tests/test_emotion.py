from datetime import UTC, datetime

import pytest

from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Emotion, EmotionFinding, PreviousTurn, Turn

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


def mood(text: str, *previous: PreviousTurn, waited_s: float = 0) -> EmotionFinding:
    return understanding.understand([Turn(text, AT, previous, waited_s=waited_s)])[0].emotion


@pytest.mark.parametrize(
    ("text", "emotion", "reason"),
    [
        ("再不解决我就投诉", Emotion.ANGRY, "threat:投诉"),
        ("你们就是骗子，垃圾店", Emotion.ANGRY, "abuse:骗子"),
        ("呵呵，你们真行啊", Emotion.ANGRY, "sarcasm:呵呵"),
        ("我很不满意", Emotion.ANGRY, "discontent:很不满"),
        ("什么态度 😡😡", Emotion.ANGRY, "emoji_angry:😡"),
        ("麻烦快点，我等着用，急死了", Emotion.ANXIOUS, "pressing:麻烦快"),
        ("都五天了还没到，不会丢了吧", Emotion.ANXIOUS, "waiting:都五天了"),
        ("地址填错了怎么办", Emotion.ANXIOUS, "worry:填错"),
        ("太好了，非常满意，给你五星好评", Emotion.PLEASED, "delight:太好了"),
        ("WHERE IS MY ORDER THIS IS RIDICULOUS", Emotion.ANGRY, "capitals"),
    ],
)
def test_a_mood_and_the_words_that_told_it(text: str, emotion: Emotion, reason: str) -> None:
    finding = mood(text)
    assert finding.emotion is emotion
    assert reason in finding.reasons


@pytest.mark.parametrize(
    "text", ["这个空调多大功率", "垃圾桶有货吗", "滚筒洗衣机怎么清洗", "好的", "请问支持分期吗", "你好"]
)
def test_plain_questions_are_calm(text: str) -> None:
    assert mood(text).emotion is Emotion.CALM


def test_saying_it_again_is_a_sign() -> None:
    said = PreviousTurn("customer", "什么时候发货")
    assert "repeats" in mood("什么时候发货", said, PreviousTurn("bot", "请稍等")).reasons


def test_an_earlier_threat_weighs_on_what_follows() -> None:
    threat = PreviousTurn("customer", "再不发货就去12315投诉你们")
    assert "history_angry" in mood("所以呢", threat, PreviousTurn("agent", "抱歉")).reasons


def test_waiting_long_is_a_sign() -> None:
    assert "waited" in mood("好了吗", waited_s=700).reasons
    assert "waited" not in mood("好了吗", waited_s=5).reasons


def test_the_score_is_a_strength() -> None:
    assert 0 < mood("有点慢").score <= 1
    assert mood("骗子！！！投诉！差评！").score > 0.9

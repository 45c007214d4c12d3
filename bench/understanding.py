"""What it costs to understand a message (intents, emotion, entities), beside what is usually taken for a part of it.

Processor time of one process on the frozen talks of the corpus, each turn once, in the order of its talk.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from bench import ready  # noqa: F401
from bench.machine import say
from jieli.kernel import garbage
from jieli.understanding import facade as understanding
from jieli.understanding import training
from jieli.understanding.contracts import PreviousTurn, Turn
from jieli.understanding.corpus import sessions

BATCH = 200
_FUZZED, _SEED = 10_000, 20261111
_ALONE, _SLOW = 400, 150  # messages measured one by one, and with what takes milliseconds for each


def measured() -> dict[str, Any]:
    """Processor µs a message of each way; `share` is ours by jieba with scikit-learn in the same run."""
    turns = [example.turn for example in sessions.read(training.FROZEN)]
    warm, turns = turns[:BATCH], turns[BATCH:]
    understanding.warm()
    understanding.understand(warm)
    garbage.settle()  # as a worker does
    found = {
        "batch": _us(turns, BATCH, understanding.understand),
        "alone": _us(turns[:_ALONE], 1, understanding.understand),
        "jieba": _us(turns, BATCH, _jieba(warm)),
        "snownlp": _us(turns[:_SLOW], 1, _snownlp(warm)),
        "slowest_of_fuzzed": _slowest_us(_fuzzed(_FUZZED)),
    }
    say(f"understanding: {found} µs a message")
    return found


def _slowest_us(turns: Iterable[Turn]) -> float:
    """Of hostile messages read one by one; none may raise."""
    slowest = 0.0
    for turn in turns:
        began = time.process_time()
        understanding.understand([turn])
        slowest = max(slowest, time.process_time() - began)
    return round(slowest * 1e6, 1)


def _fuzzed(count: int) -> Iterator[Turn]:
    """Seeded: nothing, very long, control characters, right to left, emoji, other scripts, digits, near misses of patterns."""
    rng = random.Random(_SEED)
    alphabets = (
        "\x00\x07\x1b\r\n\t\u200b", "\u202e\u202dאבגדالعربية", "😀😡👍🏽❤️🇨🇳👨‍👩‍👧", "ⰀⰁⰂ ไทย हिन्दी ελ русский 日本語 한국어",
        "0123456789", "¥1.2-3:4/5号月日点半 ", "退货退款发票快递到哪了呢吗？！。，", "[]{}()#E-s<>&%$'\"\\", "aA bB@.x_-",
    )  # fmt: skip
    for number in range(count):
        letters = "".join(rng.sample(alphabets, rng.randint(1, 3)))
        size = 100_000 if number % 200 == 0 else rng.choice((0, 1, 3, 10, 40, 200, 1000, 5000))
        one = rng.choice(letters)
        text = one * size if rng.random() < 0.2 else "".join(rng.choices(letters, k=size))
        yield Turn(
            text,
            sessions.AT,
            (PreviousTurn("customer", text[: rng.choice((0, 9, 99))]),),
            rng.choice(("", "order_no", "confirm")),
        )


def _us(turns: Sequence[Turn], size: int, work: Callable[[Sequence[Turn]], Any]) -> float:
    batches = [turns[start : start + size] for start in range(0, len(turns), size)]
    began = time.process_time()
    for batch in batches:
        work(batch)
    return round((time.process_time() - began) / len(turns) * 1e6, 1)


def _jieba(warm: Sequence[Turn]) -> Callable[[Sequence[Turn]], Any]:
    """Words by jieba, TF-IDF and logistic regression: intents alone, without context, emotion or entities."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    jieba.setLogLevel(logging.ERROR)
    taught = sessions.read(training.reading.FOLDER / "sessions")[::10]
    words = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    rows = words.fit_transform([example.turn.text for example in taught])
    model = LogisticRegression(max_iter=20).fit(rows, [example.intents[0] for example in taught])

    def read(turns: Sequence[Turn]) -> Any:
        return model.predict_proba(words.transform([turn.text for turn in turns]))

    read(warm)
    return read


def _snownlp(warm: Sequence[Turn]) -> Callable[[Sequence[Turn]], Any]:
    """Sentiment by SnowNLP: good or bad, nothing else."""
    from snownlp import SnowNLP

    def read(turns: Sequence[Turn]) -> list[float]:
        return [SnowNLP(turn.text).sentiments for turn in turns]

    read(warm[:3])
    return read


if __name__ == "__main__":
    measured()

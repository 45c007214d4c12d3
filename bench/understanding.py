"""What it costs to understand a message (intents, emotion, entities), beside what is usually taken for a part of it.

Processor time of one process on the frozen talks of the corpus, each turn once, in the order of its talk.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench import ready  # noqa: F401
from bench.machine import say
from jieli.understanding import facade as understanding
from jieli.understanding import training
from jieli.understanding.contracts import Turn
from jieli.understanding.corpus import sessions

BATCH = 200
_ALONE, _SLOW = 400, 150  # messages measured one by one, and with what takes milliseconds for each


def measured() -> dict[str, Any]:
    """Processor µs a message of each way; `share` is ours by jieba with scikit-learn in the same run."""
    turns = [example.turn for example in sessions.read(training.FROZEN)]
    warm, turns = turns[:BATCH], turns[BATCH:]
    understanding.understand(warm)
    found = {
        "batch": _us(turns, BATCH, understanding.understand),
        "alone": _us(turns[:_ALONE], 1, understanding.understand),
        "jieba": _us(turns, BATCH, _jieba(warm)),
        "snownlp": _us(turns[:_SLOW], 1, _snownlp(warm)),
    }
    say(f"understanding: {found} µs a message")
    return found


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

"""Measures the active model on labelled turns of real sessions: what `jieli understanding evaluate` prints.

The label file is tab-separated with a header (session, turn, intent, second, emotion, text); `intent` may hold several
accepted labels joined by `|`, `emotion` is `-` where nobody agreed. `--sessions` gives the turns their context.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jieli.understanding import reading
from jieli.understanding.contracts import Emotion, Finding, Intent, PreviousTurn, Turn
from jieli.understanding.corpus.sessions import Example
from jieli.understanding.errors import CorpusInvalid

_AT = datetime(2026, 1, 15, 2, 0, tzinfo=UTC)  # transcripts carry no time; no label depends on one
_BINS = 10
_SESSION, _BY_AGENT, _TEXT = 0, 2, 6


@dataclass(frozen=True, slots=True)
class Labelled:
    turn: Turn
    intents: frozenset[Intent]
    second: frozenset[Intent]
    emotion: Emotion | None

    @classmethod
    def of(cls, example: Example) -> "Labelled":
        main, *further = example.intents
        return cls(example.turn, frozenset((main, *example.equal)), frozenset(further), example.emotion)


def sessions_of(path: Path) -> dict[str, list[PreviousTurn]]:
    """Messages per session in order; seven tab-separated columns: session, customer, by agent (1), two flags, SKU, text."""
    found: dict[str, list[PreviousTurn]] = defaultdict(list)
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        columns = row.split("\t")
        if len(columns) <= _TEXT:
            raise CorpusInvalid(f"{path.name}:{number}: {len(columns)} columns, needs {_TEXT + 1}")
        found[columns[_SESSION]].append(
            PreviousTurn("agent" if columns[_BY_AGENT] == "1" else "customer", columns[_TEXT])
        )
    return found


def labelled(labels: Path, sessions: Path | None = None) -> list[Labelled]:
    said = sessions_of(sessions) if sessions else {}
    found = []
    with labels.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            try:
                before = tuple(said.get(row["session"], [])[: int(row["turn"])])
                second = (
                    () if row["second"] in ("-", "", None) else row["second"].replace(",", "|").split("|")
                )
                found.append(
                    Labelled(
                        Turn(row["text"], _AT, before[-6:]),
                        frozenset(map(Intent, row["intent"].split("|"))),
                        frozenset(map(Intent, second)),
                        None if row["emotion"] == "-" else Emotion(row["emotion"]),
                    )
                )
            except (KeyError, ValueError) as error:
                raise CorpusInvalid(f"{labels.name}:{number}: {error}") from error
    return found


def evaluate(labels: Path, sessions: Path | None = None) -> dict[str, Any]:
    """Figures as nested JSON; a prediction is right if it is one of the accepted main labels."""
    rows = labelled(labels, sessions)
    found = reading.understand([row.turn for row in rows])
    return {"model": reading.model_version(), "turns": len(rows), **figures(rows, found)}


def figures(rows: Sequence[Labelled], found: Sequence[Finding]) -> dict[str, Any]:
    """{"intent": …, "emotion": …} of what was found in labelled turns."""
    return {"intent": _intent_figures(rows, found), "emotion": _emotion_figures(rows, found)}


def summary(figures: Mapping[str, Any]) -> dict[str, float]:
    """The few figures a model file carries: {"intent.accuracy": …, "emotion.recall.angry": …}."""
    intent, emotion = figures["intent"], figures["emotion"]
    named = {f"intent.{name}": intent[name] for name in ("accuracy", "accuracy_at_60", "macro_f1", "ece")}
    recall = {f"emotion.recall.{name}": value for name, value in emotion["recall"].items()}
    return named | {"emotion.macro_f1": emotion["macro_f1"]} | recall


def _intent_figures(rows: Sequence[Labelled], findings: Sequence[Finding]) -> dict[str, Any]:
    right = [finding.intent in row.intents for row, finding in zip(rows, findings, strict=True)]
    surest = sorted(range(len(rows)), key=lambda index: -findings[index].confidence)
    ordered = [right[index] for index in surest]
    truth = [_credited(row, finding) for row, finding in zip(rows, findings, strict=True)]
    classes = per_class([str(label) for label in truth], [str(finding.intent) for finding in findings])
    return {
        "accuracy": _share(right),
        "accuracy_at_60": _share(ordered[: max(1, round(0.6 * len(ordered)))]),
        "macro_f1": _macro(classes),
        "ece": _calibration_error([finding.confidence for finding in findings], right),
        "coverage": {
            f"{share}": _share(ordered[: max(1, len(ordered) * share // 100)]) for share in range(10, 101, 10)
        },
        "second_recall": _second_recall(rows, findings),
        "classes": classes,
        "confusions": [
            {"truth": a, "found": b, "times": times}
            for (a, b), times in Counter(
                (str(label), str(finding.intent))
                for label, finding in zip(truth, findings, strict=True)
                if label != finding.intent
            ).most_common(20)
        ],
    }


def _emotion_figures(rows: Sequence[Labelled], findings: Sequence[Finding]) -> dict[str, Any]:
    pairs = [
        (str(row.emotion), str(f.emotion.emotion))
        for row, f in zip(rows, findings, strict=True)
        if row.emotion
    ]
    classes = per_class([truth for truth, _ in pairs], [found for _, found in pairs])
    return {
        "accuracy": _share([truth == found for truth, found in pairs]),
        "macro_f1": _macro(classes),
        "recall": {name: figures["recall"] for name, figures in classes.items()},
        "classes": classes,
    }


def _credited(row: Labelled, finding: Finding) -> Intent:
    """Where two main labels are accepted: the predicted one if it is among them, else the first by name."""
    return finding.intent if finding.intent in row.intents else min(row.intents)


def per_class(truth: Sequence[str], found: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support of every class that occurs in the truth."""
    told, given = Counter(truth), Counter(found)
    hit = Counter(a for a, b in zip(truth, found, strict=True) if a == b)
    figures = {}
    for name in sorted(told):
        precision, recall = (hit[name] / given[name] if given[name] else 0.0), hit[name] / told[name]
        both = precision + recall
        figures[name] = {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both, 4) if both else 0.0,
            "support": told[name],
        }
    return figures


def macro_f1(truth: Sequence[object], found: Sequence[object]) -> float:
    return _macro(per_class([str(label) for label in truth], [str(label) for label in found]))


def _macro(classes: Mapping[str, Mapping[str, float]]) -> float:
    return round(sum(figures["f1"] for figures in classes.values()) / max(1, len(classes)), 4)


def _second_recall(rows: Sequence[Labelled], findings: Sequence[Finding]) -> float:
    wanted = [(intent, finding) for row, finding in zip(rows, findings, strict=True) for intent in row.second]
    return _share([any(score.intent == intent for score in finding.intents) for intent, finding in wanted])


def _calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, hit in zip(confidences, right, strict=True):
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, hit))
    gap = sum(abs(sum(c for c, _ in held) - sum(h for _, h in held)) for held in bins.values())
    return round(gap / max(1, len(confidences)), 4)


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0

"""From a model's probabilities to the intents that are reported: the rejection rule and the further intents."""

from collections.abc import Iterable, Sequence

from jieli.understanding.contracts import Entity, EntityKind, Intent, IntentScore

REJECT_BELOW = 0.12  # less than this for the best intent is not knowing
REJECTED = Intent.OTHER
FURTHER_FROM = 0.15  # a further intent needs this much …
FURTHER_SHARE = 0.3  # … and this share of the main one's confidence
MOST = 3


def reported(
    best: Sequence[tuple[Intent, float]], entities: Iterable[Entity], expecting: str
) -> tuple[tuple[IntentScore, ...], tuple[str, ...]]:
    """From the MOST likeliest intents, likeliest first: what is reported, and the stable codes of the rules that had a say.

    A rejected turn is `other` with the low confidence, followed by what it might have been.
    """
    main, sure = best[0]
    if sure < REJECT_BELOW:
        guess = () if main is REJECTED else (IntentScore(main, _round(sure)),)
        return (IntentScore(REJECTED, _round(sure)), *guess), ("rejected:low_confidence",)
    further = tuple(
        IntentScore(intent, _round(confidence))
        for intent, confidence in best[1:]
        if confidence >= FURTHER_FROM and confidence >= FURTHER_SHARE * sure and intent is not REJECTED
    )
    reasons: tuple[str, ...] = (f"wording:{main}",)
    if expecting and any(entity.kind == expecting for entity in entities):
        reasons += (f"answers:{EntityKind(expecting)}",)
    return (IntentScore(main, _round(sure)), *further), reasons


def _round(value: float) -> float:
    return round(float(value), 4)

"""Rules of promises: what may follow what, and when to warn."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from jieli.promises.contracts import NewPromise, PromiseState, Step

LONGEST = timedelta(days=3660)
SOON = timedelta(hours=2)
_LONGEST_TEXTS = {"order": 120, "compensation": 500, "made_by_id": 120, "once": 200}
_LONGEST_EVIDENCE = 20_000
_WARN_AFTER = 0.8
_NOT_BEFORE = 0.5

_NEXT: Mapping[tuple[PromiseState, Step], PromiseState] = {
    (PromiseState.OPEN, Step.WARNED): PromiseState.OPEN,
    (PromiseState.OPEN, Step.EXTENDED): PromiseState.OPEN,
    (PromiseState.OPEN, Step.KEPT): PromiseState.KEPT,
    (PromiseState.OPEN, Step.BROKEN): PromiseState.BROKEN,
    (PromiseState.OPEN, Step.WITHDRAWN): PromiseState.WITHDRAWN,
    (PromiseState.BROKEN, Step.COMPENSATED): PromiseState.BROKEN,
}


def after(state: PromiseState, step: Step) -> PromiseState | None:
    """The state that the step leads to; None where it may not be taken. A broken promise never becomes kept."""
    return _NEXT.get((state, step))


def warn_at(made_at: datetime, due_at: datetime) -> datetime:
    """When 80 % of the time has passed, or two hours before it is due, whichever is earlier; but never before half
    of the time has passed, or a promise of one hour would be warned about as soon as it is made."""
    whole = due_at - made_at
    earlier = min(made_at + whole * _WARN_AFTER, due_at - SOON)
    return max(earlier, made_at + whole * _NOT_BEFORE)


def is_text(text: str) -> bool:
    """Whether every database can keep it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def unstorable(new: NewPromise) -> str:
    """What is wrong with the promise's fields, in words; "" when nothing is."""
    if new.due_at.tzinfo is None or (new.made_at is not None and new.made_at.tzinfo is None):
        return "A time needs its offset, as in 2026-11-18T18:00:00+08:00."
    for name, longest in _LONGEST_TEXTS.items():
        text = getattr(new, name)
        if len(text) > longest:
            return f"“{name}” has at most {longest} characters."
        if not is_text(text + new.what):
            return f"“{name}” holds characters that are no text."
    return "" if can_keep(new.evidence) else "“evidence” is too large, or holds characters that are no text."


def can_keep(evidence: Mapping[str, Any]) -> bool:
    """No NUL and no lone surrogate anywhere in it, keys included, and not too large."""
    return len(json.dumps(dict(evidence), default=str)) <= _LONGEST_EVIDENCE and all(
        map(is_text, _texts(dict(evidence)))
    )


def _texts(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for pair in value.items() for one in pair for text in _texts(one)]
        case list():
            return [text for one in value for text in _texts(one)]
        case _:
            return []

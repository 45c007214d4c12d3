"""Walking a resolution path: a pure state machine over data."""

from collections.abc import Sequence
from dataclasses import dataclass

from jieli.knowledge.contracts import Choice, Path, PathEnd, Step
from jieli.knowledge.errors import PathBroken

_NUMBERS = {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "一": 0, "二": 1, "三": 2, "四": 3, "五": 4}
_YES = ("是", "对", "有", "嗯", "好", "可以", "正常", "能", "行", "yes", "ok", "y")
_NO = ("不", "没", "否", "无", "未", "no", "n")


@dataclass(frozen=True, slots=True)
class Move:
    """Where an answer led: to a step, to an end, or nowhere (both None: it fits no choice)."""

    step: Step | None = None
    end: PathEnd | None = None


def first_step(path: Path) -> Step:
    return path.steps[0]


def take(path: Path, step: str, answer: str, *, confirmed: bool | None = None) -> Move:
    """Follow the choice that the answer means. `confirmed` is what understanding heard: yes, no, or neither."""
    here = path.step(step)
    if here is None:
        return Move()
    choice = chosen(here.choices, answer, confirmed=confirmed)
    if choice is None:
        return Move()
    return Move(end=path.ends[choice.end]) if choice.end else Move(step=path.step(choice.step))


def chosen(choices: Sequence[Choice], answer: str, *, confirmed: bool | None = None) -> Choice | None:
    """By its number, its whole label, its words, its part, or as a plain yes or no to two choices."""
    said = answer.strip().strip("。.!！~～、)）( （").casefold()
    if not said:
        return None
    if said in _NUMBERS and _NUMBERS[said] < len(choices):
        return choices[_NUMBERS[said]]
    for fits in (_is_label, _has_words, _is_part):
        found = [choice for choice in choices if fits(choice, said)]
        if len(found) == 1:
            return found[0]
    return _yes_or_no(choices, said, confirmed)


def _labels(choice: Choice) -> tuple[str, ...]:
    return tuple(label.casefold() for label in (choice.label.zh, choice.label.en) if label)


def _is_label(choice: Choice, said: str) -> bool:
    return said in _labels(choice)


def _has_words(choice: Choice, said: str) -> bool:
    return any(word.casefold() in said for word in choice.words)


def _is_part(choice: Choice, said: str) -> bool:
    return any(label in said or (len(said) > 1 and said in label) for label in _labels(choice))


def _yes_or_no(choices: Sequence[Choice], said: str, confirmed: bool | None) -> Choice | None:
    if len(choices) != 2:
        return None
    yes = confirmed if confirmed is not None else _heard(said)
    if yes is None:
        return None
    negative = [choice for choice in choices if _heard(_labels(choice)[0]) is False]
    if len(negative) != 1:
        return None
    return next(c for c in choices if (c is negative[0]) is not yes)


def _heard(said: str) -> bool | None:
    if any(said.startswith(word) or word in said[:4] for word in _NO if len(word) == 1 and word not in "ny"):
        return False
    if said in ("no", "n", "nope"):
        return False
    return True if any(said.startswith(word) for word in _YES) else None


def check(path: Path) -> None:
    """Raises `PathBroken` unless every choice leads somewhere and every step can reach an end."""
    if not path.steps:
        raise PathBroken(f"{path.slug}: a path needs at least one step")
    keys = {step.key for step in path.steps}
    for step in path.steps:
        for choice in step.choices:
            if bool(choice.step) == bool(choice.end):
                raise PathBroken(f"{path.slug}/{step.key}: “{choice.label.zh}” needs either a step or an end")
            if (choice.step and choice.step not in keys) or (choice.end and choice.end not in path.ends):
                raise PathBroken(f"{path.slug}/{step.key}: “{choice.label.zh}” leads nowhere")
    stuck = keys - _reach_an_end(path)
    if stuck:
        raise PathBroken(f"{path.slug}: no way out of {', '.join(sorted(stuck))}")


def _reach_an_end(path: Path) -> set[str]:
    reach: set[str] = set()
    while True:
        more = {
            step.key
            for step in path.steps
            if step.key not in reach and any(c.end or c.step in reach for c in step.choices)
        }
        if not more:
            return reach
        reach |= more

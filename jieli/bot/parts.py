"""Pieces of an answer, and how they become one move."""

from dataclasses import dataclass, field

from jieli.bot.contracts import Action, PathPlace, PromiseWish, Saying, Source
from jieli.supply.contracts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A wish to hand over: `line` is the key of what the customer is told, `why` of the reason."""

    why: str
    line: str = "hand.does_it"
    skill: str = ""
    questions: tuple[Saying, ...] = ()
    ticket: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one intent (or one rule) contributes. `asks` is what is asked for; `failed`: it did not help."""

    action: Action = Action.ANSWER
    text: str = ""
    reasons: tuple[str, ...] = ()
    confidence: float = 1.0
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    promises: tuple[PromiseWish, ...] = ()
    asks: str = ""
    candidates: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    pending: str = ""
    offered: tuple[str, ...] = ()
    path: PathPlace | None = None
    trail: tuple[str, ...] = field(default=())
    hand: Hand | None = None
    failed: bool = False
    raises: bool = False

    @property
    def is_unknown(self) -> bool:
        """Says only that the sources did not answer."""
        return any(reason.startswith("unknown:") for reason in self.reasons)

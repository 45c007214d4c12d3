"""One turn as the answering parts see it: its keys, its facts, its articles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jieli.bot.contracts import BotTurn, DialogueState
from jieli.bot.speech import Speech
from jieli.knowledge.contracts import Article, Hit, Path, PathId
from jieli.supply.contracts import Answer, Fact, FactKind, Unknown
from jieli.understanding.contracts import EntityKind

_KEPT = (
    EntityKind.ORDER_NO,
    EntityKind.TRACKING_NO,
    EntityKind.PHONE,
    EntityKind.EMAIL,
    EntityKind.FAULT_CODE,
    EntityKind.ADDRESS,
    EntityKind.DATE,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the customer pointed at, now or earlier in the conversation; `new` says that it was in this message."""

    order: str = ""
    tracking: str = ""
    skus: tuple[str, ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """What knowledge found for one turn; `bodies` has the text of each hit that may be quoted whole, `articles` all
    that readers see, by slug."""

    hits: Sequence[Hit] = ()
    bodies: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, Article] = field(default_factory=dict)
    path: Path | None = None
    paths: Mapping[PathId, Path] = field(default_factory=dict)


def keys_of(turn: BotTurn) -> Keys:
    found = {entity.kind: entity.value for entity in reversed(turn.finding.entities)}
    order = ending(found.get(EntityKind.ORDER_NO, ""), turn) or chosen_candidate(turn)
    tracking = found.get(EntityKind.TRACKING_NO, "").rpartition(":")[2]
    skus = tuple(
        dict.fromkeys(
            e.value
            for e in turn.finding.entities
            if e.kind in (EntityKind.SKU, EntityKind.PRODUCT) and e.value
        )
    )
    given = turn.dialogue.given
    return Keys(
        order=order or ("" if tracking else given.get(EntityKind.ORDER_NO, "")),
        tracking=tracking or ("" if order else given.get(EntityKind.TRACKING_NO, "")),
        skus=skus or turn.dialogue.skus,
        new=bool(order or tracking or skus),
    )


def ending(order: str, turn: BotTurn) -> str:
    """The order itself; for the last digits of one (*8846) the one candidate that ends so, else empty."""
    if not order.startswith("*"):
        return order
    ends = [one for one in turn.dialogue.candidates if one.endswith(order[1:])]
    return ends[0] if len(ends) == 1 else ""


def given_after(turn: BotTurn, keys: Keys) -> dict[str, str]:
    """All that the customer has told us by now, so that nobody asks for it again (law 3)."""
    given = dict(turn.dialogue.given)
    given |= {
        str(e.kind): e.value
        for e in reversed(turn.finding.entities)
        if e.kind in _KEPT and not (e.kind is EntityKind.ORDER_NO and e.value.startswith("*"))
    }
    given |= {EntityKind.ORDER_NO.value: keys.order} if keys.order else {}
    given |= {EntityKind.TRACKING_NO.value: keys.tracking} if keys.tracking else {}
    return given


_ORDINALS = {c: i for i, cs in enumerate(("1一", "2二两", "3三", "4四", "5五")) for c in cs}


def chosen_candidate(turn: BotTurn) -> str:
    """The order meant by "2", "第二个", "最后一个" or the last digits of its number; empty if none is."""
    candidates = turn.dialogue.candidates
    said = turn.text.strip().strip("。.!！号个") if len(turn.text) <= 16 else ""
    if not candidates or not said:
        return ""
    if said in ("最后一", "last", "the last one"):
        return candidates[-1]
    place = _ORDINALS.get(said.removeprefix("第").removeprefix("#"))
    if place is not None:
        return candidates[place] if place < len(candidates) else ""
    ends = [one for one in candidates if len(said) >= 3 and said.isalnum() and one.endswith(said.upper())]
    return ends[0] if len(ends) == 1 else ""


class Known:
    """The gathered answers by kind: facts once each, newest first seen, and who did not answer."""

    def __init__(self, turn: BotTurn) -> None:
        self._facts: dict[FactKind, dict[str, Fact]] = {}
        self._unknown: dict[FactKind, Unknown] = {}
        self._asked: set[FactKind] = set()
        for ask, answer in turn.facts.items():
            self._take(ask.kind, answer)

    def _take(self, kind: FactKind, answer: Answer) -> None:
        self._asked.add(kind)
        for fact in answer.facts:
            held = self._facts.setdefault(fact.kind, {})
            if fact.key not in held or held[fact.key].as_of < fact.as_of:
                held[fact.key] = fact
        if answer.unknown is not None:
            self._unknown.setdefault(kind, answer.unknown)

    def facts(self, kind: FactKind) -> list[Fact]:
        return list(self._facts.get(kind, {}).values())

    def all(self) -> Iterable[Fact]:
        return (fact for held in self._facts.values() for fact in held.values())

    def unknown(self, kind: FactKind) -> Unknown | None:
        return self._unknown.get(kind)

    def asked(self, kind: FactKind) -> bool:
        return kind in self._asked


@dataclass(frozen=True, slots=True)
class Case:
    """Everything there is to decide one turn from; nothing in it changes."""

    turn: BotTurn
    keys: Keys
    known: Known
    shelf: Shelf
    speech: Speech

    @property
    def state(self) -> DialogueState:
        return self.turn.dialogue

    @property
    def now(self) -> datetime:
        return self.turn.now

    def was_asked(self, what: str) -> bool:
        return self.state.asked.get(what, 0) > 0


def categories_of(turn: BotTurn, known: Known) -> tuple[str, ...]:
    """Of the products talked about: what reception said, and what the product facts say."""
    values = [fact.value for fact in known.facts(FactKind.PRODUCT)]
    found = [str(value[name]) for value in values for name in ("category", "line") if value.get(name)]
    return tuple(dict.fromkeys((*turn.categories, *found)))


def moment(value: Mapping[str, object], name: str) -> datetime | None:
    """A moment of a fact's value; None when the source did not say, or said what cannot be read."""
    text = value.get(name)
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None

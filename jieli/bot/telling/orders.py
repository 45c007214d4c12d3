"""What is told about orders and parcels."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from jieli.bot import words
from jieli.bot.case import Case, moment
from jieli.bot.contracts import PromiseWish
from jieli.bot.parts import Hand, Part
from jieli.bot.telling import asking, lines
from jieli.bot.telling.sources import nothing_there, told, unknown
from jieli.supply.contracts import Fact, FactKind, Unknown, UnknownReason

_WAITING = frozenset({"pending_payment", "paid", "in_production", "packed", "partly_shipped"})
_GONE = frozenset({"shipped", "partly_shipped"})
_MOVING = frozenset({"label_created", "picked_up", "in_transit", "out_for_delivery", "exception"})
_CLOSED = frozenset({"completed", "cancelled"})
_MOST_PARCELS = 4
Tell = Callable[[Case, Fact, str], Part]


def order(case: Case, skill: str) -> Part:
    """The state of the order that is meant."""
    open_ = [f for f in _orders(case) if f.value["state"] not in _CLOSED]
    return _of_one(case, open_ or _orders(case), skill, _state)


def ship(case: Case, skill: str) -> Part:
    """When the order that is meant leaves; what its promise says, never more."""
    waiting = [f for f in _orders(case) if f.value["state"] in _WAITING]
    return _of_one(case, waiting or _orders(case), skill, _ship)


def track(case: Case, skill: str) -> Part:
    """Where the parcels are; before anything was shipped, when it will be."""
    missing = case.known.unknown(FactKind.PARCEL)
    parcels = _parcels(case)
    if not parcels and missing is not None:
        return not_answered(case, missing, skill)
    moving = [p for p in parcels if p.value["state"] in _MOVING]
    waiting = [f for f in _orders(case) if f.value["state"] in _WAITING - _GONE]
    if not moving and waiting and not case.keys.tracking:
        return ship(case, skill)
    chosen = moving or _latest_delivered(parcels)
    if not chosen:
        return order(case, skill)
    if len({p.value.get("order", p.key) for p in chosen}) > 1:
        return asking.which_order(case, _orders_of(case, chosen), skill, key="which_parcel")
    return _several(case, chosen[:_MOST_PARCELS], skill)


def _orders(case: Case) -> list[Fact]:
    """The person's orders, newest first; only the one that was named, only those with a product that was named."""
    found = sorted(case.known.facts(FactKind.ORDER), key=lambda f: str(f.value["placed_at"]), reverse=True)
    if case.keys.order:
        return [f for f in found if f.value["number"] == case.keys.order]
    wanted = set(case.keys.skus)
    with_it = [f for f in found if wanted & {line.get("sku") for line in f.value.get("lines", ())}]
    return with_it or found


def _parcels(case: Case) -> list[Fact]:
    found = case.known.facts(FactKind.PARCEL)
    if case.keys.tracking:
        return [p for p in found if p.value["tracking"] == case.keys.tracking]
    if case.keys.order:
        return [p for p in found if p.value.get("order") in (None, case.keys.order)]
    wanted = set(case.keys.skus)
    return [p for p in found if wanted & set(p.value.get("skus", ()))] or found


def _latest_delivered(parcels: Sequence[Fact]) -> list[Fact]:
    done = [p for p in parcels if p.value["state"] not in _MOVING]
    return sorted(done, key=lambda p: str(p.value.get("delivered_at", "")))[-1:]


def _orders_of(case: Case, parcels: Sequence[Fact]) -> list[Fact]:
    """The orders of these parcels, or the parcels themselves where the order is not known."""
    by_number = {str(f.value["number"]): f for f in _orders(case)}
    found = {str(p.value.get("order", p.key)): p for p in parcels}
    return [by_number.get(number, parcel) for number, parcel in found.items()]


def _of_one(case: Case, orders: Sequence[Fact], skill: str, tell: Tell) -> Part:
    if len(orders) == 1:
        return tell(case, orders[0], skill)
    if len(orders) > 1:
        return asking.which_order(case, orders, skill)
    missing = case.known.unknown(FactKind.ORDER)
    if missing is not None:
        return not_answered(case, missing, skill)
    before = nothing_there(case, FactKind.ORDER) if case.known.asked(FactKind.ORDER) else ""
    return asking.ask(case, "order_no", skill, before=before)


def not_answered(case: Case, missing: Unknown, skill: str) -> Part:
    """Unknown; or a number that is somebody else's, which only the phone it was ordered with can clear up."""
    if missing.reason is not UnknownReason.NOT_THEIRS:
        return unknown(case, missing, skill)
    question = words.both("open_question.phone", number=missing.key)
    if "phone" in case.state.given or case.was_asked("phone"):
        return Part(reasons=("not_theirs",), hand=Hand(why="not_theirs", skill=skill, questions=(question,)))
    return asking.ask(case, "phone", skill)


def _state(case: Case, fact: Fact, _skill: str) -> Part:
    said = lines.line_of(fact, case.speech)
    parcels = fact.value.get("parcels")
    if parcels and fact.value["state"] in _GONE:
        said = case.speech.join(said, case.speech.say("order.shipped", parcels=case.speech.listed(parcels)))
    return told(case, said, [fact])


def _ship(case: Case, fact: Fact, skill: str) -> Part:
    state, speech, number = str(fact.value["state"]), case.speech, str(fact.value["number"])
    said = lines.line_of(fact, speech)
    if state == "pending_payment":
        return told(case, speech.join(said, speech.say("order.unpaid")), [fact])
    if state not in _WAITING:
        return _state(case, fact, skill)
    by = moment(fact.value, "promised_at")
    if by is None:
        question = words.both("open_question.ship_date", number=number)
        hand = Hand(why="does_it", line="", skill=skill, questions=(question,))
        return _with(told(case, speech.join(said, speech.say("order.ship_unknown")), [fact]), hand=hand)
    if by <= case.now:
        hand = late(FactKind.ORDER, number, skill)
        return _with(
            told(case, speech.join(said, speech.say("order.ship_late", when=speech.when(by))), [fact]),
            hand=hand,
        )
    wish = PromiseWish(
        kind="ship",
        what=words.both("promise.ship", number=number),
        due_at=by,
        subject=f"order:{number}",
        evidence=f"{fact.source} at {fact.as_of.isoformat()}",
    )
    return _with(
        told(case, speech.join(said, speech.say("order.ship_by", when=speech.when(by))), [fact]),
        promises=(wish,),
    )


def late(kind: FactKind, number: str, skill: str) -> Hand:
    question = words.both("open_question.late", what=words.both(f"what.{kind}"), number=number)
    return Hand(why="late", line="", skill=skill, questions=(question,), urgent=True)


def _several(case: Case, parcels: Sequence[Fact], skill: str) -> Part:
    """Each parcel in a line, with its own source and age; the first trouble decides who takes over."""
    parts = [_parcel(case, fact, skill) for fact in parcels]
    return Part(
        text="\n".join(part.text for part in parts),
        facts=tuple(parcels),
        sources=tuple(source for part in parts for source in part.sources),
        reasons=tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)),
        hand=next((part.hand for part in parts if part.hand), None),
    )


def _parcel(case: Case, fact: Fact, skill: str) -> Part:
    speech, value = case.speech, fact.value
    number, said = str(value["tracking"]), lines.line_of(fact, speech)
    if value["state"] == "exception":
        question = words.both("open_question.exception", number=number)
        hand = Hand(
            why="exception", line="", skill=skill, questions=(question,), ticket="logistics", urgent=True
        )
        return _with(told(case, said, [fact], "fact:parcel", "parcel_exception"), hand=hand)
    eta, promised = moment(value, "eta"), moment(value, "promised_at")
    by = eta or promised
    if value["state"] in ("delivered", "returned") or by is None:
        return told(case, said, [fact])
    if by <= case.now:
        said = speech.join(said, speech.say("parcel.late", when=speech.when(by)))
        hand = late(FactKind.PARCEL, number, skill)
        return _with(told(case, said, [fact], "fact:parcel", "parcel_late"), hand=hand)
    return told(
        case,
        speech.join(said, speech.say("parcel.eta" if eta else "parcel.promised", when=speech.when(by))),
        [fact],
    )


def _with(part: Part, *, hand: Hand | None = None, promises: tuple[PromiseWish, ...] = ()) -> Part:
    return replace(part, hand=hand or part.hand, promises=promises or part.promises)

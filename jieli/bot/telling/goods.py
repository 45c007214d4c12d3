"""What is told about products, stock, offers, warranties, and the money and papers of orders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from jieli.bot import words
from jieli.bot.case import Case, moment
from jieli.bot.contracts import PromiseWish
from jieli.bot.parts import Part
from jieli.bot.telling import asking, lines
from jieli.bot.telling.orders import late, not_answered
from jieli.bot.telling.sources import told, unknown
from jieli.bot.told import Sentences
from jieli.bot.told import told as told_of
from jieli.supply.contracts import Fact, FactKind

_MOST = 3


def stock(case: Case, skill: str) -> Part:
    facts = case.known.facts(FactKind.STOCK)
    if facts:
        return told(case, "\n".join(lines.line_of(f, case.speech) for f in facts[:_MOST]), facts[:_MOST])
    missing = case.known.unknown(FactKind.STOCK)
    if missing is not None:
        return unknown(case, missing, skill)
    return asking.ask(case, "sku", skill)


def product(case: Case, skill: str) -> Part | None:
    """Only what was asked about a product that is known: articles say the rest."""
    return _about(case, lines.product, skill)


def origin(case: Case, skill: str) -> Part | None:
    """Where it was made, its lots and warranty."""
    return _about(case, _origin, skill)


def _origin(value: lines.Value, _now: datetime) -> Sentences:
    lots = [str(lot["lot"]) for lot in value.get("lots") or () if lot.get("lot")]
    of_lots = [told_of("product.lot", lot=lot) for lot in lots[:_MOST]]
    return lines.product_is(value, [*lines.origin_details(value), *of_lots])


def _about(case: Case, line: Callable[[lines.Value, datetime], Sentences], skill: str) -> Part | None:
    facts = case.known.facts(FactKind.PRODUCT)[:_MOST]
    said = [(text, f) for f in facts if (text := case.speech.tell(*line(f.value, case.now)))]
    if said:
        return told(case, "\n".join(text for text, _ in said), [f for _, f in said])
    missing = case.known.unknown(FactKind.PRODUCT)
    return unknown(case, missing, skill) if missing else None


def promotion(case: Case, skill: str) -> Part | None:
    """Offers that hold now, for the products talked about if any are."""
    skus = set(case.keys.skus)
    holding = [f for f in case.known.facts(FactKind.PROMOTION) if _holds(case, f)]
    fitting = [f for f in holding if not skus or not f.value.get("skus") or skus & set(f.value["skus"])]
    if not fitting:
        missing = case.known.unknown(FactKind.PROMOTION)
        return unknown(case, missing, skill) if missing else None
    shown = fitting[:_MOST]
    return told(case, "\n".join(lines.line_of(f, case.speech) for f in shown), shown)


def _holds(case: Case, fact: Fact) -> bool:
    start, end = moment(fact.value, "from_at"), moment(fact.value, "to_at")
    return start is not None and end is not None and start <= case.now < end


def _of_order(case: Case, kind: FactKind) -> list[Fact]:
    facts = sorted(case.known.facts(kind), key=lambda f: str(f.value.get("asked_at", "")), reverse=True)
    wanted = case.keys.order
    return [f for f in facts if not wanted or f.value.get("order") == wanted][:_MOST]


def refund(case: Case, skill: str) -> Part:
    """How far the money is, and what is late."""
    facts = _of_order(case, FactKind.REFUND)
    if not facts:
        return _no_refund(case, skill)
    part = told(case, "\n".join(lines.line_of(f, case.speech) for f in facts), facts)
    due = [(f, at) for f in facts if not moment(f.value, "done_at") and (at := moment(f.value, "due_at"))]
    overdue = [f for f, at in due if at <= case.now]
    if overdue:
        return replace(part, hand=late(FactKind.REFUND, str(overdue[0].value["number"]), skill))
    return replace(part, promises=tuple(_arrives(f, at) for f, at in due))


def _arrives(fact: Fact, due: datetime) -> PromiseWish:
    number = str(fact.value["number"])
    return PromiseWish(
        kind="refund",
        what=words.both("promise.refund", number=number),
        due_at=due,
        subject=f"refund:{number}",
        evidence=f"{fact.source} at {fact.as_of.isoformat()}",
    )


def _no_refund(case: Case, skill: str) -> Part:
    missing = case.known.unknown(FactKind.REFUND)
    if missing is not None:
        return not_answered(case, missing, skill)
    returns = _of_order(case, FactKind.RETURN)
    if returns:
        return told(case, "\n".join(lines.line_of(f, case.speech) for f in returns), returns)
    none = case.speech.say("say.none_found", what=case.speech.say("what.refund"))
    return asking.ask(case, "order_no", skill, before=none)


def return_(case: Case, skill: str) -> Part | None:
    """A return that is under way; without one the articles tell how to."""
    closed = ("done", "cancelled", "rejected")
    facts = [f for f in _of_order(case, FactKind.RETURN) if f.value["state"] not in closed]
    if facts:
        return told(case, "\n".join(lines.line_of(f, case.speech) for f in facts), facts)
    missing = case.known.unknown(FactKind.RETURN)
    return unknown(case, missing, skill) if missing else None


def invoice(case: Case, skill: str) -> Part | None:
    """The invoices that exist; without one the articles tell how to ask for it."""
    facts = _of_order(case, FactKind.INVOICE)
    if facts:
        return told(case, "\n".join(lines.line_of(f, case.speech) for f in facts), facts)
    missing = case.known.unknown(FactKind.INVOICE)
    return unknown(case, missing, skill) if missing else None


def warranty(case: Case, skill: str) -> Part | None:
    facts = case.known.facts(FactKind.WARRANTY)
    wanted = set(case.keys.skus)
    fitting = ([f for f in facts if f.value["sku"] in wanted] or facts)[:_MOST]
    said = [(text, f) for f in fitting if (text := lines.line_of(f, case.speech))]
    if said:
        return told(case, "\n".join(text for text, _ in said), [f for _, f in said])
    missing = case.known.unknown(FactKind.WARRANTY)
    return unknown(case, missing, skill) if missing else None

"""One fact as one or two sentences. Everything in it comes from the fact's value; what the source left out is left out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from jieli.bot import told as t
from jieli.bot.case import moment
from jieli.bot.speech import Speech
from jieli.bot.told import Sentences, told
from jieli.relay.contracts import Told
from jieli.supply.contracts import Fact, FactKind

Value = Mapping[str, Any]


def sentences_of(fact: Fact, now: datetime) -> Sentences:
    """The fact without its source; nothing where its value says nothing."""
    return _LINES[fact.kind](fact.value, now)


def line_of(fact: Fact, speech: Speech) -> str:
    return speech.tell(*sentences_of(fact, speech.now)).strip()


def money(amount: object) -> str:
    """`129.00` → `129`, `129.50` stays; what is no number stays as it is."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return str(amount)
    return f"{value:f}".removesuffix(".00") if value == value.to_integral() else f"{value:.2f}"


def items(value: Value, speech: Speech) -> str:
    names = [str(line.get("name") or line.get("sku", "")) for line in value.get("lines", ())]
    joined = speech.listed(names[:2])
    return f"{joined}…" if len(names) > 2 else joined


def order(value: Value, _now: datetime) -> Sentences:
    state = t.named("order_state", str(value["state"]))
    return (told("order.is", number=value["number"], state=state), *_production(value))


def _production(value: Value) -> Sentences:
    made = value.get("production")
    if not made or value["state"] != "in_production":
        return ()
    due = moment(made, "due_at")
    stage = str(made["stage"])
    said = told("order.stage_due", stage=stage, when=t.at(due)) if due else told("order.stage", stage=stage)
    reason = made.get("late_reason")
    return (said, told("order.late_reason", reason=reason)) if reason else (said,)


def parcel(value: Value, _now: datetime) -> Sentences:
    which = {"tracking": value["tracking"], "carrier": value["carrier"]}
    state = str(value["state"])
    if state == "delivered":
        at = moment(value, "delivered_at")
        if at:
            return (told("parcel.delivered", when=t.at(at), **which),)
        return (told("parcel.delivered_plain", **which),)
    if state == "exception":
        what = value.get("exception_text") or t.named("exception", str(value.get("exception", "other")))
        return (told("parcel.exception", what=what, **which),)
    return (_moving(value, state, which),)


def _moving(value: Value, state: str, which: Mapping[str, str]) -> Told:
    named = t.named("parcel_state", state)
    last: Value = (value.get("tracks") or [{}])[-1]
    at = moment(last, "at")
    if at is None:
        return told("parcel.no_track", state=named, **which)
    text = str(last["text"]).rstrip("。.")
    return told("parcel.last", age=t.ago(at), state=named, place=last["place"], text=text, **which)


def refund(value: Value, now: datetime) -> Sentences:
    state, to = str(value["state"]), value.get("to")
    slots: dict[str, t.Value] = {
        "number": value["number"],
        "amount": money(value["amount"]),
        "state": t.named("refund_state", state),
        "to": told("refund.to", to=to) if to else "",
    }
    done, due = moment(value, "done_at"), moment(value, "due_at")
    if done:
        return (told("refund.done", when=t.at(done), **slots),)
    if due and state not in ("failed", "rejected", "succeeded"):
        return (told("refund.late" if due < now else "refund.due", when=t.at(due), **slots),)
    return (told("refund.open", **slots),)


def return_(value: Value, now: datetime) -> Sentences:
    kind = t.named("return_type", str(value["type"]))
    state = t.named("return_state", str(value["state"]))
    said = told("return.is", number=value["number"], type=kind, state=state)
    due = moment(value, "due_at")
    open_ = str(value["state"]) not in ("done", "cancelled", "rejected")
    return (said, told("return.due", when=t.at(due))) if due and open_ and due > now else (said,)


def invoice(value: Value, now: datetime) -> Sentences:
    slots = {"order": value["order"], "amount": money(value["amount"])}
    issued, due = moment(value, "issued_at"), moment(value, "due_at")
    if issued:
        return (told("invoice.issued", when=t.at(issued), **slots),)
    said = told("invoice.open", state=t.named("invoice_state", str(value["state"])), **slots)
    return (said, told("invoice.due", when=t.at(due))) if due and due > now else (said,)


_FEW = 5


def stock(value: Value, now: datetime) -> Sentences:
    left = int(value["on_hand"]) - int(value["reserved"])
    name = value.get("name") or value["sku"]
    if left > _FEW:
        return (told("stock.there", name=name),)
    if left > 0:
        return (told("stock.few", name=name, left=left),)
    restock = moment(value, "restock_at")
    known = restock is not None and restock > now
    when = told("stock.restock", when=t.at(restock)) if known and restock else told("stock.restock_unknown")
    return (told("stock.out", name=name), when)


def product(value: Value, _now: datetime) -> Sentences:
    details = [told("product.detail", name=k, value=v) for k, v in (value.get("attributes") or {}).items()]
    if value.get("price"):
        details.append(told("product.price", price=money(value["price"])))
    return product_is(value, [*details, *origin_details(value)])


def origin_details(value: Value) -> list[Told]:
    found = []
    if value.get("origin"):
        found.append(told("product.origin", origin=value["origin"]))
    if value.get("warranty_months"):
        found.append(told("product.warranty", months=value["warranty_months"]))
    return found


def product_is(value: Value, found: list[Told]) -> Sentences:
    if not found:
        return ()
    names = {"zh": value["name"], "en": value.get("name_en") or value["name"]}
    return (told("product.is", name=names, details=t.details(found)),)


def warranty(value: Value, now: datetime) -> Sentences:
    until = moment(value, "until")
    if until is None:
        return ()
    name = value.get("name") or value["sku"]
    holds = until > now
    said = told(
        "warranty.in" if holds else "warranty.out", name=name, serial=value["serial"], when=t.at(until)
    )
    covers = value.get("covers") if holds else ""
    return (said, told("warranty.covers", covers=covers)) if covers else (said,)


def promotion(value: Value, _now: datetime) -> Sentences:
    until = moment(value, "to_at")
    if until is None:
        return ()
    text = str(value["text"]).rstrip("。.")
    return (told("promotion.is", name=value["name"], text=text, until=t.at(until)),)


_LINES: Mapping[FactKind, Callable[[Value, datetime], Sentences]] = {
    FactKind.ORDER: order,
    FactKind.PARCEL: parcel,
    FactKind.STOCK: stock,
    FactKind.RETURN: return_,
    FactKind.REFUND: refund,
    FactKind.PROMOTION: promotion,
    FactKind.PRODUCT: product,
    FactKind.INVOICE: invoice,
    FactKind.WARRANTY: warranty,
}

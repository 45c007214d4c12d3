"""One fact as one sentence. Everything in it comes from the fact's value; what the source left out is left out."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from jieli.bot.case import moment
from jieli.bot.speech import Speech
from jieli.supply.contracts import Fact, FactKind

Value = Mapping[str, Any]


def line_of(fact: Fact, speech: Speech) -> str:
    """The fact in a sentence, without its source."""
    return _LINES[fact.kind](fact.value, speech).strip()


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


def order(value: Value, speech: Speech) -> str:
    state = speech.named("order_state", str(value["state"]))
    return speech.join(
        speech.say("order.is", number=value["number"], state=state), _production(value, speech)
    )


def _production(value: Value, speech: Speech) -> str:
    made = value.get("production")
    if not made or value["state"] != "in_production":
        return ""
    due = moment(made, "due_at")
    stage = str(made["stage"])
    said = speech.say("order.stage_due", stage=stage, when=speech.when(due)) if due else ""
    said = said or speech.say("order.stage", stage=stage)
    reason = made.get("late_reason")
    return speech.join(said, speech.say("order.late_reason", reason=reason) if reason else "")


def parcel(value: Value, speech: Speech) -> str:
    which = {"tracking": value["tracking"], "carrier": value["carrier"]}
    state = str(value["state"])
    if state == "delivered":
        at = moment(value, "delivered_at")
        if at:
            return speech.say("parcel.delivered", when=speech.when(at), **which)
        return speech.say("parcel.delivered_plain", **which)
    if state == "exception":
        what = value.get("exception_text") or speech.named("exception", str(value.get("exception", "other")))
        return speech.say("parcel.exception", what=what, **which)
    return _moving(value, state, which, speech)


def _moving(value: Value, state: str, which: Mapping[str, str], speech: Speech) -> str:
    named = speech.named("parcel_state", state)
    last: Value = (value.get("tracks") or [{}])[-1]
    at = moment(last, "at")
    if at is None:
        return speech.say("parcel.no_track", state=named, **which)
    text = str(last["text"]).rstrip("。.")
    return speech.say("parcel.last", age=speech.age(at), state=named, place=last["place"], text=text, **which)


def refund(value: Value, speech: Speech) -> str:
    state, to = str(value["state"]), value.get("to")
    slots = {
        "number": value["number"],
        "amount": money(value["amount"]),
        "state": speech.named("refund_state", state),
        "to": speech.say("refund.to", to=to) if to else "",
    }
    done, due = moment(value, "done_at"), moment(value, "due_at")
    if done:
        return speech.say("refund.done", when=speech.when(done), **slots)
    if due and state not in ("failed", "rejected", "succeeded"):
        key = "refund.late" if due < speech.now else "refund.due"
        return speech.say(key, when=speech.when(due), **slots)
    return speech.say("refund.open", **slots)


def return_(value: Value, speech: Speech) -> str:
    kind, state = (
        speech.named("return_type", str(value["type"])),
        speech.named("return_state", str(value["state"])),
    )
    said = speech.say("return.is", number=value["number"], type=kind, state=state)
    due = moment(value, "due_at")
    open_ = str(value["state"]) not in ("done", "cancelled", "rejected")
    return said + (
        speech.say("return.due", when=speech.when(due)) if due and open_ and due > speech.now else ""
    )


def invoice(value: Value, speech: Speech) -> str:
    slots = {"order": value["order"], "amount": money(value["amount"])}
    issued, due = moment(value, "issued_at"), moment(value, "due_at")
    if issued:
        return speech.say("invoice.issued", when=speech.when(issued), **slots)
    said = speech.say("invoice.open", state=speech.named("invoice_state", str(value["state"])), **slots)
    return speech.join(
        said, speech.say("invoice.due", when=speech.when(due)) if due and due > speech.now else ""
    )


_FEW = 5


def stock(value: Value, speech: Speech) -> str:
    left = int(value["on_hand"]) - int(value["reserved"])
    name = value.get("name") or value["sku"]
    if left > 0:
        return speech.say("stock.few" if left <= _FEW else "stock.there", name=name, left=left)
    restock = moment(value, "restock_at")
    said = speech.say("stock.out", name=name)
    if restock and restock > speech.now:
        return speech.join(said, speech.say("stock.restock", when=speech.when(restock)))
    return speech.join(said, speech.say("stock.restock_unknown"))


def product(value: Value, speech: Speech) -> str:
    details = [
        speech.say("product.detail", name=k, value=v) for k, v in (value.get("attributes") or {}).items()
    ]
    if value.get("price"):
        details.append(speech.say("product.price", price=money(value["price"])))
    return product_is(value, [*details, *origin_details(value, speech)], speech)


def origin_details(value: Value, speech: Speech) -> list[str]:
    details = []
    if value.get("origin"):
        details.append(speech.say("product.origin", origin=value["origin"]))
    if value.get("warranty_months"):
        details.append(speech.say("product.warranty", months=value["warranty_months"]))
    return details


def product_is(value: Value, details: list[str], speech: Speech) -> str:
    name = (value.get("name_en") if speech.locale == "en" else "") or value["name"]
    joined = ("; " if speech.locale == "en" else "，").join(details)
    return speech.say("product.is", name=name, details=joined) if details else ""


def warranty(value: Value, speech: Speech) -> str:
    until = moment(value, "until")
    if until is None:
        return ""
    name = value.get("name") or value["sku"]
    holds = until > speech.now
    said = speech.say(
        "warranty.in" if holds else "warranty.out", name=name, serial=value["serial"], when=speech.when(until)
    )
    covers = value.get("covers") if holds else ""
    return speech.join(said, speech.say("warranty.covers", covers=covers) if covers else "")


def promotion(value: Value, speech: Speech) -> str:
    until = moment(value, "to_at")
    if until is None:
        return ""
    text = str(value["text"]).rstrip("。.")
    return speech.say("promotion.is", name=value["name"], text=text, until=speech.when(until))


_LINES: Mapping[FactKind, Callable[[Value, Speech], str]] = {
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

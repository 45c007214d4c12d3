"""Asking for what is missing: once, with the candidates when there are some (law 3)."""

from collections.abc import Sequence

from jieli.bot import words
from jieli.bot.case import Case
from jieli.bot.contracts import Action
from jieli.bot.parts import Hand, Part
from jieli.bot.telling.lines import items
from jieli.supply.contracts import Fact

_MOST_CANDIDATES = 5


def ask(case: Case, what: str, skill: str, *, text: str = "", before: str = "") -> Part:
    """Ask for `what` (an EntityKind's value); if it was asked before, hand over with it as the open question."""
    if case.was_asked(what):
        question = words.both(f"open_question.{what}") if words.has(f"open_question.{what}") else ()
        return Part(
            text=before,
            reasons=(f"missing:{what}", "asked_once_already"),
            hand=Hand(why="not_given", skill=skill, questions=(question,) if question else ()),
        )
    said = text or case.speech.say(f"ask.{what}")
    return Part(
        action=Action.ASK, text=case.speech.join(before, said), reasons=(f"missing:{what}",), asks=what
    )


def which_order(case: Case, orders: Sequence[Fact], skill: str, *, key: str = "which_order") -> Part:
    """Offer the orders to choose from, newest first; choosing is asked for once."""
    numbers = [_number(fact) for fact in orders[:_MOST_CANDIDATES]]
    if case.was_asked("order_no"):
        joined = "、".join(numbers)
        return Part(
            reasons=("several_orders", "asked_once_already"),
            facts=tuple(orders[:_MOST_CANDIDATES]),
            hand=Hand(
                why="not_given",
                skill=skill,
                questions=(words.both("open_question.which_order", candidates=joined),),
            ),
        )
    labels = [_label(case, fact) for fact in orders[:_MOST_CANDIDATES]]
    lines = [case.speech.say("ask.option", number=i, label=label) for i, label in enumerate(labels, 1)]
    return Part(
        action=Action.ASK,
        text="\n".join([case.speech.say(f"ask.{key}"), *lines]),
        reasons=("several_orders",),
        asks="order_no",
        candidates=tuple(numbers),
        options=tuple(labels),
        facts=tuple(orders[:_MOST_CANDIDATES]),
    )


def _number(fact: Fact) -> str:
    return str(fact.value.get("number") or fact.value.get("order") or fact.key)


def _label(case: Case, fact: Fact) -> str:
    speech, value = case.speech, fact.value
    if "number" not in value:
        return _number(fact)
    state = speech.named("order_state", str(value["state"]))
    shown = items(value, speech) or speech.say("what.order")
    return speech.say("order.label", number=value["number"], items=shown, state=state)

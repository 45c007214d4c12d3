"""A model may word the answer or look further with the bot's tools; the guard decides whether it is said."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jieli.bot import guard, words
from jieli.bot.contracts import DECIDER, Action, BotMove, BotTurn, Source, SourceKind
from jieli.bot.model.client import Chat, Message
from jieli.kernel import capabilities
from jieli.kernel.actor import BOT
from jieli.kernel.errors import JieliError, Permanent, Transient

log = logging.getLogger(__name__)

_ROUNDS = 4
_MOST_CALLS = 4
_LONGEST = 600
_MAY_TRY = frozenset({"no_answer"})


@dataclass(slots=True)
class _Grounds:
    """What the model has been given and may therefore say."""

    texts: list[str]
    sources: list[Source] = field(default_factory=list)


def improved(turn: BotTurn, rule: BotMove, chat: Chat, model: str) -> BotMove:
    """The model's answer where it is grounded; else the rule's, with the reason why the model was not heard."""
    tried = rule.handover is not None and rule.handover.why in _MAY_TRY
    if rule.action is not Action.ANSWER and not tried:
        return rule
    grounds = _Grounds([turn.text, rule.text, *(p.text for p in turn.previous), *_facts(turn)])
    try:
        text = _converse(turn, rule, chat, grounds)
    except (Permanent, Transient, JieliError) as error:
        log.warning("model %s was not heard: %s", model, error)
        return replace(rule, reasons=(*rule.reasons, "model_failed"))
    return _judged(rule, text, grounds, model, needs_source=tried)


def _judged(rule: BotMove, text: str, grounds: _Grounds, model: str, *, needs_source: bool) -> BotMove:
    strange = guard.ungrounded(text, grounds.texts)
    sources = tuple(dict.fromkeys((*rule.sources, *grounds.sources)))
    if not text or len(text) > _LONGEST or strange or (needs_source and not sources):
        why = f"model_ungrounded:{strange[0]}" if strange else "model_had_no_answer"
        return replace(rule, reasons=(*rule.reasons, why))
    return replace(
        rule,
        action=Action.ANSWER,
        text=text,
        sources=sources,
        handover=None,
        reasons=("model", *(reason for reason in rule.reasons if not reason.startswith("hand_over"))),
        decider=f"{DECIDER}+{model}",
    )


def _converse(turn: BotTurn, rule: BotMove, chat: Chat, grounds: _Grounds) -> str:
    messages: list[Message] = list(_opening(turn, rule, grounds))
    tools = [_tool(found) for found in _tools()]
    for _ in range(_ROUNDS):
        said = chat(messages, tools)
        calls = said.get("tool_calls") or []
        if not calls:
            return str(said.get("content") or "").strip()
        messages.append(said)
        messages += [_called(turn, call, grounds) for call in calls[:_MOST_CALLS]]
    return ""


def _opening(turn: BotTurn, rule: BotMove, grounds: _Grounds) -> Iterator[Message]:
    known = "\n".join(grounds.texts[1:])
    yield {"role": "system", "content": words.say("model.system", turn.locale, known=known, rule=rule.text)}
    for previous in turn.previous[-6:]:
        yield {"role": "user" if previous.by == "customer" else "assistant", "content": previous.text}
    yield {"role": "user", "content": turn.text}


def _facts(turn: BotTurn) -> list[str]:
    facts = (fact for answer in turn.facts.values() for fact in answer.facts)
    return [json.dumps({"source": f.source, **f.value}, ensure_ascii=False, default=str) for f in facts]


def _tools() -> list[capabilities.Capability]:
    """A model may look things up; what changes anything is decided by rules and people."""
    return [found for found in capabilities.tools(BOT) if found.permission.endswith(".read")]


def _tool(found: capabilities.Capability) -> Mapping[str, Any]:
    """Without the person: a model may only ask about whom it is talking with."""
    declared = found.as_tool()
    parameters = declared["function"]["parameters"]
    parameters.get("properties", {}).pop("person", None)
    parameters["required"] = [name for name in parameters.get("required", ()) if name != "person"]
    return declared


def _called(turn: BotTurn, call: Mapping[str, Any], grounds: _Grounds) -> Message:
    try:
        name, arguments = str(call["function"]["name"]), json.loads(call["function"]["arguments"] or "{}")
        result = _run(turn, name, arguments)
    except (LookupError, TypeError, ValueError, JieliError, Permanent) as error:
        return {"role": "tool", "tool_call_id": str(call.get("id", "")), "content": f"error: {error}"}
    text = json.dumps(result, ensure_ascii=False)
    grounds.texts.append(text)
    grounds.sources += _cited(result)
    return {"role": "tool", "tool_call_id": str(call.get("id", "")), "content": text}


def _run(turn: BotTurn, name: str, arguments: dict[str, Any]) -> Any:
    found = next((one for one in _tools() if one.name == name.replace("__", ".")), None)
    if found is None:
        raise Permanent(f"“{name}” is not a tool of the bot")
    if "person" in found.fields:
        arguments = {**arguments, "person": str(turn.person)}
    return capabilities.call(BOT, found.name, arguments)


def _cited(result: Any) -> list[Source]:
    """Articles among the results become sources."""
    rows: Sequence[Any] = result if isinstance(result, list) else [result]
    return [
        Source(SourceKind.ARTICLE, str(row["slug"]), str(row["title"]), str(row.get("version", "")))
        for row in rows
        if isinstance(row, dict) and row.get("slug") and row.get("title")
    ]

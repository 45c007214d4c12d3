"""Writing what was decided about a batch: one transaction, a fixed number of statements, in one order of locks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from jieli.bot import facade as bot
from jieli.bot.contracts import DECIDER as BOT_DECIDER
from jieli.channels import facade as channels
from jieli.channels.contracts import ContactId, ContactKey, DeliveryState, Heard, InboxItem
from jieli.conversations import facade as conversations
from jieli.conversations.contracts import (
    AuthorKind,
    ConversationId,
    Happening,
    Holding,
    Incoming,
    Opening,
    Outbound,
)
from jieli.kernel import clock, decisions
from jieli.kernel.actor import BOT
from jieli.kernel.decisions import Decision
from jieli.reception import calls, holding, wishes
from jieli.reception.contracts import DECIDER, Action, Case, Plan
from jieli.routing import facade as routing


@transaction.atomic
def record(cases: Sequence[Case]) -> int:
    """Store the cases with all their effects; returns how many messages were handled.

    Cases whose conversation changed since it was read (an agent took it, another worker opened it) are left in the inbox to be decided anew.
    Raises `Conflict` when somebody else handled one of the messages: then nothing of this batch happened.
    """
    talks = conversations.held(
        {case.state.id: case.state.version for case in cases if case.state},
        [case.person for case in cases if not case.state],
    )
    todo = [case for case in cases if case.conversation not in talks.stale and case.person not in talks.met]
    if not todo:
        return 0
    ids = [item.id for case in todo for item in case.items]
    channels.finish_inbox(ids)  # first, so that whoever comes too late learns it here
    contacts = _note_contacts(todo)
    now, queues = clock.now(), routing.queues()
    holdings = {case.conversation: held for case in todo if (held := holding.of(case, now, queues))}
    sent = conversations.write(
        BOT,
        held=talks,
        openings=[_opening(case, contacts, holdings, now) for case in todo if case.state is None],
        lines=[line for case in todo for line in _lines(case, contacts)],
        memory={case.conversation: bot.dialogue_json(case.move.dialogue) for case in todo if case.move},
        queues={case.conversation: case.queue for case in todo if case.enqueued},
        holdings={
            case.conversation: holdings[case.conversation]
            for case in todo
            if case.state and case.conversation in holdings
        },
    )
    _follow(todo)
    wishes.record_promises(todo)
    blocked: defaultdict[ConversationId, list[str]] = defaultdict(list)
    for one in sent.values():
        if one.state is DeliveryState.BLOCKED:
            blocked[one.conversation].append(f"gate:{one.reason}")
    decisions.record(
        *[decision for case in todo for decision in _decisions(case, blocked[case.conversation])]
    )
    return len(ids)


def _note_contacts(cases: Sequence[Case]) -> dict[tuple[Any, str], ContactId]:
    items = [(case, item) for case in cases for item in case.items]
    found = channels.note_inbound_many(
        [
            Heard(
                contact=_contact_key(item), person=case.person, at=item.received_at, event=item.inbound.event
            )
            for case, item in items
        ]
    )
    return {_key(item): contact for (_, item), contact in zip(items, found, strict=True)}


def _contact_key(item: InboxItem) -> ContactKey:
    return ContactKey(item.channel.id, item.inbound.sender.key)


def _key(item: InboxItem) -> tuple[Any, str]:
    return (item.channel.id, item.inbound.sender.key)


def _opening(
    case: Case,
    contacts: Mapping[tuple[Any, str], ContactId],
    holdings: Mapping[ConversationId, Holding],
    now: datetime,
) -> Opening:
    return Opening(
        id=case.conversation,
        person=case.person,
        contact=contacts[_key(case.last)],
        channel=case.last.channel.id,
        holding=holdings.get(case.conversation) or holding.of_bot(case, now),
    )


def _lines(
    case: Case, contacts: Mapping[tuple[Any, str], ContactId]
) -> Iterator[Incoming | Outbound | Happening]:
    plan = _plan(case)
    finding = case.finding
    tier = case.card.tier.value if case.card else ""
    priority = routing.priority(finding.intent.value, finding.emotion.emotion.value, tier)
    for item, decision, message in zip(case.items, case.decisions, case.messages, strict=True):
        yield Incoming(
            id=message,
            conversation=case.conversation,
            inbox=item.id,
            contact=contacts[_key(item)],
            channel=item.channel.id,
            type=item.inbound.type.value,
            text=item.inbound.text,
            content=_content(item),
            sent_at=item.inbound.sent_at,
            received_at=item.received_at,
            decision=decision,
            intent=finding.intent.value,
            emotion=finding.emotion.emotion.value,
            priority=priority,
        )
    if case.enqueued:
        yield Happening(
            conversation=case.conversation, code="conversation.queued", content={"queue": case.queue}
        )
    if plan.text:
        yield Outbound(
            conversation=case.conversation,
            text=plan.text,
            by=AuthorKind.BOT,
            content={"choices": list(case.move.options)} if case.move and case.move.options else {},
            sources=tuple(msgspec.to_builtins(source) for source in case.move.sources) if case.move else (),
            decision=case.decisions[-1],
        )


def _content(item: InboxItem) -> dict[str, Any]:
    inbound = item.inbound
    content: dict[str, Any] = {}
    if inbound.media:
        content["media"] = msgspec.to_builtins(inbound.media)
    if inbound.event:
        content["event"] = inbound.event
    if inbound.context:
        content["context"] = dict(inbound.context)
    return content


def _plan(case: Case) -> Plan:
    assert case.plan is not None
    return case.plan


def _follow(cases: Sequence[Case]) -> None:
    """What the new holdings mean for the queues, talks that end at once, and calls that move on."""
    routing.enter_many([holding.wanted(case) for case in cases if case.enqueued])
    if raised := [holding.wanted(case) for case in cases if _plan(case).raise_priority]:
        routing.raise_many(raised)
    for case in cases:
        if _plan(case).close:
            conversations.close_silent(BOT, case.conversation, _plan(case).close)
    calls.follow(cases)


def _decisions(case: Case, blocked: Sequence[str]) -> Iterator[Decision]:
    plan = _plan(case)
    for index, (item, finding) in enumerate(zip(case.items, case.findings, strict=True)):
        last = index == len(case.items) - 1
        shown = case.finding if last else finding
        yield Decision(
            id=case.decisions[index],
            kind="reception",
            subject=case.messages[index],
            outcome=(plan.action if last else Action.JOINED).value,
            decider=f"{DECIDER}+{BOT_DECIDER}" if case.move and last else DECIDER,
            inputs=_inputs(case, item, shown, plan),
            reasons=(*plan.reasons, *blocked) if last else ("answered_with_the_next_message",),
            at=clock.now(),
        )


def _inputs(case: Case, item: InboxItem, finding: Any, plan: Plan) -> dict[str, Any]:
    return {
        "intent": finding.intent.value,
        "intents": [[score.intent.value, round(score.confidence, 4)] for score in finding.intents],
        "confidence": round(finding.confidence, 4),
        "emotion": finding.emotion.emotion.value,
        "emotion_reasons": list(finding.emotion.reasons),
        "entities": [[entity.kind.value, entity.value] for entity in finding.entities],
        "model": finding.model,
        "expecting": str(case.state.memory.get("expecting", "")) if case.state else "",
        "channel": item.channel.name,
        "tier": case.card.tier.value if case.card else "",
        "holder": f"{case.matter.holder.kind}:{case.matter.holder.id}" if case.matter else "",
        "sources": [
            f"{source.kind}:{source.ref}@{source.version}"
            for source in (case.move.sources if case.move else ())
        ],
        "queue": plan.enqueue.skill if plan.enqueue else "",
    }

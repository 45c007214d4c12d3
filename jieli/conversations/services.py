from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.channels.contracts import ContactId, DeliveryState
from jieli.conversations import events, policy, selectors, summaries
from jieli.conversations.contracts import (
    AuthorKind,
    ConversationId,
    Happening,
    Holding,
    MessageId,
    Opening,
    Outbound,
    Sent,
)
from jieli.conversations.errors import ConversationClosed, CustomerWroteAgain, EmptyMessage, NotSent
from jieli.conversations.models import Conversation, Message
from jieli.conversations.thread import Line, Thread
from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import NewJourneyEntry, PersonId
from jieli.kernel import bulk, clock, outbox
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid, NotFound
from jieli.relay import facade as relay
from jieli.relay.contracts import Change, Holder, HolderKind, MatterId, MatterKind, NewMatter


def lock(ids: Iterable[ConversationId]) -> dict[ConversationId, Conversation]:
    """The open conversations, locked with their matters (matters first, by id) until the transaction ends."""
    wanted = list(ids)
    relay.hold(wanted)
    rows = Conversation.objects.select_for_update().filter(pk__in=wanted, open=True).order_by("pk")
    return {row.pk: row for row in rows}


def hold(ids: Iterable[UUID]) -> set[UUID]:
    """Lock conversations for the rest of the transaction; returns those that are open."""
    return set(lock(ConversationId(MatterId(key)) for key in ids))


def _lock_one(conversation: UUID) -> Conversation:
    relay.hold([conversation])
    row = Conversation.objects.select_for_update().filter(pk=conversation).first()
    if row is None:
        raise NotFound
    if not row.open:
        raise ConversationClosed
    return row


@dataclass(frozen=True, slots=True)
class Held:
    """Conversations locked for `write`. `stale` changed since a decision was prepared (taken over, closed), and the
    persons of `met` have got an open one meanwhile."""

    rows: Mapping[ConversationId, Conversation]
    stale: frozenset[ConversationId]
    met: frozenset[PersonId]


def held(expected: Mapping[ConversationId, int], strangers: Iterable[PersonId] = ()) -> Held:
    """Lock conversations, expected to have these versions, for the rest of the transaction; and the persons who are
    to get one, so that two workers who hear of the same person on two channels open one talk."""
    new = identity.hold(strangers)
    met = selectors.open_states(new) if new else {}
    rows = lock(expected)
    changed = (key for key, version in expected.items() if key not in rows or rows[key].version != version)
    return Held(rows, frozenset(changed), frozenset(map(PersonId, met)))


def write(
    actor: Actor,
    *,
    held: Held,
    openings: Sequence[Opening],
    lines: Sequence[Line],
    memory: Mapping[ConversationId, Mapping[str, Any]],
    queues: Mapping[ConversationId, str],
    holdings: Mapping[ConversationId, Holding],
) -> dict[MessageId, Sent]:
    """Open conversations, write lines and pass batons for many persons at once, in the caller's transaction.

    Lines go to conversations that are `held` or opened here; `queues` names those that go into a queue and so have no assignee any more; `holdings` are for conversations that
    were open before.
    """
    new = {opening.id: _opened(opening) for opening in openings}
    rows = {**held.rows, **new}
    relay.open_many(actor, [_matter(opening) for opening in openings])
    thread = Thread(actor, rows, new=new)
    thread.add(lines)
    for key, kept in memory.items():
        rows[key].memory = dict(kept)
    for key, queue in queues.items():
        rows[key].queue, rows[key].assignee = queue, None
    sent = thread.write()
    relay.change_many(actor, [_change(key, holding) for key, holding in holdings.items()])
    return sent


def _matter(opening: Opening) -> NewMatter:
    first = opening.holding
    return NewMatter(
        id=opening.id,
        kind=MatterKind.CONVERSATION,
        person=opening.person,
        holder=first.holder,
        next_step=first.next_step,
        due_at=first.due_at,
        why=first.why,
        baton=first.baton,
        line=first.line or "default",
    )


def _change(conversation: ConversationId, holding: Holding) -> Change:
    return Change(
        matter=conversation,
        holder=holding.holder,
        next_step=holding.next_step,
        due_at=holding.due_at,
        why=holding.why,
        baton=holding.baton,
        line=holding.line,
    )


def _opened(opening: Opening) -> Conversation:
    now = clock.now()
    return bulk.row(
        Conversation,
        matter_id=opening.id,
        person=opening.person,
        contact=opening.contact,
        channel=opening.channel,
        last_at=now,
        opened_at=now,
    )


@transaction.atomic
def reply(
    actor: Actor,
    *,
    conversation: UUID,
    text: str,
    contact: ContactId | None = None,
    expected_version: int | None = None,
) -> MessageId:
    """Send the customer a message; the baton passes to the customer.

    Raises `CustomerWroteAgain` when the customer wrote since `expected_version`, `NotSent` with the gate's reason.
    """
    actor.require("conversation.reply")
    if not text.strip():
        raise EmptyMessage
    row = _lock_one(conversation)
    if expected_version is not None and row.version != expected_version:
        raise CustomerWroteAgain
    if row.assignee is None:
        _take(actor, row)
    line = Outbound(conversation=row.pk, text=text, by=AuthorKind.AGENT, author=actor.id, contact=contact)
    thread = Thread(actor, {row.pk: row})
    thread.add([line])
    sent = thread.write()[line.id]
    if sent.state is DeliveryState.BLOCKED:
        raise NotSent(
            f"The outbound gate did not let this message through: {sent.reason}.", reason=sent.reason
        )
    row.snoozed_until = None
    _wait_for_customer(actor, row)
    return line.id


def _take(actor: Actor, row: Conversation) -> None:
    """Whoever answers a talk that no person has, has it: the baton passes through their hands."""
    state = selectors.state_of(row)
    row.assignee = actor.id
    row.version += 1
    change = Change(
        matter=row.pk,
        holder=Holder(HolderKind.AGENT, str(actor.id)),
        next_step="agent.answer",
        due_at=clock.now() + policy.REPLY_WITHIN,
        why="answered",
        baton=summaries.missing_baton(state),
    )
    relay.change_many(actor, [change])


def _wait_for_customer(actor: Actor, row: Conversation) -> None:
    customer = Holder(HolderKind.CUSTOMER, str(row.person))
    _pass(actor, row, customer, "customer.reply", clock.now() + policy.CUSTOMER_HAS, why="answered")


def _pass(actor: Actor, row: Conversation, to: Holder, step: str, due_at: datetime, *, why: str) -> None:
    relay.change_many(actor, [Change(matter=row.pk, holder=to, next_step=step, due_at=due_at, why=why)])


@transaction.atomic
def tell(actor: Actor, *, conversation: UUID, text: str, sources: Sequence[Any] = ()) -> MessageId:
    """Say something to the customer without being asked; the baton stays where it is. Raises `NotSent`."""
    row = _lock_one(conversation)
    thread = Thread(actor, {row.pk: row})
    line = Outbound(
        conversation=row.pk,
        text=text,
        by=AuthorKind.BOT,
        sources=tuple(msgspec.to_builtins(source) for source in sources),
    )
    thread.add([line])
    sent = thread.write()[line.id]
    if sent.state is DeliveryState.BLOCKED:
        raise NotSent(
            f"The outbound gate did not let this message through: {sent.reason}.", reason=sent.reason
        )
    return line.id


@transaction.atomic
def note(actor: Actor, *, conversation: UUID, text: str) -> MessageId:
    """An internal remark; the customer never sees it."""
    actor.require("conversation.note")
    if not text.strip():
        raise EmptyMessage
    row = _lock_one(conversation)
    thread = Thread(actor, {row.pk: row})
    assert actor.id is not None
    message = thread.note(row.pk, actor.id, text)
    thread.write()
    return MessageId(message.id)


@transaction.atomic
def close(actor: Actor, *, conversation: UUID, wrap_up: str = "solved") -> None:
    """End the talk and its matter; the next message of the customer opens a new one."""
    actor.require("conversation.close")
    row = _lock_one(conversation)
    _close(actor, row, wrap_up)


def close_silent(actor: Actor, conversation: UUID, wrap_up: str) -> bool:
    """Close without a person asking for it (silence, thanks); False when it is closed already."""
    relay.hold([conversation])
    row = Conversation.objects.select_for_update().filter(pk=conversation, open=True).first()
    if row is None:
        return False
    _close(actor, row, wrap_up)
    return True


def _close(actor: Actor, row: Conversation, wrap_up: str) -> None:
    thread = Thread(actor, {row.pk: row})
    thread.add([Happening(conversation=row.pk, code="conversation.closed", content={"wrap_up": wrap_up})])
    thread.write()
    row.open, row.closed_at, row.wrap_up, row.unread = False, clock.now(), wrap_up, 0
    row.version += 1
    row.save(update_fields=["open", "closed_at", "wrap_up", "unread", "version"])
    identity.append([_journey(row, "conversation_closed", {"wrap_up": wrap_up})])
    relay.close_many(actor, [(row.pk, wrap_up)], leaving_children=True)  # its tickets go on by themselves


def _journey(row: Conversation, code: str, params: Mapping[str, Any]) -> NewJourneyEntry:
    return NewJourneyEntry(
        person=row.person,
        at=clock.now(),
        kind="conversation",
        code=code,
        module="conversations",
        params=params,
        ref=str(row.pk),
    )


@transaction.atomic
def snooze(actor: Actor, *, conversation: UUID, until: datetime) -> None:
    """The agent keeps the baton and comes back at the given time."""
    actor.require("conversation.reply")
    if until <= clock.now():
        raise Invalid("Choose a time in the future.")
    row = _lock_one(conversation)
    row.snoozed_until = until
    row.version += 1
    row.save(update_fields=["snoozed_until", "version"])
    holder = Holder(HolderKind.AGENT, str(row.assignee or actor.id))
    _pass(actor, row, holder, "agent.follow_up", until, why="snoozed")
    outbox.append(events.ConversationChanged(row.pk, row.person))


def wake_up(actor: Actor, conversation: UUID) -> None:
    """The time the agent chose has come: the conversation is back, and the clock runs."""
    row = _lock_one(conversation)
    row.snoozed_until = None
    row.version += 1
    row.save(update_fields=["snoozed_until", "version"])
    holder = Holder(HolderKind.AGENT, str(row.assignee))
    _pass(actor, row, holder, "agent.answer", clock.now() + policy.REPLY_WITHIN, why="snooze_over")
    outbox.append(events.ConversationChanged(row.pk, row.person))


@transaction.atomic
def correct(actor: Actor, *, conversation: UUID, intent: str = "", emotion: str = "") -> None:
    """An agent corrects what was understood; the correction is kept for training."""
    actor.require("conversation.reply")
    row = _lock_one(conversation)
    row.intent, row.emotion = intent or row.intent, emotion or row.emotion
    row.version += 1
    row.save(update_fields=["intent", "emotion", "version"])
    last = Message.objects.filter(conversation=row, direction="in").order_by("-seq").first()
    outbox.append(
        events.UnderstandingCorrected(
            row.pk, last.decision if last else None, row.intent, row.emotion, actor.id
        ),
        events.ConversationChanged(row.pk, row.person),
    )
    governance.audit(
        actor, "conversation.correct", "conversation", row.pk, {"intent": row.intent, "emotion": row.emotion}
    )


def assign_many(actor: Actor, assignments: Mapping[UUID, tuple[str, UUID | None]], code: str) -> None:
    """Write queue and assignee of locked conversations (for routing, in its transaction) and say so in the thread."""
    rows = lock(ConversationId(MatterId(key)) for key in assignments)
    thread = Thread(actor, rows)
    for key, row in rows.items():
        row.queue, row.assignee = assignments[key]
        row.version += 1
    thread.add(
        Happening(
            conversation=key,
            code=code,
            content={"queue": row.queue, "agent": row.assignee and str(row.assignee)},
        )
        for key, row in rows.items()
    )
    thread.write()


@transaction.atomic
def mark_read(actor: Actor, *, conversation: UUID) -> None:
    """The assignee has seen what the customer wrote."""
    actor.require("conversation.read")
    mine = Conversation.objects.filter(pk=conversation, assignee=actor.id, unread__gt=0)
    row = mine.first()
    if row is not None and mine.update(unread=0):
        outbox.append(events.ConversationChanged(row.pk, row.person))


@transaction.atomic
def reveal_message(actor: Actor, *, message: UUID, reason: str) -> str:
    """A message's text unmasked. Raises `Invalid` without a reason of at least four characters."""
    actor.require("person.reveal")
    if len(reason.strip()) < 4:
        raise Invalid("Say why you need to see it, in a few words; the reason is kept in the audit trail.")
    row = Message.objects.filter(id=message).first()
    if row is None:
        raise NotFound
    governance.audit(actor, "message.reveal", "message", message, {"reason": reason})
    return row.text

"""Writing the thread. The one place that gives a message its place (`seq`) and keeps the card in step with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import singledispatchmethod
from typing import Any
from uuid import UUID

from jieli.channels import facade as channels
from jieli.channels.contracts import ContactId, GateVerdict, MessageType, NewOutgoing, OutgoingId, SentBy
from jieli.conversations import events, policy
from jieli.conversations.contracts import (
    AuthorKind,
    ConversationId,
    Direction,
    Happening,
    Incoming,
    MessageId,
    Outbound,
    Sent,
)
from jieli.conversations.models import Conversation, Message
from jieli.identity import facade as identity
from jieli.identity.contracts import NewJourneyEntry
from jieli.kernel import bulk, clock, outbox
from jieli.kernel.actor import Actor
from jieli.kernel.ids import new_id

_CARD_FIELDS = [
    "contact", "channel", "queue", "assignee", "intent", "emotion", "priority", "last_line", "last_by", "last_at",
    "last_customer_at", "last_agent_at", "unread", "last_seq", "recent", "memory", "version", "snoozed_until",
]  # fmt: skip

Line = Incoming | Outbound | Happening


class Thread:
    """Collects what is said in a set of locked conversations, then writes it all with a few statements."""

    def __init__(
        self, actor: Actor, rows: Mapping[ConversationId, Conversation], *, new: Iterable[ConversationId] = ()
    ) -> None:
        self.actor, self.rows, self.now = actor, rows, clock.now()
        self.new = set(new)
        self.messages: list[Message] = []
        self.outgoing: list[tuple[Message, NewOutgoing]] = []
        self.changed: set[ConversationId] = set(self.new)

    def add(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._add(line)

    @singledispatchmethod
    def _add(self, line: Any) -> None:
        raise TypeError(type(line))

    @_add.register
    def _(self, line: Incoming) -> None:
        row = self.rows[line.conversation]
        self._message(
            row, line.id, Direction.IN, AuthorKind.CUSTOMER, line.text,
            type=line.type, content=dict(line.content), channel=line.channel, contact=line.contact,
            inbox=line.inbox, decision=line.decision, at=line.sent_at, received_at=line.received_at,
        )  # fmt: skip
        row.contact, row.channel = line.contact, line.channel
        row.intent, row.emotion, row.priority = line.intent, line.emotion, line.priority
        row.last_customer_at = self.now
        row.unread += 1
        row.version += 1
        row.snoozed_until = None

    @_add.register
    def _(self, line: Outbound) -> None:
        row = self.rows[line.conversation]
        contact = line.contact or row.contact
        message = self._message(
            row, line.id, Direction.OUT, line.by, line.text,
            type=line.type, content=dict(line.content), channel=row.channel, contact=contact, author=line.author,
            sources=[dict(source) for source in line.sources], decision=line.decision, outgoing=new_id(),
        )  # fmt: skip
        assert message.outgoing is not None
        self.outgoing.append((message, _to_send(message, message.outgoing, contact, line)))
        if line.by is AuthorKind.AGENT:
            row.unread, row.last_agent_at = 0, self.now

    @_add.register
    def _(self, line: Happening) -> None:
        row = self.rows[line.conversation]
        self._message(
            row, MessageId(new_id()), Direction.EVENT, AuthorKind.SYSTEM, line.text,
            type=line.code, content=dict(line.content),
        )  # fmt: skip

    def note(self, conversation: ConversationId, author: UUID, text: str) -> Message:
        return self._message(
            self.rows[conversation],
            MessageId(new_id()),
            Direction.NOTE,
            AuthorKind.AGENT,
            text,
            author=author,
        )

    def _message(
        self, row: Conversation, id: MessageId, direction: Direction, by: AuthorKind, text: str,  # noqa: A002
        *, type: str = "text", at: datetime | None = None, **more: Any,  # noqa: A002
    ) -> Message:  # fmt: skip
        row.last_seq += 1
        message = bulk.row(
            Message, id=id, conversation_id=row.pk, seq=row.last_seq, direction=direction, author_kind=by, type=type, text=text,
            at=at or self.now, **more,
        )  # fmt: skip
        self.messages.append(message)
        self.changed.add(row.pk)
        if direction in {Direction.IN, Direction.OUT}:
            row.last_line, row.last_by, row.last_at = policy.line_of(type, text), by, self.now
            row.recent = policy.remember(row.recent, by, text if text else policy.line_of(type, text))
        return message

    def write(self) -> dict[MessageId, Sent]:
        """Judge what leaves, store everything, tell the screens. Returns what the gate said of each outbound."""
        verdicts = channels.submit_many(self.actor, [outgoing for _, outgoing in self.outgoing])
        sent = {
            message.id: _sent(message, verdict)
            for (message, _), verdict in zip(self.outgoing, verdicts, strict=True)
        }
        rows = [self.rows[key] for key in sorted(self.changed)]
        bulk.insert([row for row in rows if row.pk in self.new])
        bulk.upsert(
            [row for row in rows if row.pk not in self.new], unique=["matter_id"], update=_CARD_FIELDS
        )
        bulk.insert(self.messages)
        identity.append([_opened(row) for row in rows if row.pk in self.new])
        self._tell(rows)
        return sent

    def _tell(self, rows: Sequence[Conversation]) -> None:
        people = {row.pk: row.person for row in rows}
        added = [
            events.MessageAdded(m.id, m.conversation_id, people[m.conversation_id]) for m in self.messages
        ]
        outbox.append(*added, *[events.ConversationChanged(row.pk, row.person) for row in rows])


def _opened(row: Conversation) -> NewJourneyEntry:
    return NewJourneyEntry(
        person=row.person,
        at=row.opened_at,
        kind="conversation",
        code="conversation_opened",
        module="conversations",
        params={"intent": row.intent},
        ref=str(row.pk),
    )


def _to_send(message: Message, outgoing: UUID, contact: UUID, line: Outbound) -> NewOutgoing:
    return NewOutgoing(
        id=OutgoingId(outgoing),
        contact=ContactId(contact),
        type=MessageType(line.type),
        text=line.text,
        by=SentBy(line.by.value),
        conversation=message.conversation_id,
    )


def _sent(message: Message, verdict: GateVerdict) -> Sent:
    message.delivery, message.delivery_reason = verdict.state, verdict.reason
    message.channel, message.contact = verdict.channel, verdict.contact
    return Sent(
        message=MessageId(message.id),
        conversation=message.conversation_id,
        state=verdict.state,
        reason=verdict.reason,
    )

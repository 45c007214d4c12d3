"""Every outgoing message passes here: judged, stored with its verdict, and queued, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.channels import contacts, directory, policy, vocabulary
from jieli.channels.contracts import (
    ChannelId,
    ContactId,
    DeliveryState,
    GateReason,
    GateVerdict,
    MessageType,
    NewOutgoing,
    OutgoingId,
    SentBy,
    WordHit,
)
from jieli.channels.models import Contact, Outgoing
from jieli.channels.policy import Judgement, Window, Wish
from jieli.kernel import bulk, clock, decisions, wake
from jieli.kernel.actor import Actor
from jieli.kernel.decisions import Decision
from jieli.kernel.errors import Forbidden

WAKE = "sending"
Mend = Callable[[tuple[Window, ...]], tuple[Window, ...]]


class Desk:
    """The contacts a batch may use, locked, by id."""

    def __init__(self, rows: dict[UUID, Contact]) -> None:
        self.rows, self.now = rows, clock.now()
        self._of_person: defaultdict[UUID, list[Contact]] = defaultdict(list)
        for row in rows.values():
            self._of_person[row.person].append(row)

    def others(self, row: Contact, *, without: frozenset[UUID]) -> list[Contact]:
        """The other contacts of the same person."""
        same = self._of_person[row.person]
        return [other for other in same if other.id != row.id and other.id not in without]


@transaction.atomic
def submit(actor: Actor, new: Sequence[NewOutgoing]) -> list[GateVerdict]:
    """One verdict per message, in order. A message submitted before gets the verdict it has."""
    for by in {one.by for one in new}:
        if not policy.may_submit(actor, by):
            raise Forbidden(f"You may not write to customers as “{by}”.", permission="conversation.reply")
    before = {row.id: row for row in Outgoing.objects.filter(id__in=[one.id for one in new])}
    here = desk({one.contact for one in new if one.id not in before})
    made = {one.id: _make(one, here) for one in new if one.id not in before and one.contact in here.rows}
    _store(list(made.values()), here)
    return [_verdict(before.get(one.id) or made.get(one.id), one) for one in new]


def desk(asked: Iterable[UUID]) -> Desk:
    """Locks the contacts and all others of the same persons, in the order of ids."""
    persons = Contact.objects.filter(id__in=set(asked)).values_list("person", flat=True)
    return Desk(contacts.locked_of(set(persons)))


def _make(new: NewOutgoing, desk: Desk) -> Outgoing:
    row = bulk.row(
        Outgoing,
        id=new.id,
        asked_contact=new.contact,
        contact_id=new.contact,
        conversation=new.conversation,
        type=new.type,
        text=new.text,
        media=msgspec.to_builtins(new.media),
        by=new.by,
        reply_to_event=new.reply_to_event,
        fallback=new.fallback,
        created_at=desk.now,
        due_at=desk.now,
    )
    route(row, desk)
    return row


def route(row: Outgoing, desk: Desk, *, without: frozenset[UUID] = frozenset()) -> None:
    """Judge and give it its contact, its place there and its state; spends the window. `desk.rows` are changed."""
    asked = desk.rows[row.asked_contact]
    others = desk.others(asked, without=without) if row.fallback else []
    hits = vocabulary.matcher().find(row.text)
    wish = Wish(
        by=SentBy(row.by),
        type=MessageType(row.type),
        text=row.text,
        has_media=row.media is not None,
        blocked_word=any(hit.blocks for hit in hits),
    )
    where = [contacts.address(one, _line(one)) for one in (asked, *others)]
    index, judgement = policy.choose(wish, where[0], where[1:], desk.now)
    _place(row, others[index] if index >= 0 else asked, judgement)
    row.words = msgspec.to_builtins(hits)


def _line(contact: Contact) -> directory.Line:
    return directory.line(ChannelId(contact.channel_id))


def _place(row: Outgoing, contact: Contact, judgement: Judgement) -> None:
    """Each decision takes a new number at its contact, so that a released message stands behind those that went."""
    line = _line(contact)
    contact.last_seq += 1
    row.contact_id, row.channel_id, row.seq = contact.id, contact.channel_id, contact.last_seq
    row.state, row.verdict = policy.state_after(judgement), judgement.reason
    row.rules = line.manifest.rules.version
    row.window = msgspec.to_builtins(judgement.window)
    if judgement.allowed:
        contacts.put_windows(contact, policy.spent(contacts.windows_of(contact), judgement.window))
        if line.manifest.by_socket:
            row.state, row.sent_at = DeliveryState.SENT, clock.now()


def _store(rows: Sequence[Outgoing], desk: Desk) -> None:
    if not rows:
        return
    bulk.insert(rows)
    keep(rows, desk)


def keep(rows: Sequence[Outgoing], desk: Desk) -> None:
    """The contacts as the decisions left them, the bell for those that may leave, a trace for those that may not."""
    contacts.save(
        [desk.rows[row.contact_id] for row in {row.contact_id: row for row in rows}.values()], "last_seq"
    )
    if any(row.state == DeliveryState.QUEUED for row in rows):
        transaction.on_commit(lambda: wake.ring(WAKE))
    told = [row for row in rows if row.verdict not in {GateReason.FREE, GateReason.IN_WINDOW}]
    if told:
        decisions.record(*map(_decision, told))


def _decision(row: Outgoing) -> Decision:
    return Decision(
        kind="channels.gate",
        subject=row.id,
        outcome=row.state,
        decider=f"gate:{row.rules}",
        inputs={
            "by": row.by,
            "asked": str(row.asked_contact),
            "contact": str(row.contact_id),
            "window": row.window,
        },
        reasons=[row.verdict, *(f"“{hit['word']}” at {hit['at']}" for hit in row.words)],
    )


def _verdict(row: Outgoing | None, new: NewOutgoing) -> GateVerdict:
    if row is None:
        return GateVerdict(
            outgoing=new.id,
            allowed=False,
            reason=GateReason.UNKNOWN_CONTACT,
            channel=ChannelId(UUID(int=0)),
            contact=new.contact,
            state=DeliveryState.BLOCKED,
        )
    return verdict_of(row)


def verdict_of(row: Outgoing) -> GateVerdict:
    return GateVerdict(
        outgoing=OutgoingId(row.id),
        allowed=row.state not in {DeliveryState.BLOCKED, DeliveryState.HELD},
        reason=row.verdict,
        channel=ChannelId(row.channel_id),
        contact=ContactId(row.contact_id),
        state=DeliveryState(row.state),
        words=tuple(msgspec.convert(row.words, list[WordHit])),
    )

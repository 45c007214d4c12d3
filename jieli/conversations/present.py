"""From rows to views, in bulk: a fixed number of queries however many cards."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from jieli.channels import facade as channels
from jieli.channels.contracts import ChannelId, ContactId, DeliveryState, WindowView
from jieli.conversations import selectors
from jieli.conversations.contracts import AuthorKind, Direction
from jieli.conversations.models import Conversation, Message
from jieli.conversations.views import (
    Author,
    Card,
    ChannelShort,
    DecisionView,
    Delivery,
    Detail,
    HolderView,
    MessageView,
    PersonShort,
    StepView,
    WindowShort,
)
from jieli.governance import facade as governance
from jieli.identity import facade as identity
from jieli.identity.contracts import PersonCard, PersonId
from jieli.kernel import decisions
from jieli.kernel.actor import SYSTEM, Actor
from jieli.relay import facade as relay
from jieli.relay.contracts import Baton, Holder, HolderKind, MatterState


def cards(rows: Sequence[Conversation], actor: Actor = SYSTEM) -> list[Card]:
    matters = relay.states([row.pk for row in rows])
    people = identity.cards([row.person for row in rows], actor)
    windows = channels.windows([ContactId(row.contact) for row in rows])
    names = holder_names(matter.holder for matter in matters.values())
    known = {
        channel.id: ChannelShort(id=channel.id, kind=channel.kind, name=channel.name)
        for channel in channels.channels()
    }
    return [_card(row, matters.get(row.pk), people, windows, names, known) for row in rows]


def _card(
    row: Conversation,
    matter: MatterState | None,
    people: Mapping[PersonId, PersonCard],
    windows: Mapping[ContactId, WindowView | None],
    names: Mapping[Holder, str],
    known: Mapping[ChannelId, ChannelShort],
) -> Card:
    person, window = people[PersonId(row.person)], windows.get(ContactId(row.contact))
    holder = matter.holder if matter and matter.open else None
    return Card(
        id=row.pk,
        person=PersonShort(id=person.id, name_masked=person.name_masked, tier=person.tier),
        channel=known.get(ChannelId(row.channel)) or ChannelShort(id=row.channel, kind="", name=""),
        intent=row.intent,
        emotion=row.emotion,
        priority=row.priority,
        last_line=governance.mask_text(row.last_line),
        last_by=row.last_by,
        last_at=row.last_at,
        unread=row.unread,
        holder=HolderView(kind=holder.kind, id=holder.id, name=names.get(holder, "")) if holder else None,
        next_step=StepView(code=matter.next_step, text=matter.next_note) if matter and holder else None,
        due_at=matter.due_at if matter and holder else None,
        queue=row.queue,
        assignee=row.assignee,
        window=WindowShort(closes_at=window.closes_at, left=window.left, limit=window.limit)
        if window
        else None,
        state="open" if row.open else "closed",
        version=row.version,
        snoozed_until=row.snoozed_until,
        opened_at=row.opened_at,
    )


def holder_names(holders: Iterable[Holder]) -> dict[Holder, str]:
    """Display names: staff by name, queues by code (the screen translates them)."""
    found = set(holders)
    staff = {
        holder: UUID(holder.id) for holder in found if holder.kind in {HolderKind.AGENT, HolderKind.EXPERT}
    }
    people = governance.people(list(staff.values()))
    return {
        holder: people[staff[holder]].name if holder in staff and staff[holder] in people else holder.id
        for holder in found
    }


def detail(row: Conversation, actor: Actor) -> Detail:
    """What was handed over with the baton comes from the newest hand-over that carried a summary."""
    batons = [handover.baton for handover in relay.handovers_of([row.pk])[row.pk] if handover.baton.summary]
    baton = batons[-1] if batons else Baton()
    return Detail(
        card=cards([row], actor)[0],
        summary=baton.summary,
        open_questions=baton.open_questions,
        facts=baton.facts,
        told=baton.told,
        questions=baton.questions,
    )


def messages(rows: Sequence[Message], *, for_customer: bool = False) -> list[MessageView]:
    """The thread as staff see it (masked, with decisions) or as its customer does (as it was said, nothing internal)."""
    shown = [row for row in rows if _for_customer(row)] if for_customer else rows
    made = {} if for_customer else decisions.by_id([row.decision for row in shown if row.decision])
    people = governance.people(
        {row.author for row in shown if row.author_kind == AuthorKind.AGENT and row.author}
    )
    known = {
        channel.id: ChannelShort(id=channel.id, kind=channel.kind, name=channel.name)
        for channel in channels.channels()
    }
    return [
        MessageView(
            id=row.id,
            conversation=row.conversation_id,
            seq=row.seq,
            direction=row.direction,
            author=Author(kind=row.author_kind, name=people[row.author].name if row.author in people else ""),
            channel=known.get(ChannelId(row.channel)) if row.channel else None,
            type=row.type,
            text=row.text if for_customer else governance.mask_text(row.text),
            content=_public(row) if for_customer else _masked(row.content),
            at=row.at,
            delivery=Delivery(state=row.delivery, reason="" if for_customer else row.delivery_reason)
            if row.delivery
            else None,
            sources=tuple(row.sources),
            decision=_decision(made.get(row.decision)) if row.decision else None,
            inbox=row.inbox,
        )
        for row in shown
    ]


def _for_customer(row: Message) -> bool:
    """What was said to or by the customer and really left; no notes, no events, nothing blocked or held."""
    return row.direction in {Direction.IN, Direction.OUT} and row.delivery not in {
        DeliveryState.BLOCKED,
        DeliveryState.HELD,
    }


def _public(row: Message) -> Mapping[str, Any]:
    return {key: row.content[key] for key in ("media", "choices") if key in row.content}


def _masked(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """What came along with the message (a page's address, a note) is as private as its text."""
    if not (context := content.get("context")):
        return content
    return {**content, "context": {key: governance.mask_text(str(value)) for key, value in context.items()}}


def _decision(made: decisions.Decision | None) -> DecisionView | None:
    if made is None:
        return None
    return DecisionView(
        action=made.outcome,
        intent=str(made.inputs.get("intent", "")),
        emotion=str(made.inputs.get("emotion", "")),
        confidence=made.inputs.get("confidence"),
        reasons=tuple(str(reason) for reason in made.reasons),
        model=str(made.inputs.get("model", made.decider)),
    )


def cards_by_id(ids: Iterable[UUID]) -> dict[UUID, Card]:
    rows = list(Conversation.objects.filter(pk__in=list(ids)))
    return {card.id: card for card in cards(rows)}


def messages_by_id(ids: Iterable[UUID], *, for_customer: bool = False) -> dict[UUID, MessageView]:
    rows = list(Message.objects.filter(pk__in=list(ids)))
    return {shown.id: shown for shown in messages(rows, for_customer=for_customer)}


def listed(
    actor: Actor, *, view: str, state: str, limit: int, after: UUID | None, q: str = ""
) -> tuple[list[Card], UUID | None]:
    rows = selectors.listed(actor, view_name=view, state=state, limit=limit + 1, after=after, q=q)
    more = rows[limit - 1].pk if len(rows) > limit else None
    return cards(rows[:limit], actor), more

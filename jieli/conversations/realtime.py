"""What screens are told when a conversation moves."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec

from jieli.conversations import present
from jieli.conversations.models import Conversation
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.realtime import topics
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects


@topics.guard("desk")
def may_listen_to_desk(actor: Actor, _rest: str) -> bool:
    return actor.kind is ActorKind.HUMAN and actor.may("conversation.read")


@topics.guard("conversation")
def may_listen_to_conversation(actor: Actor, _rest: str) -> bool:
    return actor.kind is ActorKind.HUMAN and actor.may("conversation.read")


@topics.guard("person")
def may_listen_to_person(actor: Actor, rest: str) -> bool:
    return actor.kind is ActorKind.CUSTOMER and rest == str(actor.id)


@topics.guard("agent")
def may_listen_to_agent(actor: Actor, rest: str) -> bool:
    return actor.kind is ActorKind.HUMAN and rest == str(actor.id)


@projects("conversation.changed")
def cards(events: Sequence[Published]) -> Iterator[Frame]:
    newest = {
        event.payload["subject"]: event for event in events
    }  # an older state of the same card helps nobody
    shown = present.cards_by_id(UUID(key) for key in newest)
    for key, event in newest.items():
        if card := shown.get(UUID(key)):
            data = msgspec.to_builtins(card)
            yield Frame(event.position, "desk", event.name, data)


@projects("message.added", "message.changed")
def lines(events: Sequence[Published]) -> Iterator[Frame]:
    ids = [UUID(event.payload["subject"]) for event in events]
    staff, customer = present.messages_by_id(ids), present.messages_by_id(ids, for_customer=True)
    for event in events:
        key = UUID(event.payload["subject"])
        if message := staff.get(key):
            yield Frame(
                event.position,
                f"conversation:{message.conversation}",
                event.name,
                msgspec.to_builtins(message),
            )
        if shown := customer.get(key):
            yield Frame(
                event.position, f"person:{event.payload['person']}", event.name, msgspec.to_builtins(shown)
            )


@projects("matter.changed", "matter.handed_over", "matter.closed")
def matters(events: Sequence[Published]) -> Iterable[Frame]:
    """A matter that is a conversation changes its card too."""
    ids = {UUID(str(event.payload.get("matter") or event.payload["subject"])): event for event in events}
    rows = Conversation.objects.filter(pk__in=list(ids))
    for card in present.cards(list(rows)):
        yield Frame(ids[card.id].position, "desk", "conversation.changed", msgspec.to_builtins(card))

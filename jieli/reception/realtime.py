"""The screen pop: who calls, what is open, how they felt lately, before the agent picks up."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from jieli.channels import facade as channels
from jieli.channels.contracts import InboxId
from jieli.conversations import facade as conversations
from jieli.identity import facade as identity
from jieli.kernel.actor import SYSTEM
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects
from jieli.relay import facade as relay
from jieli.relay.contracts import MatterKind


@projects("channels.call_rang")
def screen_pop(events: Sequence[Published]) -> Iterator[Frame]:
    for event in events:
        yield Frame(event.position, "desk", "call.ringing", pop(event.payload))


def pop(call: Any) -> dict[str, Any]:
    """What the agent sees: masked caller, person, open matters, the last talk's intent and emotion."""
    shown: dict[str, Any] = {
        "call": call["call"],
        "channel": call["channel"],
        "caller": call.get("caller", ""),
        "extension": call.get("extension", ""),
        "at": call["at"],
        "person": None,
        "conversation": None,
        "matters": [],
        "likely_intent": "",
        "emotion": "",
    }
    if person := _caller(call):
        shown |= _known(person)
    return shown


def _caller(call: Any) -> UUID | None:
    """Somebody who never rang before may be known by this number all the same."""
    if call.get("person"):
        return UUID(call["person"])
    return conversations.find_customer(channels.sender_of(InboxId(UUID(call["inbox"]))).phone)


def _known(person: UUID) -> dict[str, Any]:
    card = identity.card(person, SYSTEM)
    states = conversations.open_states([person])
    matters = [matter for matter in relay.matters_of([person]) if matter.kind is not MatterKind.CONVERSATION]
    state = states.get(person)
    return {
        "person": {"id": str(card.id), "name_masked": card.name_masked, "tier": card.tier.value},
        "conversation": str(state.id) if state else None,
        "matters": [msgspec.to_builtins(matter) for matter in matters],
        "likely_intent": state.intent if state else "",
        "emotion": state.emotion if state else "",
    }

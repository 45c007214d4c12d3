"""What screens are shown of matters: staff the whole state, the customer what `MatterStatus` holds."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.realtime import projections, topics
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.relay import customer, selectors

_OWN = "person:"


@projections.projects("matter.changed")
def matters(events: Sequence[Published]) -> Iterator[Frame]:
    states = selectors.states(UUID(event.payload["matter"]) for event in events)
    mine = {id_ for event in events if _told_to_person(event) for id_ in [UUID(event.payload["matter"])]}
    statuses = {s.id: s for s in customer.shown([states[id_] for id_ in mine if id_ in states])}
    for event in events:
        state = states.get(UUID(event.payload["matter"]))
        for topic in event.topics if state else ():
            shown = statuses[state.id] if topic.startswith(_OWN) else state  # type: ignore[union-attr]
            yield Frame(event.position, topic, "matter.changed", msgspec.to_builtins(shown))


def _told_to_person(event: Published) -> bool:
    return any(topic.startswith(_OWN) for topic in event.topics)


@projections.projects("matter.overdue", "sla.warned", "sla.breached")
def alarms(events: Sequence[Published]) -> Iterator[Frame]:
    for event in events:
        for topic in event.topics:
            yield Frame(event.position, topic, event.name, event.payload)


@topics.guard("matter")
def may_see_matter(actor: Actor, rest: str) -> bool:
    """Staff only: customers are told what is theirs on their person's topic."""
    matter = _uuid(rest)
    if actor.kind is ActorKind.CUSTOMER or matter is None:
        return False
    return selectors.visible_to(actor).filter(id=matter).exists()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

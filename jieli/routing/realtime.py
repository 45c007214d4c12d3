from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects
from jieli.routing import seats, selectors


@projects("presence.changed")
def presence(events: Sequence[Published]) -> Iterator[Frame]:
    for event in events:
        if shown := seats.seat(UUID(event.payload["subject"])):
            yield Frame(event.position, "desk", event.name, msgspec.to_builtins(shown))


@projects("queue.changed")
def queues(events: Sequence[Published]) -> Iterator[Frame]:
    """The desk gets the queue's figures once; each waiting customer their own place."""
    last = events[-1]
    yield Frame(last.position, "desk", last.name, {"queues": msgspec.to_builtins(selectors.board())})
    places = selectors.places([UUID(event.payload["conversation"]) for event in events])
    for event in events:
        place = places.get(UUID(event.payload["conversation"]))
        yield Frame(
            event.position,
            f"person:{event.payload['person']}",
            "place.changed",
            {"place": msgspec.to_builtins(place)},
        )


@projects("conversation.assigned")
def assigned(events: Sequence[Published]) -> Iterator[Frame]:
    for event in events:
        yield Frame(
            event.position,
            f"agent:{event.payload['agent']}",
            event.name,
            {"conversation": event.payload["subject"]},
        )

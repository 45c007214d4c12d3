"""What screens are told when goods move; the data is what the event says, the screen asks for the fact itself."""

from collections.abc import Iterable, Sequence

from jieli.kernel.actor import Actor
from jieli.kernel.realtime import topics
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects


@topics.guard("supply")
def may_listen(actor: Actor, _rest: str) -> bool:
    return actor.may("supply.read")


@projects("supply.parcel_moved", "supply.stock_changed", "supply.fact_arrived")
def as_it_is(events: Sequence[Published]) -> Iterable[Frame]:
    for event in events:
        for topic in event.topics:
            yield Frame(event.position, topic, event.name, event.payload)

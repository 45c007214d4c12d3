"""What screens are told of promises: staff the ledger's line, the customer the view meant for them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from jieli.kernel.actor import Actor
from jieli.kernel.realtime import topics
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects
from jieli.promises import selectors
from jieli.promises.lines import lines


@topics.guard("promises")
def may_listen(actor: Actor, _rest: str) -> bool:
    return actor.may("promise.read")


@projects(
    "promises.made",
    "promises.kept",
    "promises.broken",
    "promises.withdrawn",
    "promises.extended",
    "promises.compensated",
    "promises.due_soon",
)
def as_they_are(events: Sequence[Published]) -> Iterable[Frame]:
    found = selectors.by_ids({UUID(event.payload["promise"]) for event in events})
    listed = {line.id: line for line in lines(found.values())}
    for event in events:
        promise = listed.get(UUID(event.payload["promise"]))
        if promise is None:
            continue
        for topic in event.topics:
            for_customer = topic.startswith("person:")
            shown = selectors.as_customer_sees(promise) if for_customer else promise
            yield Frame(event.position, topic, event.name, msgspec.to_builtins(shown))

"""What screens are shown: the thread's marks, and for those who review, candidates and the live model."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.realtime import topics
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects
from jieli.learning import candidates, policy, selectors, showing


@topics.guard("learning")
def may_listen(actor: Actor, _rest: str) -> bool:
    return actor.kind is ActorKind.HUMAN and actor.may(policy.REVIEW)


@projects("message.corrected")
def corrected(events: Sequence[Published]) -> Iterator[Frame]:
    shown = {str(one.message): one for one in selectors.by_messages(_subjects(events))}
    for event in events:
        if one := shown.get(event.payload["subject"]):
            yield Frame(
                event.position, f"conversation:{one.conversation}", event.name, msgspec.to_builtins(one)
            )


@projects("correction.reviewed")
def reviewed(events: Sequence[Published]) -> Iterator[Frame]:
    for event in events:
        data = {"id": event.payload["subject"], "state": event.payload["state"]}
        yield Frame(event.position, "learning", event.name, data)


@projects("candidate.changed")
def candidate(events: Sequence[Published]) -> Iterator[Frame]:
    newest = {UUID(event.payload["subject"]): event for event in events}
    for key, view in candidates.by_ids(list(newest)).items():
        yield Frame(newest[key].position, "learning", newest[key].name, msgspec.to_builtins(view))


@projects("model.changed")
def model(events: Sequence[Published]) -> Iterator[Frame]:
    shown = showing.promotions_by_id(_subjects(events))
    for event in events:
        if view := shown.get(UUID(event.payload["subject"])):
            for topic in event.topics:
                yield Frame(event.position, topic, event.name, msgspec.to_builtins(view))


def _subjects(events: Sequence[Published]) -> set[UUID]:
    return {UUID(event.payload["subject"]) for event in events}

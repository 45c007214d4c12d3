"""Routing at work: the assigning loop, and following what happens to matters."""

from collections.abc import Sequence
from typing import Any

from jieli.kernel import outbox, worker
from jieli.kernel.worker import Loop
from jieli.relay.contracts import HolderKind, MatterKind
from jieli.relay.events import MatterClosed, MatterHandedOver
from jieli.routing import seats, services


@worker.register
def loops() -> list[Loop]:
    return [Loop("routing.assign", services.assign, seats.WAKE, 1.0)]


def _talk_of_a_queue(event: dict[str, Any]) -> bool:
    """Into a queue, or out of one by other ways than assignment: somebody answered who was not asked to."""
    ends = {event["from_holder"]["kind"], event["to_holder"]["kind"]}
    return bool(event["kind"] == MatterKind.CONVERSATION and HolderKind.QUEUE in ends)


def _talk(event: dict[str, Any]) -> bool:
    return bool(event["kind"] == MatterKind.CONVERSATION)


@outbox.on_many(MatterHandedOver, when=_talk_of_a_queue)
def follow_handovers(events: Sequence[MatterHandedOver]) -> None:
    services.follow_ledger({event.matter for event in events})


@outbox.on(MatterClosed, when=_talk)
def leave_queue(event: MatterClosed) -> None:
    services.leave(event.matter)

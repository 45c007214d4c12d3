"""What desks are told of telephone calls: the screen pop, and what becomes of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from jieli.channels import facade as channels
from jieli.channels.contracts import InboxId
from jieli.conversations import facade as conversations
from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects
from jieli.reception import pops
from jieli.reception.contracts import CallState, ScreenPop
from jieli.reception.models import Call


@projects("channels.call_rang")
def screen_pop(events: Sequence[Published]) -> Iterator[Frame]:
    """At once, before anything is decided. A screen that comes back to it later is not told of what rings no more."""
    inboxes = [UUID(event.payload["inbox"]) for event in events]
    over = set(
        Call.objects.filter(inbox__in=inboxes)
        .exclude(state=CallState.RINGING)
        .values_list("inbox", flat=True)
    )
    for event in events:
        if UUID(event.payload["inbox"]) not in over:
            yield _frame(event, _first_pop(event.payload))


def _first_pop(call: Any) -> ScreenPop:
    pop = ScreenPop(
        call=call["call"],
        channel=UUID(call["channel"]),
        caller=call.get("caller", ""),
        extension=call.get("extension", ""),
        at=datetime.fromisoformat(call["at"]),
    )
    return pops.known([(pop, _caller(call))])[0]


def _caller(call: Any) -> UUID | None:
    """Somebody who never rang before may be known by this number all the same."""
    if call.get("person"):
        return UUID(call["person"])
    return conversations.find_customer(channels.sender_of(InboxId(UUID(call["inbox"]))).phone)


@projects("reception.call_changed")
def changes(events: Sequence[Published]) -> Iterator[Frame]:
    """As the calls are now: of several changes at once the screens are told the last."""
    newest = {UUID(event.payload["call"]): event for event in events}
    for key, pop in pops.by_ids(newest).items():
        yield _frame(newest[key], pop)


def _frame(event: Published, pop: ScreenPop) -> Frame:
    return Frame(event.position, "desk", f"call.{pop.state.value}", msgspec.to_builtins(pop))

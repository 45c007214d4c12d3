"""What screens are shown of a changed ticket: staff what lists show, the customer what `MyTicket` holds."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from jieli.kernel.realtime.contracts import Frame, Published
from jieli.kernel.realtime.projections import projects
from jieli.tickets import selectors
from jieli.tickets.models import Ticket


@projects("ticket.changed")
def tickets(events: Sequence[Published]) -> Iterator[Frame]:
    rows = list(Ticket.objects.filter(id__in={UUID(event.payload["ticket"]) for event in events}))
    full = {str(view.id): msgspec.to_builtins(view) for view in selectors.views(rows)}
    own = {str(view.id): msgspec.to_builtins(view) for view in selectors.mine(rows)}
    for event in events:
        ticket = event.payload["ticket"]
        for topic in event.topics if ticket in full else ():
            shown = own if topic.startswith("person:") else full
            yield Frame(event.position, topic, "ticket.changed", shown[ticket])

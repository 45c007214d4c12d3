"""A ringing telephone is told to the screens in the transaction that makes it durable, before anything is decided."""

from collections.abc import Iterable
from uuid import UUID

from jieli.channels.arrivals import Arrival
from jieli.channels.events import CallRang
from jieli.channels.models import Contact
from jieli.kernel import outbox

RINGING = "call.ringing"


def ring(stored: Iterable[tuple[UUID, Arrival]]) -> None:
    ringing = [(inbox, arrival) for inbox, arrival in stored if arrival.inbound.event == RINGING]
    if not ringing:
        return
    known = _known_persons(arrival for _, arrival in ringing)
    outbox.append(
        *(
            CallRang(
                call=arrival.inbound.context.get("call", arrival.inbound.message_id),
                inbox=inbox,
                channel=arrival.channel.id,
                at=arrival.inbound.sent_at,
                caller=masked(arrival.inbound.sender.key),
                person=known.get((arrival.channel.id, arrival.sender_index)),
                extension=arrival.inbound.context.get("extension", ""),
            )
            for inbox, arrival in ringing
        )
    )


def _known_persons(arrivals: Iterable[Arrival]) -> dict[tuple[UUID, str], UUID]:
    indexes = [arrival.sender_index for arrival in arrivals]
    rows = Contact.objects.filter(sender_index__in=indexes)
    return {
        (row.channel_id, row.sender_index): row.person
        for row in rows.only("channel", "sender_index", "person")
    }


def masked(key: str) -> str:
    """138****0000; of a short key the last two characters."""
    if len(key) < 8:
        return "*" * max(len(key) - 2, 0) + key[-2:]
    return key[:3] + "*" * (len(key) - 7) + key[-4:]

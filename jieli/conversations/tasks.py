"""What conversations do when lower modules report: deliveries, silence of the customer."""

from collections.abc import Sequence

from django.db import transaction

from jieli.channels.events import OutgoingChanged
from jieli.conversations import events, services
from jieli.conversations.models import Message
from jieli.kernel import outbox
from jieli.kernel.actor import SYSTEM
from jieli.relay import facade as relay
from jieli.relay.contracts import HolderKind, MatterKind, Overdue


@outbox.on_many(OutgoingChanged)
@transaction.atomic
def show_deliveries(changes: Sequence[OutgoingChanged]) -> None:
    newest = {change.outgoing: change for change in changes}
    shown = Message.objects.select_for_update(of=("self",)).select_related("conversation")
    rows = list(shown.filter(outgoing__in=newest).order_by("id"))
    for row in rows:
        assert row.outgoing is not None
        change = newest[row.outgoing]
        row.delivery, row.delivery_reason = change.state, change.reason[:200]
    Message.objects.bulk_update(rows, ["delivery", "delivery_reason"])
    outbox.append(
        *(events.MessageChanged(row.id, row.conversation_id, row.conversation.person) for row in rows)
    )


@relay.on_overdue(MatterKind.CONVERSATION, HolderKind.CUSTOMER)
def close_after_silence(overdue: Overdue) -> None:
    """The customer did not come back: the talk ends, and the next message opens a new one."""
    services.close_silent(SYSTEM, overdue.matter.id, "no_reply")

"""What conversations do when lower modules report: deliveries, silence of the customer."""

from collections.abc import Sequence
from uuid import UUID

from jieli.channels import facade as channels
from jieli.channels.contracts import Delivery
from jieli.conversations import events, services
from jieli.conversations.models import Message
from jieli.kernel import bulk, outbox
from jieli.kernel.actor import SYSTEM
from jieli.relay import facade as relay
from jieli.relay.contracts import HolderKind, MatterKind, Overdue


@channels.on_delivery
def show_deliveries(changes: Sequence[Delivery]) -> None:
    newest: dict[UUID | None, Delivery] = {change.outgoing: change for change in changes}
    shown = Message.objects.filter(outgoing__in=newest).select_related("conversation")
    rows = list(shown.only("outgoing", "delivery", "delivery_reason", "conversation__person").order_by("id"))
    for row in rows:
        change = newest[row.outgoing]
        row.delivery, row.delivery_reason = change.state, change.reason[:200]
    bulk.update(rows, ["delivery", "delivery_reason"])
    outbox.append(
        *(events.MessageChanged(row.id, row.conversation_id, row.conversation.person) for row in rows)
    )


@relay.on_overdue(MatterKind.CONVERSATION, HolderKind.CUSTOMER)
def close_after_silence(overdue: Overdue) -> None:
    """The customer did not come back: the talk ends, and the next message opens a new one."""
    services.close_silent(SYSTEM, overdue.matter.id, "no_reply")

"""What became of outgoing messages."""

from collections.abc import Sequence

from django.db import transaction

from jieli.channels import directory
from jieli.channels.contracts import (
    ChannelId,
    ContactId,
    DeliveryState,
    OutgoingId,
    OutgoingView,
    SentBy,
)
from jieli.channels.events import OutgoingChanged
from jieli.channels.models import Outgoing
from jieli.kernel import clock, outbox


@transaction.atomic
def delivered(ids: Sequence[OutgoingId]) -> None:
    rows = list(
        Outgoing.objects.select_for_update().filter(id__in=ids, state=DeliveryState.SENT).order_by("id")
    )
    if not rows:
        return
    Outgoing.objects.filter(id__in=[row.id for row in rows]).update(
        state=DeliveryState.DELIVERED, delivered_at=clock.now()
    )
    outbox.append(
        *(
            OutgoingChanged(outgoing=row.id, conversation=row.conversation, state=DeliveryState.DELIVERED)
            for row in rows
        )
    )


def views(ids: Sequence[OutgoingId]) -> dict[OutgoingId, OutgoingView]:
    return {OutgoingId(row.id): _view(row) for row in Outgoing.objects.filter(id__in=ids).defer("text")}


def _view(row: Outgoing) -> OutgoingView:
    return OutgoingView(
        id=OutgoingId(row.id),
        contact=ContactId(row.contact_id),
        channel=directory.line(ChannelId(row.channel_id)).ref,
        conversation=row.conversation,
        by=SentBy(row.by),
        state=DeliveryState(row.state),
        reason=row.reason or row.verdict,
        attempts=row.attempts,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )

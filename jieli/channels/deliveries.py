"""What became of outgoing messages."""

from collections.abc import Callable, Sequence

from django.db import transaction

from jieli.channels import directory
from jieli.channels.contracts import (
    ChannelId,
    ContactId,
    Delivery,
    DeliveryState,
    OutgoingId,
    OutgoingView,
    SentBy,
)
from jieli.channels.models import Outgoing
from jieli.kernel import clock

Listener = Callable[[Sequence[Delivery]], None]
_listeners: list[Listener] = []


def on_delivery(listener: Listener) -> Listener:
    """Called with every change, in the transaction that made it: the thread never shows less than is known here."""
    _listeners.append(listener)
    return listener


def tell(rows: Sequence[Outgoing], *, reason: str = "") -> None:
    """Messages changed their state after they were submitted (`submit_many` tells the first one)."""
    changes = [
        Delivery(OutgoingId(row.id), row.conversation, DeliveryState(row.state), reason[:300]) for row in rows
    ]
    for listener in _listeners if changes else ():
        listener(changes)


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
    for row in rows:
        row.state = DeliveryState.DELIVERED
    tell(rows)


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

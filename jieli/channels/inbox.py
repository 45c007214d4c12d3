"""What waits to be handled. Handling is exactly once because `finish` belongs to the transaction of the effects."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet

from jieli.channels import arrivals, directory
from jieli.channels.contracts import LANES, ChannelId, InboxId, InboxItem, IntakeCounts, Sender
from jieli.channels.errors import InboxAlreadyHandled
from jieli.channels.models import Inbox
from jieli.channels.refusals import PREFIX
from jieli.kernel import clock, counters, jobs, wake
from jieli.kernel.errors import NotFound

MOST_ATTEMPTS = 10
_LONGEST_PAUSE_S = 60.0
_PENDING = Q(handled_at=None, dead_at=None)


def claim(lanes: Sequence[int], limit: int) -> list[InboxItem]:
    """The oldest pending rows of the lanes, in order of arrival, reserved for nobody: whoever asks owns the lanes.

    A sender whose message failed waits, with everything that came after it, until that message is due again.
    """
    rows = Inbox.objects.filter(_PENDING)
    if len(lanes) < LANES:
        rows = rows.filter(lane__in=lanes)
    waiting = set(rows.filter(retry_at__gt=clock.now()).values_list("sender_index", flat=True))
    ready = rows.exclude(sender_index__in=waiting) if waiting else rows
    known = directory.lines()
    return [_item(row, known) for row in ready.order_by("id")[:limit]]


def _item(row: Inbox, known: dict[ChannelId, directory.Line]) -> InboxItem:
    line = known.get(ChannelId(row.channel_id)) or directory.line(ChannelId(row.channel_id))
    return InboxItem(
        id=InboxId(row.id),
        channel=line.ref,
        inbound=arrivals.opened(row.payload),
        received_at=row.received_at,
        attempts=row.attempts,
    )


def finish(ids: Sequence[InboxId]) -> None:
    """Mark as handled, in the transaction of the effects. Raises `InboxAlreadyHandled` unless all were pending."""
    wanted = set(ids)
    if wanted and _rows(wanted).update(handled_at=clock.now()) != len(wanted):
        raise InboxAlreadyHandled


def fail(inbox: InboxId, error: str) -> None:
    """Keep the row with what went wrong; after ten failures set it aside, so that its sender can go on."""
    row = _rows({inbox}).first()
    if row is None:
        return
    now, attempts = clock.now(), row.attempts + 1
    pause = timedelta(seconds=min(jobs.pause_s(attempts), _LONGEST_PAUSE_S))
    _rows({inbox}).update(
        attempts=attempts,
        last_error=error[:2000],
        retry_at=now + pause,
        dead_at=now if attempts >= MOST_ATTEMPTS else None,
    )


def retry_dead() -> int:
    count = (
        Inbox.objects.filter(handled_at=None)
        .exclude(dead_at=None)
        .update(dead_at=None, retry_at=None, attempts=0)
    )
    wake.ring("inbox")
    return count


def _rows(ids: set[InboxId]) -> QuerySet[Inbox]:
    return Inbox.objects.filter(_PENDING, id__in=ids)


def sender_of(inbox: InboxId) -> Sender:
    """Who sent it, in clear: for resolving a ringing call to a person before it is handled."""
    row = Inbox.objects.filter(id=inbox).first()
    if row is None:
        raise NotFound
    return arrivals.opened(row.payload).sender


def items(ids: Sequence[InboxId]) -> dict[InboxId, InboxItem]:
    """The rows as they came, handled or not."""
    known = directory.lines()
    return {InboxId(row.id): _item(row, known) for row in Inbox.objects.filter(id__in=ids)}


def counts() -> IntakeCounts:
    pending = Inbox.objects.filter(_PENDING)
    oldest = pending.order_by("id").values_list("received_at", flat=True).first()
    return IntakeCounts(
        pending=pending.count(),
        dead=Inbox.objects.filter(handled_at=None).exclude(dead_at=None).count(),
        total=Inbox.objects.count(),
        oldest_pending_at=oldest,
        refused={name.removeprefix(PREFIX): value for name, value in counters.read(PREFIX).items()},
    )

"""Laws 2 and 7 as audits of the tables of channels."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from jieli.channels import arrivals, directory
from jieli.channels.contracts import DeliveryState, GateReason
from jieli.channels.models import Inbox, Outgoing
from jieli.kernel import clock, laws
from jieli.kernel.crypto import UnreadableSecret

_LONGEST_WAIT = timedelta(minutes=10)
_LEFT = (DeliveryState.SENT, DeliveryState.DELIVERED)
_PERMITTED = (GateReason.FREE, GateReason.IN_WINDOW, GateReason.FALLBACK)
Found = Iterable[tuple[object, str]]


@laws.audit(2, "channels.waiting")
def waiting_too_long() -> Found:
    """An acknowledged contact that nobody handled although others that came later were."""
    limit = clock.now() - _LONGEST_WAIT
    last = (
        Inbox.objects.exclude(handled_at=None)
        .order_by("-handled_at")
        .values_list("handled_at", flat=True)
        .first()
    )
    if last is None or last < limit:
        return  # nothing works at all: that is for the doctor to say
    for row in (
        Inbox.objects.filter(handled_at=None, dead_at=None, received_at__lt=limit).order_by("id").iterator()
    ):
        yield row.id, f"waits since {row.received_at:%F %T}: {row.last_error or 'nobody took it'}"


@laws.audit(2, "channels.set_aside")
def set_aside() -> Found:
    for row in Inbox.objects.filter(handled_at=None).exclude(dead_at=None).order_by("id").iterator():
        yield row.id, f"was set aside after {row.attempts} failures: {row.last_error}"


@laws.audit(2, "channels.doubled")
def doubled() -> Found:
    """The database forbids it; this proves that the constraint is there."""
    rows = Inbox.objects.values("channel", "dedupe_key").annotate(n=Count("id")).filter(n__gt=1)
    for row in rows:
        yield row["dedupe_key"], f"is stored {row['n']} times"


@laws.audit(2, "channels.unreadable")
def unreadable() -> Found:
    for row in Inbox.objects.filter(handled_at=None).only("id", "payload").iterator():
        try:
            arrivals.opened(row.payload)
        except (UnreadableSecret, ValueError) as error:
            yield row.id, f"cannot be read: {error}"


@laws.audit(7, "channels.verdict")
def left_without_permission() -> Found:
    """Messages that left although the gate had not let them, or after their window had closed."""
    for row in Outgoing.objects.filter(state__in=_LEFT).exclude(verdict__in=_PERMITTED).iterator():
        yield row.id, f"left with the verdict “{row.verdict}”"
    for row in _through_windows().iterator():
        closes_at = datetime.fromisoformat(row.window["closes_at"])  # type: ignore[index]
        if row.sent_at is None or row.sent_at >= closes_at:
            yield row.id, f"left at {row.sent_at} through a window that closed at {closes_at}"


def _through_windows() -> "QuerySet[Outgoing]":
    return Outgoing.objects.filter(state__in=_LEFT).exclude(window__isnull=True)


@laws.audit(7, "channels.window")
def left_without_window() -> Found:
    """A channel with windows sends nothing outside of one."""
    needing = [one for one, line in directory.lines().items() if line.manifest.rules.windows]
    for row in Outgoing.objects.filter(state__in=_LEFT, channel__in=needing, window__isnull=True).iterator():
        yield row.id, "left without a window on a channel that needs one"


@laws.audit(7, "channels.quota")
def over_quota() -> Found:
    """What went out through one window never exceeds its limit."""
    used: Counter[tuple[UUID, str, str]] = Counter()
    limits: dict[tuple[UUID, str, str], int] = {}
    rows: Any = _through_windows().values_list("contact", "window")
    for contact, window in rows.iterator():
        key = (contact, window["kind"], window["opens_at"])
        used[key] += 1
        limits[key] = window["limit"]
    for (contact, kind, opens_at), count in used.items():
        limit = limits[contact, kind, opens_at]
        if count > limit:
            yield contact, f"{count} messages left through a {kind} window of {limit}"


@laws.audit(7, "channels.order")
def overtaken() -> Found:
    """A message that left before an earlier one of the same contact; sockets take them in their order by themselves."""
    by_socket = [one for one, line in directory.lines().items() if line.manifest.by_socket]
    rows = (
        Outgoing.objects.filter(state__in=_LEFT)
        .exclude(channel__in=by_socket)
        .order_by("contact", "seq")
        .values_list("contact", "id", "sent_at")
    )
    for (contact, before, first), (other, after, then) in pairwise(rows.iterator()):
        if contact == other and first and then and then < first:
            yield after, f"overtook {before}"

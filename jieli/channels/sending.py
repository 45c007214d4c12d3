"""Carrying messages out, each contact's in their order. The table of outgoing messages is the queue.

The first unfinished message of a contact is claimed by moving its `due_at` ahead, sent without a transaction, then
marked. A worker that dies in between leaves the claim to run out, and the message is sent again: at least once, as
the platforms offer nothing better.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import connections, transaction
from django.db.models import F, Max, OuterRef, Subquery

from jieli.channels import contacts, deliveries, directory, gate, policy
from jieli.channels.adapters.port import Adapter, Sending, Sent
from jieli.channels.contracts import ChannelId, DeliveryState, Media, MessageType
from jieli.channels.errors import QuotaUsed, WindowClosed
from jieli.channels.models import UNFINISHED, Contact, Outgoing
from jieli.channels.policy import Window
from jieli.kernel import bulk, clock, jobs
from jieli.kernel.errors import Permanent, Transient

log = logging.getLogger(__name__)

AT_ONCE = 32
MOST_ATTEMPTS = 12
_CLAIM = timedelta(seconds=90)
"""Outlasts the slowest answer of a platform, a renewed token included."""
_TICK = timedelta(microseconds=1)
_GATHER_S = 0.05
_LAST_WAIT_S = 8.0
_OFF_PAUSE_S = 300.0

Outcome = Sent | Exception


class _Expired(Exception):
    """The window closed while the message waited here."""


class Carrier:
    """Sends on many threads: a platform that answers slowly keeps its own messages waiting, not those of others."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sending")
        self._on_their_way: dict[Future[Outcome], Outgoing] = {}

    def turn(self) -> int:
        """Start what is due, note what came back; returns how many came back or are still on their way."""
        for row in _claim(AT_ONCE - len(self._on_their_way)):
            self._on_their_way[self._pool.submit(_attempt_apart, row, _adapter(row))] = row
        return self._note(_GATHER_S) + len(self._on_their_way)

    def finish(self) -> None:
        """Wait for what is on its way: what nobody noted would be sent again."""
        self._note(_LAST_WAIT_S)
        self._pool.shutdown(wait=False)

    def _note(self, patience_s: float) -> int:
        back, _ = wait(self._on_their_way, timeout=patience_s)
        _settle([(self._on_their_way[one], one.result()) for one in back])
        for one in back:
            del self._on_their_way[one]
        return len(back)


def send_due() -> int:
    """Send what is due, one after the other in this thread; returns how many were tried."""
    rows = _claim(AT_ONCE)
    _settle([(row, _attempt(row, _adapter(row))) for row in rows])
    return len(rows)


def _claim(limit: int) -> list[Outgoing]:
    """First messages of their contacts, due and claimed for us."""
    now = clock.now()
    due = Outgoing.objects.filter(state__in=UNFINISHED, due_at__lte=now)
    if limit <= 0 or not due.exists():
        return []
    of_contact = Outgoing.objects.filter(contact=OuterRef("contact"), state__in=UNFINISHED)
    first_there = Subquery(of_contact.order_by("seq").values("seq")[:1])
    with transaction.atomic():
        first = due.select_for_update(skip_locked=True, of=("self",)).filter(seq=first_there)
        rows = list(first.select_related("contact").order_by("due_at")[:limit])
        Outgoing.objects.filter(id__in=[row.id for row in rows]).update(
            state=DeliveryState.SENDING, due_at=now + _CLAIM, attempts=F("attempts") + 1
        )
    for row in rows:
        row.attempts += 1
    return rows


def _attempt_apart(row: Outgoing, adapter: Adapter | None) -> Outcome:
    """In a thread of the pool; a connection that was opened for a new token does not stay."""
    try:
        return _attempt(row, adapter)
    finally:
        connections.close_all()


def _attempt(row: Outgoing, adapter: Adapter | None) -> Outcome:
    try:
        window = msgspec.convert(row.window, Window | None)
        if row.attempts > MOST_ATTEMPTS:  # whoever tried it did not live to say what happened
            raise Permanent(f"gave up after {row.attempts - 1} tries that came to no end")
        if window and not window.is_open(clock.now()):
            raise _Expired("the window closed before it could be sent")
        if adapter is None:
            raise Transient("the channel is switched off", code="channel_off", retry_after_s=_OFF_PAUSE_S)
        return adapter.send(_sending(row))
    except Exception as error:  # noqa: BLE001 - an outcome like others: `_settle` decides what it means
        return error


def _adapter(row: Outgoing) -> Adapter | None:
    line = directory.line(ChannelId(row.channel_id))
    return line.adapter if line.enabled else None


def _sending(row: Outgoing) -> Sending:
    return Sending(
        id=row.id,
        key=row.contact.sender_key,
        type=MessageType(row.type),
        text=row.text,
        media=msgspec.convert(row.media, Media | None),
        by=row.by,
        conversation=row.conversation,
        reply_to_event=row.reply_to_event,
        at=row.created_at,
    )


def _settle(tried: Sequence[tuple[Outgoing, Outcome]]) -> None:
    _keep_sent([(row, outcome) for row, outcome in tried if isinstance(outcome, Sent)])
    for row, outcome in tried:
        if not isinstance(outcome, Sent):
            _settle_failed(row, outcome)


@transaction.atomic
def _keep_sent(sent: Sequence[tuple[Outgoing, Sent]]) -> None:
    now, last = clock.now(), _last_sent({row.contact_id for row, _ in sent})
    for row, said in sent:
        row.platform_id, row.reason = said.platform_id[:200], ""
        row.sent_at = max(now, last.get(row.contact_id, now - _TICK) + _TICK)
        row.state = DeliveryState.DELIVERED if said.delivered else DeliveryState.SENT
        row.delivered_at = row.sent_at if said.delivered else None
    rows = [row for row, _ in sent]
    bulk.update(rows, ["state", "reason", "sent_at", "delivered_at", "platform_id"])
    deliveries.tell(rows)


def _last_sent(contacts: set[UUID]) -> dict[UUID, datetime]:
    """When each contact's newest left: the next one's time is behind it, though clocks go back, so that the times
    prove the order."""
    sent = Outgoing.objects.filter(contact__in=contacts, sent_at__isnull=False)
    return dict(sent.values_list("contact").annotate(Max("sent_at")).order_by())


def _settle_failed(row: Outgoing, error: Exception) -> None:
    match error:
        case _Expired():
            _decide_again(row, str(error), lambda windows: windows)
        case WindowClosed():
            _decide_again(row, str(error), lambda _: ())
        case QuotaUsed():
            _decide_again(row, str(error), policy.exhausted)
        case Permanent():
            _fail(row, str(error))
        case Transient():
            _pause(row, error)
        case _:  # one broken message must not hold its contact for ever
            log.error("sending %s failed in an unforeseen way", row.id, exc_info=error)
            _pause(row, Transient(f"{type(error).__name__}: {error}"))


def _pause(row: Outgoing, error: Transient) -> None:
    """Keep its place and try again later; the contact's others wait behind it, unless we give up."""
    if row.attempts >= MOST_ATTEMPTS:
        _fail(row, f"gave up after {row.attempts} tries: {error}")
        return
    log.warning("sending %s failed (try %d): %s", row.id, row.attempts, error)
    pause = timedelta(seconds=jobs.pause_s(row.attempts, error))
    Outgoing.objects.filter(id=row.id).update(
        state=DeliveryState.QUEUED, due_at=clock.now() + pause, reason=str(error)[:2000]
    )


@transaction.atomic
def _fail(row: Outgoing, reason: str) -> None:
    log.error("message %s could not be sent: %s", row.id, reason)
    contact = contacts.locked([row.contact_id])[row.contact_id]
    _refund(row, contact)
    contacts.save([contact])
    row.state, row.reason = DeliveryState.FAILED, reason[:2000]
    row.save(update_fields=["state", "reason"])
    deliveries.tell([row], reason=reason)


def _refund(row: Outgoing, contact: Contact) -> None:
    window = msgspec.convert(row.window, Window | None)
    contacts.put_windows(contact, policy.refunded(contacts.windows_of(contact), window))


@transaction.atomic
def _decide_again(row: Outgoing, why: str, mend: "gate.Mend") -> None:
    """The platform is right: mend our windows, then let the gate send it elsewhere, or hold or block it."""
    log.warning("the window of %s is not what we thought: %s", row.id, why)
    desk = gate.desk([row.contact_id, row.asked_contact])
    refused = desk.rows[row.contact_id]
    _refund(row, refused)
    contacts.put_windows(refused, mend(contacts.windows_of(refused)))
    contacts.save([refused])
    row.reason, row.due_at = why[:2000], clock.now()
    gate.route(row, desk, without=frozenset({refused.id}))
    row.save()
    gate.keep([row], desk)
    deliveries.tell([row], reason=row.verdict)

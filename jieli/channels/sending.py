"""Carrying messages out, each contact's in their order.

A message is claimed for a while, sent without a transaction, then marked. A worker that dies in between leaves the
claim to run out, and the message is sent again: at least once, as the platforms offer nothing better.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, Q

from jieli.channels import contacts, directory, gate, policy
from jieli.channels.adapters.port import Adapter, Sending, Sent
from jieli.channels.contracts import ChannelId, DeliveryState, Media, MessageType
from jieli.channels.errors import QuotaUsed, WindowClosed
from jieli.channels.events import OutgoingChanged
from jieli.channels.models import UNFINISHED, Contact, Outgoing
from jieli.channels.policy import Window
from jieli.kernel import clock, jobs, outbox
from jieli.kernel.errors import Permanent, Transient

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
_CLAIM = timedelta(seconds=90)
_AT_ONCE = 8
"""So few that a claim outlasts them all, even if the platform takes its full ten seconds for each."""

_GONE = (DeliveryState.SENT, DeliveryState.DELIVERED)
_OFF_PAUSE_S = 300.0


def deliver(outgoing: UUID) -> None:
    """As `deliver_many`, for one."""
    deliver_many([outgoing])


def deliver_many(outgoing: Sequence[UUID]) -> None:
    """Send what is due at these messages' contacts, in order, up to them and behind them.

    Whoever finishes a message goes on with the next of the contact. A job that finds an earlier one unfinished ends:
    the one who has it goes on, or a job that was put for the end of the claim or of the pause does.
    """
    rows = Outgoing.objects.filter(id__in=outgoing).values_list("contact_id", flat=True)
    contacts = list(dict.fromkeys(rows))
    while contacts:
        some, contacts = contacts[:_AT_ONCE], contacts[_AT_ONCE:]
        contacts += _send_all(_claim(some))


def _claim(contacts: Sequence[UUID]) -> list[Outgoing]:
    """The first unfinished message of each contact, claimed for us, but for those that are not ours to send now."""
    now = clock.now()
    first: dict[UUID, Outgoing] = {}
    for row in Outgoing.objects.filter(contact__in=contacts, state__in=UNFINISHED).order_by("seq"):
        first.setdefault(row.contact_id, row)
    due = {row.id: row for row in first.values() if not (row.not_before and row.not_before > now)}
    until = now + _CLAIM
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    with transaction.atomic():
        there = Outgoing.objects.select_for_update(skip_locked=True).filter(
            free, id__in=due, state__in=UNFINISHED
        )
        mine = set(there.order_by("id").values_list("id", "contact_id"))
        taken = [row for row in due.values() if (row.id, row.contact_id) in mine]
        Outgoing.objects.filter(id__in=[row.id for row in taken]).update(
            state=DeliveryState.SENDING, claimed_until=until, attempts=F("attempts") + 1
        )
        for row in due.values():
            if row not in taken:
                _come_back(row, max(row.claimed_until or until, now), "claim")
    for row in taken:
        row.attempts, row.sent_at = row.attempts + 1, now
    return taken


def _send_all(rows: Sequence[Outgoing]) -> list[UUID]:
    """Returns the contacts whose next message may follow."""
    keys = dict(
        Contact.objects.filter(id__in=[row.contact_id for row in rows]).values_list("id", "sender_key")
    )
    after = {row.id: _send(row, keys[row.contact_id]) for row in rows}
    _keep_sent([row for row in rows if after[row.id] is _After.GONE])
    return [row.contact_id for row in rows if after[row.id] is not _After.WAITS]


def _come_back(row: Outgoing, at: datetime, why: str) -> None:
    jobs.enqueue(
        gate.SEND,
        {"outgoing": row.id.hex},
        run_at=at,
        unique_key=f"{gate.SEND}:{row.id}:{why}:{at.timestamp()}",
    )


class _After(Enum):
    """Gone: its row is still to be written. Settled: decided otherwise, and written. Waits: others wait behind it."""

    GONE = 1
    SETTLED = 2
    WAITS = 3


def _send(row: Outgoing, key: str) -> _After:
    window = msgspec.convert(row.window, Window | None)
    if window and not window.is_open(clock.now()):
        _decide_again(row, "the window closed before it could be sent", lambda windows: windows)
        return _After.SETTLED
    try:
        sent = _adapter(row).send(_sending(row, key))
    except WindowClosed as error:
        _decide_again(row, str(error), lambda _: ())
    except QuotaUsed as error:
        _decide_again(row, str(error), policy.exhausted)
    except Permanent as error:
        _fail(row, str(error))
    except Transient as error:
        return _pause(row, error)
    except Exception as error:  # a process edge: one broken message must not hold its contact for ever
        log.exception("sending %s failed in an unforeseen way", row.id)
        return _pause(row, Transient(f"{type(error).__name__}: {error}"))
    else:
        _sent(row, sent)
        return _After.GONE
    return _After.SETTLED


def _adapter(row: Outgoing) -> Adapter:
    line = directory.line(ChannelId(row.channel_id))
    if line.adapter is None or not line.enabled:
        raise Transient("the channel is switched off", code="channel_off", retry_after_s=_OFF_PAUSE_S)
    return line.adapter


def _sending(row: Outgoing, key: str) -> Sending:
    return Sending(
        id=row.id,
        key=key,
        type=MessageType(row.type),
        text=row.text,
        media=msgspec.convert(row.media, Media | None),
        by=row.by,
        conversation=row.conversation,
        reply_to_event=row.reply_to_event,
        at=row.created_at,
    )


def _sent(row: Outgoing, sent: Sent) -> None:
    row.platform_id = sent.platform_id[:200]
    if sent.delivered:
        row.delivered_at = clock.now()
    row.state = DeliveryState.DELIVERED if sent.delivered else DeliveryState.SENT
    row.reason, row.claimed_until = "", None


@transaction.atomic
def _keep_sent(rows: Sequence[Outgoing]) -> None:
    if not rows:
        return
    for state in _GONE:
        same = Outgoing.objects.filter(id__in=[row.id for row in rows if row.state == state])
        at = rows[0].sent_at
        same.update(
            state=state,
            reason="",
            claimed_until=None,
            sent_at=at,
            delivered_at=clock.now() if state == DeliveryState.DELIVERED else None,
        )
    named = [row for row in rows if row.platform_id]
    Outgoing.objects.bulk_update(named, ["platform_id"])
    _tell(*rows)


def _pause(row: Outgoing, error: Transient) -> _After:
    """Keep its place and try again later; the contact's others wait behind it, unless we give up."""
    if row.attempts >= MOST_ATTEMPTS:
        _fail(row, f"gave up after {row.attempts} tries: {error}")
        return _After.SETTLED
    at = clock.now() + timedelta(seconds=jobs.pause_s(row.attempts, error))
    log.warning("sending %s failed (try %d): %s", row.id, row.attempts, error)
    with transaction.atomic():
        Outgoing.objects.filter(id=row.id).update(
            state=DeliveryState.QUEUED, claimed_until=None, not_before=at, reason=str(error)[:2000]
        )
        _come_back(row, at, "pause")
    return _After.WAITS


@transaction.atomic
def _fail(row: Outgoing, reason: str) -> None:
    log.error("message %s could not be sent: %s", row.id, reason)
    row.sent_at = None
    contact = contacts.locked([row.contact_id])[row.contact_id]
    _refund(row, contact)
    contacts.save([contact])
    _finish(row, DeliveryState.FAILED, reason)


def _refund(row: Outgoing, contact: Contact) -> None:
    window = msgspec.convert(row.window, Window | None)
    contacts.put_windows(contact, policy.refunded(contacts.windows_of(contact), window))


@transaction.atomic
def _finish(row: Outgoing, state: DeliveryState, reason: str) -> None:
    row.state, row.reason, row.claimed_until = state, reason[:2000], None
    row.save(update_fields=["state", "reason", "claimed_until", "sent_at", "delivered_at", "platform_id"])
    _tell(row, reason=reason)


def _tell(*rows: Outgoing, reason: str = "") -> None:
    outbox.append(
        *(
            OutgoingChanged(
                outgoing=row.id, conversation=row.conversation, state=row.state, reason=reason[:300]
            )
            for row in rows
        )
    )


@transaction.atomic
def _decide_again(row: Outgoing, why: str, mend: "gate.Mend") -> None:
    """The platform is right: mend our windows, then let the gate send it elsewhere, or hold or block it."""
    log.warning("the window of %s is not what we thought: %s", row.id, why)
    desk = gate.desk([row.contact_id, row.asked_contact])
    refused = desk.rows[row.contact_id]
    _refund(row, refused)
    contacts.put_windows(refused, mend(contacts.windows_of(refused)))
    contacts.save([refused])
    row.sent_at, row.reason, row.claimed_until = None, why[:2000], None
    gate.route(row, desk, without=frozenset({refused.id}))
    row.save()
    gate.keep([row], desk)
    _tell(row, reason=row.verdict)


def resume_stuck(older_than: timedelta = timedelta(minutes=3)) -> int:
    """A net under the jobs: unfinished messages that nothing has touched for a while get one again."""
    limit = clock.now() - older_than
    quiet = Q(claimed_until=None) | Q(claimed_until__lt=limit)
    due = Q(not_before=None) | Q(not_before__lt=limit)
    stuck = Outgoing.objects.filter(quiet, due, state__in=UNFINISHED, created_at__lt=limit)[:200]
    found = [jobs.NewJob(kind=gate.SEND, payload={"outgoing": row.id.hex}) for row in stuck]
    jobs.enqueue_many(found)
    return len(found)

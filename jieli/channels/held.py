"""Held messages: they wait for a window or for a human, and never go out when nobody expects them any more."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from jieli.channels import deliveries, gate, policy
from jieli.channels.contracts import DeliveryState, GateReason, GateVerdict, OutgoingId, SentBy
from jieli.channels.models import Outgoing
from jieli.kernel import clock
from jieli.kernel.actor import Actor

_FIELDS = ("contact", "channel", "seq", "state", "verdict", "rules", "window", "sent_at", "by", "words")


def reconsider(heard: Iterable[UUID]) -> None:
    """The customer wrote again: what people wrote meanwhile goes out; the bot answers afresh instead."""
    rows = list(
        Outgoing.objects.filter(contact__in=set(heard), state=DeliveryState.HELD).order_by("contact", "seq")
    )
    if not rows:
        return
    _drop([row for row in rows if not policy.survives_new_contact(SentBy(row.by))], GateReason.SUPERSEDED)
    _again([row for row in rows if policy.survives_new_contact(SentBy(row.by))])


@transaction.atomic
def release(actor: Actor, ids: Sequence[OutgoingId]) -> list[GateVerdict]:
    """A person sends held messages after all, as theirs: they may use what is kept for humans."""
    actor.require("conversation.reply")
    rows = list(Outgoing.objects.filter(id__in=ids, state=DeliveryState.HELD).order_by("contact", "seq"))
    for row in rows:
        row.by = SentBy.AGENT
    _again(rows)
    now = {row.id: row for row in Outgoing.objects.filter(id__in=ids)}
    return [gate.verdict_of(now[one]) for one in ids if one in now]


def _again(rows: Sequence[Outgoing]) -> None:
    if not rows:
        return
    desk = gate.desk({row.asked_contact for row in rows} | {row.contact_id for row in rows})
    for row in rows:
        gate.route(row, desk)
    Outgoing.objects.bulk_update(rows, _FIELDS)
    gate.keep(rows, desk)
    _tell([row for row in rows if row.state != DeliveryState.HELD])


def _drop(rows: Sequence[Outgoing], why: GateReason) -> None:
    Outgoing.objects.filter(id__in=[row.id for row in rows]).update(state=DeliveryState.BLOCKED, verdict=why)
    for row in rows:
        row.state, row.verdict = DeliveryState.BLOCKED, why
    _tell(rows)


def _tell(rows: Sequence[Outgoing]) -> None:
    for row in rows:
        deliveries.tell([row], reason=row.verdict)


def drop_old() -> None:
    limit = clock.now() - policy.HOLD_FOR
    _drop(
        list(Outgoing.objects.filter(state=DeliveryState.HELD, created_at__lt=limit)[:500]),
        GateReason.HELD_TOO_LONG,
    )

"""A ticket is opened in one step, also out of a conversation, whose context it takes along."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.relay import facade as relay
from jieli.relay.contracts import Baton, Holder, HolderKind, MatterKind, NewMatter, SlaMetric, Told
from jieli.tickets import following, numbering, policy, selectors
from jieli.tickets.contracts import CheckItem, Link, LinkKind, TicketView
from jieli.tickets.models import Ticket, TicketLink


@transaction.atomic
def open_ticket(
    actor: Actor,
    *,
    title: str,
    severity: int,
    description: str = "",
    category: str = "",
    person: UUID | None = None,
    conversation: UUID | None = None,
    queue: str = policy.QUEUE,
    holder: Holder | None = None,
    due_at: datetime | None = None,
    order_no: str = "",
    device_serial: str = "",
    sku: str = "",
    tags: Sequence[str] = (),
    checklist: Sequence[str] = (),
    links: Sequence[Link] = (),
    baton: Baton | None = None,
) -> TicketView:
    """Open a ticket in a queue, or with a `holder` of its own.

    Out of a conversation it takes the person and the baton, and becomes a child of that matter. Its first step is due
    when the time to respond to its severity runs out.
    """
    if conversation is not None:
        person = relay.state(actor, conversation).person
        baton = baton or relay.handovers(actor, conversation)[-1].baton
    now = clock.now()
    matter = relay.open_matter(
        actor,
        NewMatter(
            kind=MatterKind.TICKET,
            person=person,
            parent=conversation,
            title=title,
            severity=severity,
            holder=holder or Holder(HolderKind.QUEUE, queue),
            next_step=policy.ASSIGN if holder is None else policy.SOLVE,
            due_at=due_at or relay.sla_due_from_now(MatterKind.TICKET, severity, SlaMetric.RESPOND),
            line=policy.escalation_line(severity),
            baton=_baton(baton, title, description),
        ),
    )
    row = Ticket(
        id=matter.id,
        number=numbering.next_number(now),
        title=matter.title,
        description=description,
        category=category,
        severity=severity,
        stage=policy.stage_of(matter, policy.FIRST_STAGE),
        person=person,
        conversation=conversation,
        order_no=order_no,
        device_serial=device_serial,
        sku=sku,
        tags=policy.tidy_tags(tags),
        checklist=[msgspec.to_builtins(CheckItem(text=text)) for text in checklist],
        worker_kind=matter.holder.kind,
        worker_id=matter.holder.id,
        created_at=now,
    )
    row.save(force_insert=True)
    _link_all(row, links)
    relay.start_clocks(MatterKind.TICKET, {row.id: severity})
    if row.stage != policy.FIRST_STAGE:
        relay.stop_clocks([row.id], metric=SlaMetric.RESPOND)
    following.note(actor, [(row, "opened", "", row.number)])
    return selectors.views([row])[0]


def _baton(given: Baton | None, title: str, description: str) -> Baton:
    """The conversation's summary stays in front; what is written now comes after it."""
    written = "\n".join(text for text in (title, description) if text)
    if given is None:
        return Baton(summary=written)
    told = (*given.told, Told("passed.text", {"text": written})) if given.told and written else given.told
    return replace(given, summary="\n".join(text for text in (given.summary, written) if text), told=told)


def _link_all(row: Ticket, links: Sequence[Link]) -> None:
    named = {
        LinkKind.CONVERSATION: str(row.conversation or ""),
        LinkKind.ORDER: row.order_no,
        LinkKind.DEVICE: row.device_serial,
    }
    own = [Link(kind=kind, ref=ref) for kind, ref in named.items() if ref]
    TicketLink.objects.bulk_create(
        [TicketLink(ticket=row, kind=link.kind, ref=link.ref, label=link.label) for link in [*own, *links]],
        ignore_conflicts=True,
    )

"""What must hold after every step, read from the tables and written without a look at the audits of `jieli check`."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, Max
from django.db.models.functions import Length

from jieli.channels.contracts import DeliveryState, InboxId
from jieli.channels.models import Contact, Inbox, Outgoing
from jieli.conversations.models import Conversation, Message
from jieli.identity.models import Merge, Person
from jieli.kernel.models import Decision
from jieli.relay.models import Handover, Matter
from jieli.routing.models import QueueEntry
from tests.laws.world import TRACKING, WHERE

LEAVES = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.DELIVERED)
PEOPLE = ("agent", "expert", "engineer")


def acknowledged_once(acknowledged: Mapping[InboxId, str]) -> Iterator[str]:
    """Law 2: what was acknowledged is stored; once handled it is exactly one message, and none comes from nowhere."""
    handled = dict(Inbox.objects.values_list("id", "handled_at"))
    inboxes = list(Message.objects.filter(direction="in").values_list("inbox", flat=True))
    for key in acknowledged.keys() - handled.keys():
        yield f"{key} was acknowledged and is gone"
    for key in handled.keys() - acknowledged.keys():
        yield f"{key} was stored twice, or nobody sent it"
    if len(inboxes) != len(set(inboxes)):
        yield "two messages come from one inbox row"
    for key, at in handled.items():
        if (at is not None) != (key in set(inboxes)):
            yield f"{key} is {'handled without' if at else 'unhandled with'} a message"


def in_order(acknowledged: Mapping[InboxId, str]) -> Iterator[str]:
    """Law 2: each sender's messages stand in the order in which they were acknowledged."""
    rows = Message.objects.filter(direction="in").order_by("conversation__opened_at", "conversation", "seq")
    place: dict[UUID, int] = {}
    for number, inbox in enumerate(rows.values_list("inbox", flat=True)):
        if inbox is not None:
            place[inbox] = number
    last: dict[str, tuple[int, InboxId]] = {}
    for key, sender in acknowledged.items():
        if key in place:
            before = last.get(sender)
            if before and before[0] > place[key] and _same_talk(before[1], key):
                yield f"{sender}: {key} overtook {before[1]}"
            last[sender] = (place[key], key)


def _same_talk(one: UUID, other: UUID) -> bool:
    return Message.objects.filter(inbox__in=[one, other]).values("conversation").distinct().count() == 1


def held_by_somebody() -> Iterator[str]:
    """Law 1: a conversation is open exactly while its matter is; then there are holder, step and due time."""
    matters = {row.id: row for row in Matter.objects.all()}
    for talk in Conversation.objects.all():
        matter = matters[talk.pk]
        if talk.open != (matter.state == "open"):
            yield f"{talk.pk}: the talk is {'open' if talk.open else 'closed'}, its matter {matter.state}"
        if talk.open and not (matter.holder_kind and matter.next_step and matter.due_at):
            yield f"{talk.pk}: open without holder, step or due time"
        if matter.holder_kind in PEOPLE and talk.open and str(talk.assignee) != matter.holder_id:
            yield f"{talk.pk}: held by {matter.holder_id}, assigned to {talk.assignee}"


def no_talk_twice() -> Iterator[str]:
    people = list(Conversation.objects.filter(open=True).values_list("person", flat=True))
    if len(people) != len(set(people)):
        yield "somebody has two open conversations"


def waits_in_its_queue() -> Iterator[str]:
    """Law 1, once everything that follows by itself has followed: whoever a queue holds can be found in that queue."""
    entries = dict(QueueEntry.objects.values_list("conversation", "queue"))
    talks = set(Conversation.objects.filter(open=True).values_list("pk", flat=True))
    for matter in Matter.objects.filter(state="open", holder_kind="queue", id__in=talks):
        if entries.get(matter.id) != matter.holder_id:
            yield f"{matter.id}: held by the queue {matter.holder_id}, found in {entries.get(matter.id)}"


def told_on() -> Iterator[str]:
    """Law 3: whoever passes a talk to a person, or lets a queue do so, passes what it is about."""
    for row in Handover.objects.filter(to_kind__in=PEOPLE).exclude(from_kind__in=[*PEOPLE, ""]):
        if not str(row.baton.get("summary", "")).strip():
            yield f"{row.matter_id}: {row.from_kind} → {row.to_kind} without a summary ({row.why})"


def sourced() -> Iterator[str]:
    """Law 4: the parcel's whereabouts are told only with the system that vouched for them, and since when."""
    for row in Message.objects.filter(direction="out"):
        if TRACKING not in row.text and WHERE not in row.text:
            continue
        facts = [one for one in row.sources if one.get("kind") == "fact"]
        if not facts or not all(one.get("version") and one.get("as_of") for one in facts):
            yield f"“{row.text}” tells facts without a source or their age"


def explained() -> Iterator[str]:
    """Law 5: each customer message names a decision with its reasons, and that decision is about this message."""
    decisions = {row.id: row for row in Decision.objects.filter(kind="reception")}
    for row in Message.objects.filter(direction="in"):
        decision = decisions.get(row.decision) if row.decision else None
        if decision is None or decision.subject != row.id or not decision.reasons:
            yield f"{row.id}: not explained"


def whole_families() -> Iterator[str]:
    """Law 6: a standing merge is the only reason why a person is not their own, and its keys are still named."""
    standing = {row.absorbed_id: row for row in Merge.objects.filter(undone_at=None)}
    for person in Person.objects.all():
        if (person.merged_into_id is not None) != (person.id in standing):
            yield f"{person.id}: merged into {person.merged_into_id} without a standing merge, or the other way"
        if person.merged_into_id is None and person.root_id != person.id:
            yield f"{person.id}: stands alone under {person.root_id}"


def fits() -> Iterator[str]:
    """What SQLite stored PostgreSQL would have stored, too: no text is longer than its column."""
    for model in apps.get_models():
        bounded = [
            field
            for field in model._meta.get_fields()
            if isinstance(field, CharField) and field.max_length is not None
        ]
        for field in bounded:
            longest = model._default_manager.aggregate(n=Max(Length(field.name)))["n"] or 0
            if longest > field.max_length:
                yield f"{model._meta.label}.{field.name} holds {longest} characters, room is for {field.max_length}"


class Windows:
    """Law 7: what may leave to a WeChat contact after one message of theirs is five at most, four of them the bot's."""

    def __init__(self) -> None:
        self._before: dict[UUID, set[UUID]] = {}
        self._heard: dict[UUID, int] = {}

    def breaches(self) -> Iterator[str]:
        for contact in Contact.objects.filter(channel__kind="wechat").select_related("channel"):
            inbound = Message.objects.filter(direction="in", contact=contact.id).exclude(type="event").count()
            rows = Outgoing.objects.filter(contact=contact.id, state__in=LEAVES)
            leaving = {row.id: row.by for row in rows}
            heard = inbound - self._heard.get(contact.id, 0)
            new = leaving.keys() - self._before.get(contact.id, set())
            by_bot = [one for one in new if leaving[one] != "agent"]
            if len(new) > 5 * max(heard, 1) or len(by_bot) > 4 * max(heard, 1):
                yield f"{contact.id}: {len(new)} leave after {heard} messages, {len(by_bot)} not by people"
            if heard:
                self._heard[contact.id], self._before[contact.id] = inbound, set(leaving)

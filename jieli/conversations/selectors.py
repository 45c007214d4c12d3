from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from jieli.conversations.contracts import AuthorKind, ConversationId, Direction, Line, Received, State
from jieli.conversations.models import Conversation, Message
from jieli.identity import facade as identity
from jieli.identity.contracts import PersonId
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.errors import Invalid, NotFound
from jieli.promises import facade as promises
from jieli.relay.contracts import HolderKind

SOON = timedelta(minutes=10)


def visible_to(actor: Actor) -> "QuerySet[Conversation]":
    """Staff who may read conversations see all; a customer sees their own."""
    if actor.kind is ActorKind.CUSTOMER:
        return Conversation.objects.filter(person=actor.id) if actor.id else Conversation.objects.none()
    if actor.may("conversation.read"):
        return Conversation.objects.all()
    return Conversation.objects.none()


def one(actor: Actor, conversation: UUID) -> Conversation:
    row = visible_to(actor).filter(pk=conversation).first()
    if row is None:
        raise NotFound
    return row


def open_states(persons: Iterable[UUID]) -> dict[UUID, State]:
    """The open conversation of each person that has one; of several, left by a merge, the one that moved last."""
    families = identity.families(list(persons))
    asked = {member: person for person, family in families.items() for member in family}
    rows = Conversation.objects.filter(person__in=list(asked), open=True).order_by("last_at", "pk")
    return {asked[PersonId(row.person)]: state_of(row) for row in rows}


def states(ids: Iterable[UUID]) -> dict[UUID, State]:
    return {row.pk: state_of(row) for row in Conversation.objects.filter(pk__in=list(ids), open=True)}


def state_of(row: Conversation) -> State:
    return State(
        id=ConversationId(row.pk),
        person=row.person,  # type: ignore[arg-type]
        version=row.version,
        queue=row.queue,
        assignee=row.assignee,
        intent=row.intent,
        emotion=row.emotion,
        priority=row.priority,
        recent=tuple(Line(AuthorKind(by), text) for by, text in row.recent),
        memory=row.memory,
        last_seq=row.last_seq,
        opened_at=row.opened_at,
        last_agent_at=row.last_agent_at,
    )


def loads(agents: Iterable[UUID]) -> dict[UUID, int]:
    """How many open, unsnoozed conversations each agent has."""
    found = Conversation.objects.filter(assignee__in=list(agents), open=True, snoozed_until=None)
    counts: dict[UUID, int] = {}
    for agent in found.values_list("assignee", flat=True):
        if agent is not None:
            counts[agent] = counts.get(agent, 0) + 1
    return counts


def last_agents(persons: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who served each person last."""
    rows = Conversation.objects.filter(person__in=list(persons)).exclude(assignee=None).order_by("last_at")
    return {person: agent for person, agent in rows.values_list("person", "assignee") if agent}


def _held_by(*kinds: HolderKind) -> Q:
    return Q(matter__holder_kind__in=[kind.value for kind in kinds])


def _promised_soon() -> set[UUID]:
    return {promise.person for promise in promises.due_soon(SYSTEM)}


def view(actor: Actor, name: str) -> Q:
    """The condition of one view of the list. Raises `Invalid` for an unknown one."""
    views: Mapping[str, Q] = {
        "mine": Q(assignee=actor.id),
        "queue": _held_by(HolderKind.QUEUE),
        "unassigned": Q(assignee=None) & ~_held_by(HolderKind.BOT, HolderKind.CUSTOMER),
        "all": Q(),
        "bot": Q(assignee=None) & _held_by(HolderKind.BOT, HolderKind.CUSTOMER),
        "waiting_customer": _held_by(HolderKind.CUSTOMER),
        "sla_soon": ~_held_by(HolderKind.CUSTOMER) & Q(matter__due_at__lte=clock.now() + SOON),
        "promise_due": Q(person__in=_promised_soon()) if name == "promise_due" else Q(),
    }
    if name not in views:
        raise Invalid(f"There is no view “{name}”; use one of {', '.join(views)}.")
    return views[name]


def found(actor: Actor, q: str) -> Q:
    """Conversations of a person found by phone, e-mail, serial or name, or whose last line has the words."""
    people = {card.id for card in identity.find(actor, q)} if actor.may("person.read") else set()
    return Q(person__in=people) | Q(last_line__icontains=q)


def listed(
    actor: Actor, *, view_name: str, state: str, limit: int, after: UUID | None = None, q: str = ""
) -> list[Conversation]:
    """One page of a view, by the next due time (closed ones: newest first)."""
    if state == "closed":
        rows = visible_to(actor).filter(view(actor, view_name), open=False).order_by("-closed_at", "pk")
    else:
        rows = visible_to(actor).filter(view(actor, view_name), open=True).order_by("matter__due_at", "pk")
    if q.strip():
        rows = rows.filter(found(actor, q.strip()))
    if after is not None:
        rows = _behind(
            rows,
            visible_to(actor).filter(pk=after).select_related("matter").first(),
            closed=state == "closed",
        )
    return list(rows[:limit])


def _behind(
    rows: "QuerySet[Conversation]", last: Conversation | None, *, closed: bool
) -> "QuerySet[Conversation]":
    if last is None:
        return rows
    if closed:
        return rows.filter(Q(closed_at__lt=last.closed_at) | Q(closed_at=last.closed_at, pk__gt=last.pk))
    due = last.matter.due_at
    return rows.filter(Q(matter__due_at__gt=due) | Q(matter__due_at=due, pk__gt=last.pk))


VIEWS = ("mine", "queue", "unassigned", "all", "bot", "waiting_customer", "sla_soon", "promise_due")


def counts(actor: Actor) -> dict[str, int]:
    rows = visible_to(actor).filter(open=True)
    return {name: rows.filter(view(actor, name)).count() for name in VIEWS}


def messages(conversation: UUID, *, before: int | None, limit: int) -> list[Message]:
    """The newest `limit` messages before a `seq`, oldest first."""
    rows = Message.objects.filter(conversation=conversation)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return sorted(rows.order_by("-seq")[:limit], key=lambda row: row.seq)


def thread_of(person_ids: Sequence[UUID], *, before: UUID | None, limit: int) -> list[Message]:
    """All talks of one person merged, oldest first; `before` is a message id."""
    rows = Message.objects.filter(conversation__person__in=person_ids)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return sorted(rows.order_by("-pk")[:limit], key=lambda row: row.pk)


def incoming(chunk: int) -> Iterator[list[Received]]:
    """Every customer message, by conversation and place, in chunks."""
    last: tuple[UUID, int] | None = None
    while True:
        rows = Message.objects.filter(direction=Direction.IN).order_by("conversation", "seq")
        if last:
            rows = rows.filter(Q(conversation__gt=last[0]) | Q(conversation=last[0], seq__gt=last[1]))
        found = list(rows.select_related("conversation")[:chunk])
        if not found:
            return
        last = (found[-1].conversation_id, found[-1].seq)
        yield [_received(row) for row in found]


def _received(row: Message) -> Received:
    assert row.inbox is not None
    assert row.decision is not None
    return Received(
        inbox=row.inbox,
        conversation=row.conversation_id,
        person=row.conversation.person,
        seq=row.seq,
        decision=row.decision,
    )

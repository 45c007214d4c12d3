from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from jieli.conversations import facade as conversations
from jieli.governance import facade as governance
from jieli.kernel import bulk, clock, decisions, outbox, wake
from jieli.kernel.actor import SYSTEM, Actor
from jieli.kernel.decisions import Decision
from jieli.kernel.errors import Conflict, Forbidden
from jieli.relay import facade as relay
from jieli.relay.contracts import Baton, Change, Holder, HolderKind, MatterKind, Overdue
from jieli.routing import errors, events, policy, seats, selectors
from jieli.routing.contracts import Match, NewQueue, Presence, Wanted
from jieli.routing.models import Queue, QueueEntry, Seat

_AT_ONCE = 200


def save_queues(queues: Iterable[NewQueue]) -> None:
    """Make queues, or change those that are there; what was learnt about them stays."""
    Queue.objects.bulk_create(
        [
            Queue(
                code=q.code,
                name_zh=q.name_zh,
                name_en=q.name_en,
                skill=q.skill,
                target_s=q.target_s,
                line=q.line,
            )
            for q in queues
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "skill", "target_s", "line"],
    )


def enqueue_many(actor: Actor, wanted: Sequence[tuple[Wanted, Baton]]) -> None:
    """Put conversations into their queues with their batons, in the caller's transaction."""
    if not wanted:
        return
    known = selectors.queues()
    unknown = {one.queue for one, _ in wanted} - known.keys()
    if unknown:
        raise errors.UnknownQueue(f"There is no queue {', '.join(sorted(unknown))}; create it under routing.")
    conversations.assign_many(
        actor, {one.conversation: (one.queue, None) for one, _ in wanted}, "conversation.queued"
    )
    relay.change_many(actor, [_to_queue(one, baton, known[one.queue]) for one, baton in wanted])
    enter_many([one for one, _ in wanted])


def enter_many(wanted: Sequence[Wanted]) -> None:
    """The queue's side alone, for a caller that passes the batons itself (reception)."""
    if not wanted:
        return
    now = clock.now()
    _enter(wanted)
    decisions.record(
        *[
            Decision(
                kind="routing.queue",
                subject=one.conversation,
                outcome=one.queue,
                decider=policy.ROUTER,
                inputs={"intent": one.intent, "emotion": one.emotion, "tier": one.tier},
                reasons=(
                    one.why,
                    f"boost_s:{policy.boost(one.intent, one.emotion, one.tier).total_seconds():.0f}",
                ),
                at=now,
            )
            for one in wanted
        ]
    )


def _to_queue(one: Wanted, baton: Baton, queue: Queue) -> Change:
    return Change(
        matter=one.conversation,
        holder=Holder(HolderKind.QUEUE, queue.code),
        next_step=one.next_step,
        due_at=clock.now() + timedelta(seconds=one.within_s or queue.target_s),
        why=one.why,
        baton=baton,
        line=queue.line,
    )


def _enter(wanted: Iterable[Wanted], *, waited: timedelta = timedelta(0)) -> None:
    entered = clock.now() - waited
    found = list(wanted)
    rows = [
        bulk.row(
            QueueEntry,
            conversation=one.conversation,
            person=one.person,
            queue_id=one.queue,
            entered_at=entered,
            rank_at=policy.rank_at(entered, one.intent, one.emotion, one.tier),
            not_agents=[str(agent) for agent in one.not_agents],
        )
        for one in found
    ]
    bulk.upsert(rows, unique=["conversation"], update=["queue_id", "rank_at", "not_agents"])
    outbox.append(*[events.QueueChanged(one.queue, one.conversation, one.person) for one in found])
    transaction.on_commit(lambda: wake.ring(seats.WAKE))


def raise_many(wanted: Sequence[Wanted]) -> None:
    """Move waiting conversations ahead as what is known of them now deserves; never back."""
    now = {one.conversation: one for one in wanted}
    rows = list(
        QueueEntry.objects.select_for_update().filter(conversation__in=list(now)).order_by("conversation")
    )
    for row in rows:
        one = now[row.conversation]
        row.rank_at = min(row.rank_at, policy.rank_at(row.entered_at, one.intent, one.emotion, one.tier))
    bulk.update(rows, ["rank_at"])
    outbox.append(*[events.QueueChanged(row.queue_id, row.conversation, row.person) for row in rows])


def assign() -> int:
    """Give waiting conversations to free agents; returns how many were given. Safe in many workers at once."""
    free = selectors.free_seats()
    if not free:
        return 0  # the usual case of a long queue: nobody to give to, nothing to read
    skills = {"", *(skill for seat in free for skill in seat.skills)}
    oldest = QueueEntry.objects.filter(queue__skill__in=skills).order_by("rank_at")[:_AT_ONCE]
    peeked = policy.match(selectors.waiting(list(oldest)), free)
    return _assign(peeked) if peeked else 0


@transaction.atomic
def _assign(peeked: Sequence[Match]) -> int:
    """Look again under locks: what was seen a moment ago may be gone."""
    still = _queued(conversations.hold([match.conversation for match in peeked]))
    entries = list(
        QueueEntry.objects.select_for_update().filter(conversation__in=still).order_by("conversation")
    )
    free = selectors.free_seats(agents=sorted({match.agent for match in peeked}), lock=True)
    matches = policy.match(selectors.waiting(entries), free)
    _give(SYSTEM, matches, why="assigned")
    return len(matches)


def _queued(held: Iterable[UUID]) -> list[UUID]:
    """Those that the ledger, too, says a queue has: somebody may have answered a moment ago."""
    return [key for key, matter in relay.states(held).items() if matter.holder.kind is HolderKind.QUEUE]


def _give(actor: Actor, matches: Sequence[Match], *, why: str, baton: Baton | None = None) -> None:
    if not matches:
        return
    now = clock.now()
    known = conversations.states([match.conversation for match in matches])
    conversations.assign_many(
        actor,
        {m.conversation: (known[m.conversation].queue, m.agent) for m in matches},
        "conversation.assigned",
    )
    relay.change_many(
        actor,
        [
            Change(
                matter=match.conversation,
                holder=Holder(HolderKind.AGENT, str(match.agent)),
                next_step="agent.answer",
                due_at=now + policy.ACCEPT_WITHIN,
                why=why,
                baton=baton,
            )
            for match in matches
        ],
    )
    QueueEntry.objects.filter(conversation__in=[match.conversation for match in matches]).delete()
    Seat.objects.filter(agent__in=[match.agent for match in matches]).update(idle_since=now)
    decisions.record(
        *[
            Decision(
                kind="routing.assign",
                subject=match.conversation,
                outcome=str(match.agent),
                decider=policy.ROUTER,
                inputs={"load": match.load, "capacity": match.capacity},
                reasons=match.reasons,
                at=now,
            )
            for match in matches
        ]
    )
    outbox.append(
        *[
            events.ConversationAssigned(m.conversation, known[m.conversation].person, m.agent)
            for m in matches
        ],
        *[
            events.QueueChanged(known[m.conversation].queue, m.conversation, known[m.conversation].person)
            for m in matches
        ],
    )


@transaction.atomic
def take(actor: Actor, *, conversation: UUID) -> None:
    """Take a conversation oneself; taking it from a colleague needs `conversation.supervise`."""
    actor.require("conversation.take")
    if actor.id is None:
        raise Forbidden
    if not conversations.hold([conversation]):
        raise Conflict("This conversation is closed.")
    state = conversations.states([conversation])[conversation]
    if state.assignee == actor.id:
        return
    if state.assignee is not None and not actor.may("conversation.supervise"):
        raise Conflict("A colleague has this conversation; ask for it or let a supervisor take it over.")
    match = Match(conversation=conversation, agent=actor.id, reasons=("taken",))
    _give(actor, [match], why="taken", baton=conversations.missing_baton(state))


@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    conversation: UUID,
    to: Holder,
    why: str,
    open_questions: Sequence[str] = (),
    summary: str = "",
) -> None:
    """Pass a conversation with its whole context to a queue, a colleague or an expert.

    Raises `NotReachable` for a colleague who is not online or has no room.
    """
    actor.require("conversation.hand_over")
    if not conversations.hold([conversation]):
        raise Conflict("This conversation is closed.")
    state = conversations.states([conversation])[conversation]
    baton = conversations.baton(state, summary=summary, open_questions=open_questions)
    if to.kind is HolderKind.QUEUE:
        wanted = _wanted(state, to.id, why=why, but_not=(actor.id,) if actor.id else ())
        enqueue_many(actor, [(wanted, baton)])
    else:
        _hand_to_colleague(actor, state.id, UUID(to.id), to.kind, baton, why)
    governance.audit(
        actor,
        "conversation.hand_over",
        "conversation",
        conversation,
        {"to": f"{to.kind}:{to.id}", "why": why},
    )


def _wanted(state: "conversations.State", queue: str, *, why: str, but_not: tuple[UUID, ...] = ()) -> Wanted:
    return Wanted(
        conversation=state.id,
        person=state.person,
        queue=queue,
        intent=state.intent,
        emotion=state.emotion,
        why=why,
        not_agents=but_not,
    )


def _hand_to_colleague(
    actor: Actor, conversation: UUID, agent: UUID, kind: HolderKind, baton: Baton, why: str
) -> None:
    free = selectors.free_seats(agents=[agent], lock=True)
    if not free:
        raise errors.NotReachable
    state = conversations.states([conversation])[conversation]
    now = clock.now()
    conversations.assign_many(actor, {conversation: (state.queue, agent)}, "conversation.handed_over")
    relay.change_many(
        actor,
        [
            Change(
                matter=conversation,
                holder=Holder(kind, str(agent)),
                next_step="agent.answer",
                due_at=now + policy.ACCEPT_WITHIN,
                why=why,
                baton=baton,
            )
        ],
    )
    leave(conversation)
    outbox.append(events.ConversationAssigned(conversation, state.person, agent))


@relay.on_overdue(MatterKind.CONVERSATION, HolderKind.AGENT)
def take_from_silent_agent(overdue: Overdue) -> None:
    """The agent did not answer in time: back to the queue, in the place its waiting has earned."""
    matter = overdue.matter
    if not conversations.hold([matter.id]):
        return
    if matter.next_step == "agent.follow_up":
        conversations.wake_up(SYSTEM, matter.id)
        return
    state = conversations.states([matter.id])[matter.id]
    silent = UUID(matter.holder.id)
    queue = state.queue or selectors.FALLBACK
    wanted = _wanted(state, queue, why="agent_silent", but_not=(silent,))
    enqueue_many(SYSTEM, [(wanted, conversations.baton(state))])
    QueueEntry.objects.filter(conversation=matter.id).update(
        rank_at=policy.rank_at(matter.opened_at, state.intent, state.emotion, "")
    )
    _mark_away(silent)


def _mark_away(agent: UUID) -> None:
    """Somebody who let one lie gets no more until they say that they are back."""
    row = Seat.objects.filter(agent=agent, presence=Presence.ONLINE).first()
    if row is not None:
        seats.set_presence(SYSTEM, Presence.AWAY, agent=agent)


def leave(conversation: UUID) -> None:
    """Out of its queue, wherever it goes; screens and those behind it are told. In the caller's transaction."""
    rows = list(QueueEntry.objects.select_for_update().filter(conversation=conversation))
    if rows:
        QueueEntry.objects.filter(conversation=conversation).delete()
        outbox.append(*[events.QueueChanged(row.queue_id, row.conversation, row.person) for row in rows])


def follow_ledger(changed: Iterable[UUID]) -> None:
    """Keep the queues as the ledger says: an entry while a queue holds the baton, none otherwise."""
    matters = relay.states(changed)
    entered = dict(QueueEntry.objects.filter(conversation__in=matters).values_list("conversation", "queue"))
    for key, matter in sorted(matters.items()):
        wanted = matter.holder.id if matter.open and matter.holder.kind is HolderKind.QUEUE else None
        if entered.get(key) != wanted:  # seldom: who gives the baton to a queue enters it there as a rule
            _follow(key)


def _follow(conversation: UUID) -> None:
    with transaction.atomic():
        if not conversations.hold([conversation]):
            leave(conversation)
            return
        matter = relay.states([conversation])[conversation]
        if matter.holder.kind is not HolderKind.QUEUE:
            leave(conversation)
            return
        entry = QueueEntry.objects.filter(conversation=conversation).first()
        if entry is not None and entry.queue_id == matter.holder.id:
            return
        state = conversations.states([conversation])[conversation]
        queue = matter.holder.id if matter.holder.id in selectors.queues() else selectors.FALLBACK
        _enter(
            [_wanted(state, queue, why="escalated")],
            waited=clock.now() - (entry.entered_at if entry else clock.now()),
        )

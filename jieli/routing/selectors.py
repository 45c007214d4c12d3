from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min

from jieli.conversations import facade as conversations
from jieli.identity import facade as identity
from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.routing import policy
from jieli.routing.contracts import Free, Place, Presence, QueueView, Waiting, Wanted
from jieli.routing.models import Queue, QueueEntry, Seat

FALLBACK = "general"


def queues() -> dict[str, Queue]:
    return {row.code: row for row in Queue.objects.all()}


def queue_for(skill: str, known: Mapping[str, Queue]) -> str:
    """The code of the queue that has this skill; the general one when none has."""
    if skill in known:
        return skill
    return next((queue.code for queue in known.values() if queue.skill == skill and skill), FALLBACK)


def staffed() -> dict[str, int]:
    """Seats at work per skill; "" counts all."""
    counts: dict[str, int] = {}
    for skills in Seat.objects.filter(presence__in=[Presence.ONLINE, Presence.BUSY]).values_list(
        "skills", flat=True
    ):
        for skill in {"", *skills}:
            counts[skill] = counts.get(skill, 0) + 1
    return counts


def free_seats(*, agents: Sequence[UUID] | None = None, lock: bool = False) -> list[Free]:
    """Online agents with room, in the fixed order (by id) when locked."""
    rows = Seat.objects.filter(presence=Presence.ONLINE).order_by("agent")
    if agents is not None:
        rows = rows.filter(agent__in=agents)
    found = list(rows.select_for_update() if lock else rows)
    loads = conversations.loads([row.agent for row in found])
    return [
        Free(
            agent=row.agent,
            skills=frozenset(row.skills),
            room=row.capacity - loads.get(row.agent, 0),
            load=loads.get(row.agent, 0),
            idle_since=row.idle_since,
        )
        for row in found
        if row.capacity > loads.get(row.agent, 0)
    ]


def waiting(rows: Sequence[QueueEntry]) -> list[Waiting]:
    known = queues()
    last = conversations.last_agents([row.person for row in rows])
    return [
        Waiting(
            conversation=row.conversation,
            skill=known[row.queue_id].skill,
            rank_at=row.rank_at,
            last_agent=last.get(row.person),
            not_agents=frozenset(UUID(one) for one in row.not_agents),
        )
        for row in rows
    ]


def foreseen(wanted: Sequence[Wanted]) -> dict[UUID, Place]:
    """Where each conversation would stand if it joined its queue now, or stands already."""
    known, seats, now = queues(), staffed(), clock.now()
    ranks = {code: _ranks.of(code) for code in {one.queue for one in wanted}}
    at = {one.conversation: policy.rank_at(now, one.intent, one.emotion, one.tier) for one in wanted}
    there = {row.conversation: row.rank_at for row in QueueEntry.objects.filter(conversation__in=list(at))}
    return {
        one.conversation: _place(
            one.conversation,
            known[one.queue],
            there.get(one.conversation, at[one.conversation]),
            ranks[one.queue],
            seats,
            now,
        )
        for one in wanted
    }


class _Ranks:
    """The order of a queue as it was at most two seconds ago: a place is a forecast, and queues can be long."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[datetime, list[datetime]]] = {}

    def of(self, queue: str) -> list[datetime]:
        now = clock.now()
        at, ranks = self._seen.get(queue, (now - 2 * _FRESH, []))
        if not timedelta(0) <= now - at < _FRESH:
            ranks = _read_ranks(queue)
            self._seen[queue] = (now, ranks)
        return ranks


_FRESH = timedelta(seconds=2)
_ranks = _Ranks()


def _read_ranks(queue: str) -> list[datetime]:
    return list(QueueEntry.objects.filter(queue=queue).order_by("rank_at").values_list("rank_at", flat=True))


def _place(
    conversation: UUID,
    queue: Queue,
    rank: datetime,
    ranks: Sequence[datetime],
    seats: Mapping[str, int],
    now: datetime,
) -> Place:
    position = bisect_left(ranks, rank) + 1
    wait_s = policy.expected_wait_s(position, seats.get(queue.skill, 0), queue.handle_s)
    return Place(
        conversation=conversation,
        queue=queue.code,
        position=position,
        expected_wait_s=wait_s,
        due_at=now + timedelta(seconds=queue.target_s),
    )


def places(conversations_: Sequence[UUID]) -> dict[UUID, Place]:
    """The present places of those that wait."""
    rows = list(QueueEntry.objects.filter(conversation__in=list(conversations_)))
    return foreseen(
        [Wanted(conversation=row.conversation, person=row.person, queue=row.queue_id) for row in rows]
    )


def places_of(customer: Actor) -> dict[UUID, Place]:
    """Where this customer waits, under any of their ids."""
    mine = identity.family(customer.id) if customer.id else set()
    return places(list(QueueEntry.objects.filter(person__in=mine).values_list("conversation", flat=True)))


def board() -> list[QueueView]:
    """Every queue with what waits in it and who serves it."""
    seats, free, now = staffed(), free_seats(), clock.now()
    counted = QueueEntry.objects.values_list("queue").annotate(Count("pk"), Min("entered_at"))
    entries = {code: (number, oldest) for code, number, oldest in counted.order_by()}
    return [
        QueueView(
            code=queue.code,
            name_zh=queue.name_zh,
            name_en=queue.name_en,
            skill=queue.skill,
            waiting=entries.get(queue.code, (0, now))[0],
            oldest_wait_s=int((now - entries.get(queue.code, (0, now))[1]).total_seconds()),
            expected_wait_s=policy.expected_wait_s(
                entries.get(queue.code, (0, now))[0] + 1, seats.get(queue.skill, 0), queue.handle_s
            ),
            seats=seats.get(queue.skill, 0),
            free=sum(1 for seat in free if not queue.skill or queue.skill in seat.skills),
        )
        for queue in Queue.objects.order_by("code")
    ]

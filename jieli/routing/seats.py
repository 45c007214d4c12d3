"""Presence: who is there to take a conversation."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from jieli.conversations import facade as conversations
from jieli.governance import facade as governance
from jieli.kernel import clock, deadlines, outbox, wake
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Forbidden
from jieli.routing import events
from jieli.routing.contracts import Presence, SeatView
from jieli.routing.models import PresenceSpell, Seat

WAKE = "routing"
GONE_AFTER = timedelta(seconds=90)


@transaction.atomic
def set_presence(actor: Actor, presence: Presence, *, agent: UUID | None = None) -> SeatView:
    """Say that one is there or not; supervisors may say it for others."""
    who = agent or actor.id
    if who is None or (who != actor.id and not actor.may("conversation.supervise")):
        raise Forbidden
    now = clock.now()
    row, _ = Seat.objects.select_for_update().get_or_create(
        agent=who, defaults={"since": now, "idle_since": now}
    )
    row.seen_at = now
    if row.presence != presence:
        row.presence, row.since = presence, now
        PresenceSpell.objects.filter(agent=who, until=None).update(until=now)
        PresenceSpell.objects.create(agent=who, presence=presence, since=now)
        outbox.append(events.PresenceChanged(who, presence))
        transaction.on_commit(lambda: wake.ring(WAKE))
    row.save()
    return views([row])[0]


def seen(agent: UUID) -> None:
    """The agent's screen is connected; called with every heartbeat."""
    Seat.objects.filter(agent=agent).update(seen_at=clock.now())


def ensure(agent: UUID, *, skills: Iterable[str], capacity: int) -> None:
    """Make or change a seat; somebody new starts offline."""
    now = clock.now()
    Seat.objects.update_or_create(
        agent=agent,
        defaults={"skills": sorted(skills), "capacity": capacity},
        create_defaults={"skills": sorted(skills), "capacity": capacity, "since": now, "idle_since": now},
    )


def present(agents: Iterable[UUID]) -> set[UUID]:
    """Those of the agents who are at work (online or busy)."""
    there = Seat.objects.filter(agent__in=list(agents), presence__in=[Presence.ONLINE, Presence.BUSY])
    return set(there.values_list("agent", flat=True))


def views(rows: Iterable[Seat]) -> list[SeatView]:
    found = list(rows)
    people = governance.people([row.agent for row in found])
    loads = conversations.loads([row.agent for row in found])
    return [
        SeatView(
            agent=row.agent,
            name=people[row.agent].name if row.agent in people else "",
            presence=Presence(row.presence),
            since=row.since,
            skills=tuple(row.skills),
            capacity=row.capacity,
            load=loads.get(row.agent, 0),
        )
        for row in found
    ]


def all_seats() -> list[SeatView]:
    return sorted(views(Seat.objects.all()), key=lambda seat: (seat.presence, seat.name))


def seat(agent: UUID) -> SeatView | None:
    found = views(Seat.objects.filter(agent=agent))
    return found[0] if found else None


@deadlines.every(timedelta(seconds=30), "routing.notice_absence")
def notice_absence() -> None:
    """Whoever's screen has been silent is offline, whatever the switch says."""
    silent = Seat.objects.exclude(presence=Presence.OFFLINE).filter(seen_at__lt=clock.now() - GONE_AFTER)
    for agent in list(silent.values_list("agent", flat=True)):
        _gone(agent)


@transaction.atomic
def _gone(agent: UUID) -> None:
    now = clock.now()
    still = Seat.objects.filter(agent=agent, seen_at__lt=now - GONE_AFTER).exclude(presence=Presence.OFFLINE)
    if still.update(presence=Presence.OFFLINE, since=now):
        PresenceSpell.objects.filter(agent=agent, until=None).update(until=now)
        PresenceSpell.objects.create(agent=agent, presence=Presence.OFFLINE, since=now)
        outbox.append(events.PresenceChanged(agent, Presence.OFFLINE))

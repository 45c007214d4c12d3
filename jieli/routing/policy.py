"""The rules of the queue, as pure functions.

An entry's place is fixed by one time, `rank_at`: when it came in, moved back by a boost. Intent, value and emotion
make the boost; it is bounded, so whoever has waited longer than the largest boost stands before everybody who
comes now: nobody starves, and no entry ever needs to be re-scored.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from jieli.routing.contracts import Free, Match, Waiting

ROUTER = "router@1"

_INTENT = {
    "complaint": 4.0,
    "promise_claim": 3.0,
    "delivery_problem": 2.0,
    "quality_issue": 2.0,
    "missing_wrong": 2.0,
    "urge": 2.0,
}
_EMOTION = {"angry": 3.0, "anxious": 1.5}
_TIER = {"black": 3.0, "gold": 2.0, "silver": 1.3}
_UNIT_S = 30.0
MOST_BOOST = timedelta(minutes=15)

ACCEPT_WITHIN = timedelta(seconds=60)
"""An assigned agent who has not answered after this loses the conversation."""

_FIRST_GUESS_S = 240.0


def boost(intent: str, emotion: str, tier: str) -> timedelta:
    """How far an entry is moved ahead: intent × value × emotion, 0 to 15 minutes."""
    weight = _INTENT.get(intent, 1.0) * _EMOTION.get(emotion, 1.0) * _TIER.get(tier, 1.0)
    return min(timedelta(seconds=_UNIT_S * (weight - 1.0)), MOST_BOOST)


def priority(intent: str, emotion: str, tier: str) -> int:
    """0 (ordinary) to 100 (as urgent as it gets), for cards and filters."""
    return round(100 * boost(intent, emotion, tier) / MOST_BOOST)


def rank_at(entered_at: datetime, intent: str, emotion: str, tier: str) -> datetime:
    return entered_at - boost(intent, emotion, tier)


def match(waiting: Sequence[Waiting], free: Sequence[Free]) -> list[Match]:
    """Give each entry, in its order, the best seat that has room and the skill.

    The agent who served the person last comes first; then the least loaded, then whoever has been idle longest.
    """
    room = {seat.agent: seat.room for seat in free}
    load = {seat.agent: seat.load for seat in free}
    found = []
    for entry in sorted(waiting, key=lambda one: (one.rank_at, one.conversation)):
        able = [s for s in free if room[s.agent] > 0 and _can(s, entry)]
        if not able:
            continue
        best = min(able, key=lambda s: (s.agent != entry.last_agent, load[s.agent], s.idle_since, s.agent))
        found.append(
            Match(
                conversation=entry.conversation,
                agent=best.agent,
                reasons=_reasons(entry, best.agent, load[best.agent], len(able)),
                load=load[best.agent] + 1,
                capacity=load[best.agent] + room[best.agent],
            )
        )
        room[best.agent] -= 1
        load[best.agent] += 1
    return found


def _can(seat: Free, entry: Waiting) -> bool:
    return seat.agent not in entry.not_agents and (not entry.skill or entry.skill in seat.skills)


def _reasons(entry: Waiting, agent: UUID, load: int, able: int) -> tuple[str, ...]:
    why = "last_agent" if agent == entry.last_agent else f"least_loaded:{load}"
    return (why, f"skill:{entry.skill or 'any'}", f"candidates:{able}")


def expected_wait_s(position: int, seats: int, handle_s: float) -> int:
    """Seconds until somebody at `position` (1 = next) is served by `seats` people who need `handle_s` each.

    Nobody there: as if one seat were staffed. Rounded up to half minutes: more would be a promise we cannot keep.
    """
    raw = position * (handle_s or _FIRST_GUESS_S) / max(seats, 1)
    return math.ceil(raw / 30.0) * 30


def learnt_handle_s(before: float, seen_s: float) -> float:
    """The running mean of how long a seat is taken by one conversation."""
    return seen_s if before == 0 else 0.9 * before + 0.1 * seen_s

"""From what every source said to one honest answer per question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jieli.supply import health, owners, policy, registry
from jieli.supply.contracts import Ask, Fact, RawFact, Unknown, UnknownReason
from jieli.supply.sources.port import Pull

Outcome = list[RawFact] | UnknownReason
Whose = Mapping[UUID, owners.Whose]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What every source said to every pull, and what was known before."""

    said: Mapping[tuple[str, Pull], Outcome]
    known: Mapping[tuple[str, Pull], list[RawFact]]


def answer(ask: Ask, pull: Pull, whose: Whose, gathered: Gathered, now: datetime) -> list[Fact] | Unknown:
    """Of one key told by several sources the newest value counts. Nothing found while a source is silent is unknown."""
    serving = registry.serving(ask.kind)
    facts: dict[str, tuple[RawFact, registry.Active]] = {}
    silent: list[tuple[registry.Active, UnknownReason]] = []
    answered = False
    for active in serving:
        outcome = gathered.said[active.name, pull]
        if isinstance(outcome, UnknownReason):
            silent.append((active, outcome))
            continue
        answered = True
        for fact in outcome:
            if fact.key not in facts or facts[fact.key][0].as_of < fact.as_of:
                facts[fact.key] = (fact, active)
    if facts:
        told = [_fact(fact, active) for fact, active in facts.values() if _may_hear(ask, fact, whose)]
        return told or unknown(ask, next(iter(facts.values()))[1].name, now, UnknownReason.NOT_THEIRS)
    silent.sort(key=lambda one: one[1] is UnknownReason.NO_SOURCE)
    if silent and (silent[0][1] is not UnknownReason.NO_SOURCE or not answered):
        active, reason = silent[0]
        known = gathered.known.get((active.name, pull), [])
        last = tuple(_fact(fact, active) for fact in known if _may_hear(ask, fact, whose))
        return unknown(ask, active.name, now, reason, last)
    return [] if answered else unknown(ask, "", now, UnknownReason.NO_SOURCE)


def unknown(
    ask: Ask, source: str, now: datetime, reason: UnknownReason, last: tuple[Fact, ...] = ()
) -> Unknown:
    back = policy.back_by(reason, now, health.open_until(source))
    return Unknown(ask.kind, ask.key, source, now, back, reason, last)


def _fact(raw: RawFact, active: registry.Active) -> Fact:
    return Fact(raw.kind, raw.key, raw.value, active.name, raw.as_of, active.simulated)


def _may_hear(ask: Ask, fact: RawFact, whose: Whose) -> bool:
    """Somebody's order is told to nobody else, even when they know its number."""
    if ask.person is None or not ask.key or fact.kind not in policy.PERSONAL:
        return True
    if fact.person is None and not fact.owners:
        return True
    known = whose[ask.person]
    blinds = {owner.blind for owner in known.owners}
    return fact.person in known.persons or any(owner.blind in blinds for owner in fact.owners)

"""Answers questions about orders, parcels and stock from fresh snapshots and, within a time budget, from sources."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jieli.kernel import clock, jobs
from jieli.kernel.errors import Transient
from jieli.supply import assembly, health, owners, policy, pulling, registry, snapshots
from jieli.supply.assembly import Gathered, Outcome
from jieli.supply.contracts import Ask, Fact, FactKind, RawFact, Unknown, UnknownReason
from jieli.supply.sources.port import LocalSource, Pull, RemoteSource

REFRESH = "supply.refresh"


def answer_many(
    asks: Sequence[Ask], *, budget_s: float, fresh: bool = True, refresh: bool = True
) -> list[list[Fact] | Unknown]:
    """One answer per ask, in order. `fresh=False` asks the sources even where a snapshot is young; `refresh` plans
    another try for what stays unknown."""
    pulling.refuse_in_transaction()
    if not asks:
        return []
    now = clock.now()
    whose = owners.of({ask.person for ask in asks if ask.person})
    answers: dict[Ask, list[Fact] | Unknown] = {}
    pulls: dict[Ask, Pull] = {}
    for ask in asks:
        if not policy.can_be_a_key(ask.key):
            answers[ask] = []
        elif (pull := _pull(ask, whose)) is not None:
            pulls[ask] = pull
        else:
            answers[ask] = assembly.unknown(ask, "", now, UnknownReason.NO_KEY)
    gathered = _gather(list(dict.fromkeys(pulls.values())), budget_s=budget_s, fresh=fresh)
    answers |= {ask: assembly.answer(ask, pull, whose, gathered, now) for ask, pull in pulls.items()}
    if refresh:
        _plan(answers, now)
    return [answers[ask] for ask in asks]


def _pull(ask: Ask, whose: Mapping[UUID, owners.Whose]) -> Pull | None:
    """None for a question that names neither a key nor an owner; only promotions are few enough to tell them all."""
    if ask.key:
        return Pull(ask.kind, ask.key)
    if ask.kind in policy.PERSONAL and ask.person is not None:
        return Pull(ask.kind, persons=whose[ask.person].persons, owners=whose[ask.person].owners)
    return Pull(ask.kind) if ask.kind is FactKind.PROMOTION else None


def _gather(pulls: list[Pull], *, budget_s: float, fresh: bool) -> Gathered:
    said: dict[tuple[str, Pull], Outcome] = {}
    remote: list[tuple[registry.Active, Pull]] = []
    for active in registry.active():
        served = [pull for pull in pulls if pull.kind in active.kinds]
        if not served:
            continue
        if isinstance(active.source, LocalSource):
            said |= _read(active, active.source, served)
        else:
            remote += [(active, pull) for pull in served]
    known = _from_outside(remote, said, budget_s=budget_s, fresh=fresh) if remote else {}
    health.write_down()
    return Gathered(said, known)


def _read(active: registry.Active, source: LocalSource, pulls: list[Pull]) -> dict[tuple[str, Pull], Outcome]:
    try:
        found = source.read(pulls)
    except Transient as error:
        health.failed(active.name, str(error))
        return {(active.name, pull): UnknownReason.BROKEN for pull in pulls}
    health.ok(active.name, 0)
    return {(active.name, pull): found[pull] for pull in pulls}


def _from_outside(
    remote: list[tuple[registry.Active, Pull]],
    said: dict[tuple[str, Pull], Outcome],
    *,
    budget_s: float,
    fresh: bool,
) -> dict[tuple[str, Pull], list[RawFact]]:
    """Fills `said`; returns what was known before anybody was asked."""
    shelf = snapshots.Shelf([pull for _, pull in remote], [active.name for active, _ in remote])
    known = {(active.name, pull): shelf.known(active.name, pull) for active, pull in remote}
    stale: list[pulling.Question] = []
    for active, pull in remote:
        name = (active.name, pull)
        young = shelf.fresh(active.name, pull) if fresh else None
        if young is not None:
            said[name] = young
        elif isinstance(active.source, RemoteSource) and active.source.can_pull(pull):
            stale.append(pulling.Question(active.name, active.source, pull))
        else:
            said[name] = known[name] or UnknownReason.NO_SOURCE
    said |= _pulled(stale, budget_s)
    return known


def _pulled(stale: list[pulling.Question], budget_s: float) -> Mapping[tuple[str, Pull], Outcome]:
    if not stale:
        return {}
    asked = [replace(one, pull=replace(one.pull, identities=owners.plain(one.pull.persons))) for one in stale]
    outcomes = pulling.pull_all(asked, budget_s=budget_s)
    by_source: dict[str, list[Pull]] = {}
    for name, outcome in outcomes.items():
        if not isinstance(outcome, UnknownReason):
            by_source.setdefault(name[0], []).append(name[1])
    for source, pulls in by_source.items():
        facts = [fact for pull in pulls for fact in _listed(outcomes[source, pull])]
        snapshots.store(source, facts, pulls)
    return outcomes


def _listed(outcome: Outcome) -> list[RawFact]:
    return [] if isinstance(outcome, UnknownReason) else outcome


def _plan(answers: Mapping[Ask, list[Fact] | Unknown], now: datetime) -> None:
    """Ask again later whatever stays unknown for a reason that may pass."""
    jobs.enqueue_many(
        [
            jobs.NewJob(
                kind=REFRESH,
                payload={"kind": ask.kind, "key": ask.key, "person": str(ask.person) if ask.person else None},
                run_at=policy.asks_again_at(answer.reason, now, health.open_until(answer.source)),
                unique_key=f"{REFRESH}:{ask.kind}:{ask.key}:{ask.person or ''}",
            )
            for ask, answer in answers.items()
            if isinstance(answer, Unknown) and answer.back_by is not None
        ]
    )

"""The door of supply: what is true about orders, parcels, stock, returns, refunds, promotions and products."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from jieli.kernel.actor import Actor
from jieli.kernel.capabilities import capability
from jieli.supply import catalogue, demo_erp, health, lookup, quotes, registry, selectors, services
from jieli.supply.contracts import (
    Answer,
    Ask,
    Catalogue,
    DemoChange,
    DemoEntry,
    Fact,
    FactKind,
    NewSource,
    PushResult,
    Quote,
    SourceView,
    Unknown,
)

BUDGET_S = 1.5


def lookup_many(asks: Sequence[Ask], *, budget_s: float = BUDGET_S) -> list[list[Fact] | Unknown]:
    """One answer per ask, in order: facts ([] means that there is nothing), or an honest `Unknown`.

    Takes at most `budget_s` for all of them together; what stays unknown is asked again in the background and told
    by the event `FactArrived`. Never call it inside a transaction (it raises `RuntimeError`).
    """
    return lookup.answer_many(asks, budget_s=budget_s)


def orders_of(
    person_ids: Collection[UUID], *, budget_s: float = BUDGET_S
) -> dict[UUID, list[Fact] | Unknown]:
    """The orders of each person, newest first."""
    asks = [Ask(person, FactKind.ORDER) for person in person_ids]
    answers = zip(asks, lookup_many(asks, budget_s=budget_s), strict=True)
    return {ask.person: _newest_first(answer) for ask, answer in answers if ask.person}


def _newest_first(answer: list[Fact] | Unknown) -> list[Fact] | Unknown:
    if isinstance(answer, Unknown):
        return answer
    return sorted(answer, key=lambda fact: str(fact.value["placed_at"]), reverse=True)


def lexicon() -> Catalogue:
    """SKU → its names and aliases, from every product known; the same object until something changes."""
    return catalogue.current()


@capability("supply.lookup", permission="supply.read", rest="GET /supply/facts", idempotent=True, tool=True)
def look_up(actor: Actor, *, kind: FactKind, key: str = "", person: UUID | None = None) -> Answer:
    """Look up orders, parcels, stock, returns, refunds, promotions, products, invoices or warranties.

    Give a key (order number, tracking number, SKU), or a person for everything of that kind which is theirs.
    """
    [found] = lookup_many([Ask(person, kind, key)])
    return Answer(unknown=found) if isinstance(found, Unknown) else Answer(facts=found)


def sources(actor: Actor) -> list[SourceView]:
    actor.require("supply.read")
    return selectors.source_views()


def create_source(actor: Actor, new: NewSource) -> SourceView:
    return services.create_source(actor, new)


def change_source(
    actor: Actor, name: str, *, enabled: bool | None = None, settings: Mapping[str, Any] | None = None
) -> SourceView:
    return services.change_source(actor, name, enabled=enabled, settings=settings)


@capability("supply.reveal", permission="person.reveal", rest="POST /supply/facts/{kind}/{key}/reveal")
def reveal(actor: Actor, *, kind: FactKind, key: str, reason: str) -> dict[str, str]:
    """The receiver, phone and address of a fact in full; needs a reason and is audited."""
    return services.reveal(actor, kind, key, reason)


def push(source: str, signature: str, body: bytes) -> PushResult:
    """Facts that a source sends by itself; the signature is that of the open channel (`X-Jieli-Signature`)."""
    return services.push(source, signature, body)


def misquoted(quoted: Collection[Quote]) -> dict[Quote, str]:
    """What is wrong with quotes of facts, in words; those that are right are left out. A few queries for all of them."""
    return quotes.wrong(quoted)


def load_demo(entries: Iterable[DemoEntry]) -> int:
    """Fill the demo's mini ERP in bulk (thousands a second); the same kind and key replaces."""
    return demo_erp.load(entries)


def change_demo(changes: Sequence[DemoChange]) -> int:
    """Let the mini ERP's records move on, with events, as a real source's push would; returns how many existed."""
    return demo_erp.change(changes)


def forget() -> None:
    """Drop what this process keeps of sources, their health and the catalogue (after a seed, between tests)."""
    registry.forget()
    health.forget()
    catalogue.forget()

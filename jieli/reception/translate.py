"""From what supply, live and promises say to what the bot is given: the bot knows none of them by name."""

from collections.abc import Iterable, Iterator, Sequence

from jieli.bot.contracts import Mention, OpenPromise
from jieli.live import facade as live
from jieli.live.contracts import Context, LiveMention
from jieli.promises.contracts import Promise
from jieli.reception.contracts import Case
from jieli.supply.contracts import Answer, Fact, Unknown
from jieli.understanding.contracts import EntityKind


def answer(given: list[Fact] | Unknown) -> Answer:
    return Answer(unknown=given) if isinstance(given, Unknown) else Answer(facts=given)


def context(case: Case) -> Context:
    """Where the customer comes from, and which products the message names."""
    told = case.last.inbound.context
    named = [e.value for e in case.finding.entities if e.kind in {EntityKind.SKU, EntityKind.PRODUCT}]
    skus = [told["sku"]] if told.get("sku") else []
    return Context(
        room=told.get("room", ""), skus=tuple(dict.fromkeys([*skus, *named])), session=told.get("session", "")
    )


def mentions(found: Iterable[LiveMention]) -> Iterator[Mention]:
    for one in found:
        session = one.session
        base = {
            "session": session.key,
            "room": session.room.name,
            "title": session.title,
            "host": session.room.host,
            "started_at": session.starts_at,
            "sku": one.sku,
            "confidence": one.score,
        }
        if not one.promises:
            yield Mention(**base)  # type: ignore[arg-type]
        for promise in one.promises:
            yield Mention(
                **base,  # type: ignore[arg-type]
                promise=promise.key,
                kind=promise.kind.value,
                words=promise.words,
                condition=promise.conditions,
                due_at=live.due_at(promise.due, session_end=session.ends_at, paid_at=None, delivered_at=None),
                said_at=promise.said_at,
            )


def promises(found: Sequence[Promise]) -> tuple[OpenPromise, ...]:
    return tuple(OpenPromise(one.id, one.what, one.due_at, one.made_by.value, one.told) for one in found)

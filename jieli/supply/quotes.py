"""Whether what an answer quoted was ever vouched for: the source, the fact, its age, and its value where it still stands."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from jieli.supply.contracts import Quote, seal_of
from jieli.supply.models import FactRow, SupplySource
from jieli.supply.sources.demo.models import DemoRecord

_SETTLED = timedelta(minutes=1)
"""An answer that was in the making while the fact changed may quote either value."""


class _Known(NamedTuple):
    """A fact as it stands now. `stands_since`: what was told later, of this age or a younger one, was this value."""

    value: Mapping[str, Any]
    as_of: datetime
    stands_since: datetime
    is_live: bool


def wrong(quotes: Collection[Quote]) -> dict[Quote, str]:
    """What is wrong with each quote, in words; those that are right are left out. Three queries.

    Only the newest value of a fact is kept: a quote of a value that has moved on since is taken for what it says.
    """
    sources = dict(SupplySource.objects.values_list("name", "kind"))
    known = _known([one for one in quotes if not one.asked], sources)
    found = {one: _wrong(one, sources, known) for one in quotes}
    return {one: what for one, what in found.items() if what}


def _known(quotes: Collection[Quote], sources: Mapping[str, str]) -> dict[tuple[str, str, str], _Known]:
    keys = {one.key for one in quotes}
    rows = FactRow.objects.filter(key__in=keys, kind__in={one.kind for one in quotes})
    found = {
        (kind, key, source): _Known(value, as_of, fetched_at, is_live=False)
        for kind, key, source, value, as_of, fetched_at in rows.values_list(
            "kind", "key", "source", "value", "as_of", "fetched_at"
        )
    }
    live = [name for name, kind in sources.items() if kind == "demo"]
    return found | dict(_demo(keys, live)) if live else found


def _demo(keys: Collection[str], live: Iterable[str]) -> Iterable[tuple[tuple[str, str, str], _Known]]:
    """The mini ERP is read directly, so its value holds from its change until the next."""
    records = DemoRecord.objects.filter(key__in=keys).values_list("kind", "key", "value", "changed_at")
    for kind, key, value, changed_at in records:
        for name in live:
            yield (kind, key, name), _Known(value, changed_at, changed_at, is_live=True)


def _wrong(quote: Quote, sources: Mapping[str, str], known: Mapping[tuple[str, str, str], _Known]) -> str:
    name, source = f"the {quote.kind} {quote.key}", f"“{quote.source}”"
    if quote.asked:
        return "" if quote.source in {"", *sources} else f"{name}, asked of {source}, which is no source"
    if quote.source not in sources:
        return f"{name} of {source}, which is no source"
    fact = known.get((quote.kind, quote.key, quote.source))
    if fact is None:
        return f"{name}, which {source} does not know"
    return _differs(quote, fact, name, source)


def _differs(quote: Quote, fact: _Known, name: str, source: str) -> str:
    if quote.as_of is None:
        return f"{name} of no age"
    if not fact.is_live and quote.as_of > fact.as_of:
        return f"{name} as of {quote.as_of.isoformat()}, but {source} last told it as of {fact.as_of.isoformat()}"
    if quote.seal and _still_stands(quote, fact) and quote.seal != seal_of(fact.value):
        return f"{name} with another value than {source} gave"
    return ""


def _still_stands(quote: Quote, fact: _Known) -> bool:
    """Whether what the source says now is what it said when the fact was quoted."""
    assert quote.as_of is not None
    if fact.is_live:
        return fact.stands_since + _SETTLED <= quote.as_of
    return quote.as_of == fact.as_of and fact.stands_since <= quote.at

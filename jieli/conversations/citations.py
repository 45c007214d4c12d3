"""Law 4 over what the bot said: everything that an answer names as its source must exist, as it was quoted."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from jieli.conversations.contracts import AuthorKind, Direction
from jieli.conversations.models import Message
from jieli.kernel import laws
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import Quote as Text
from jieli.live import facade as live
from jieli.promises import facade as promises
from jieli.relay import facade as relay
from jieli.supply import facade as supply
from jieli.supply.contracts import Quote as Fact

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of one message."""

    message: UUID
    conversation: UUID
    at: datetime
    kind: str
    ref: str
    version: str
    as_of: datetime | None
    seal: str


@laws.audit(4, "everything that an answer rests on exists")
def unfounded() -> Iterator[tuple[object, str]]:
    """Read in chunks; each chunk is checked with a few queries, however many sources it names."""
    rows = Message.objects.filter(direction=Direction.OUT, author_kind=AuthorKind.BOT).exclude(sources=[])
    columns = rows.values_list("id", "conversation_id", "at", "sources")
    waiting = columns.iterator(chunk_size=_AT_ONCE)
    while chunk := list(islice(waiting, _AT_ONCE)):
        yield from _wrong([_citation(row, source) for row in chunk for source in row[3]])


def _citation(row: tuple[Any, ...], source: Mapping[str, Any]) -> Citation:
    message, conversation, at, _ = row
    texts = {name: str(source.get(name) or "") for name in ("kind", "ref", "version", "seal")}
    return Citation(
        message=message, conversation=conversation, at=at, as_of=_moment(source.get("as_of")), **texts
    )


def _moment(text: object) -> datetime | None:
    """None for what is no moment: an audit names a broken row, it does not break by it."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _wrong(cited: Sequence[Citation]) -> Iterator[tuple[object, str]]:
    by_kind: dict[str, list[Citation]] = {}
    for one in cited:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, several in by_kind.items():
        check = _CHECKS.get(kind)
        if check is None:
            yield from (
                (one.message, f"rests on “{kind}:{one.ref}”, which is no kind of source") for one in several
            )
            continue
        yield from ((one.message, f"rests on {what}") for one, what in check(several))


Found = Iterator[tuple[Citation, str]]


def _texts(find: Callable[[Collection[Text]], Mapping[Text, str]]) -> Callable[[Sequence[Citation]], Found]:
    def check(cited: Sequence[Citation]) -> Found:
        quotes = {one: Text(one.ref, one.version, one.at) for one in cited}
        wrong = find(set(quotes.values()))
        return ((one, wrong[quote]) for one, quote in quotes.items() if quote in wrong)

    return check


def _facts(cited: Sequence[Citation]) -> Found:
    quotes = {one: _fact(one) for one in cited}
    wrong = supply.misquoted(set(quotes.values()))
    return ((one, wrong[quote]) for one, quote in quotes.items() if quote in wrong)


def _fact(one: Citation) -> Fact:
    kind, _, key = one.ref.partition(":")
    return Fact(
        kind=kind,
        key=key,
        source=one.version,
        as_of=one.as_of,
        seal=one.seal,
        at=one.at,
        asked=one.kind == "asked",
    )


def _named(
    what: str, known: Callable[[Collection[str]], Iterable[str]]
) -> Callable[[Sequence[Citation]], Found]:
    def check(cited: Sequence[Citation]) -> Found:
        there = set(known({one.ref for one in cited}))
        return (
            (one, f"the {what} “{one.ref}”, which does not exist") for one in cited if one.ref not in there
        )

    return check


def _ids(refs: Iterable[str]) -> list[UUID]:
    """What is no id is nobody's."""
    found = []
    for ref in refs:
        try:
            found.append(UUID(ref))
        except ValueError:
            continue
    return found


def _queues(cited: Sequence[Citation]) -> Found:
    """The place in the queue of this talk, and of no other."""
    return (
        (one, f"the place of another talk, {one.ref}") for one in cited if one.ref != str(one.conversation)
    )


_CHECKS: Mapping[str, Callable[[Sequence[Citation]], Found]] = {
    "article": _texts(knowledge.misquoted_articles),
    "path": _texts(knowledge.misquoted_paths),
    "fact": _facts,
    "asked": _facts,
    "session": _named("livestream", live.known),
    "promise": _named("promise", lambda refs: map(str, promises.known(_ids(refs)))),
    "matter": _named("matter", lambda refs: map(str, relay.states(_ids(refs)))),
    "queue": _queues,
}

"""Finds what a customer means by “昨晚直播间说的赠品”: rules with a score and a reason each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jieli.live import words
from jieli.live.contracts import Context, HostPromise, Item, LiveMention, PromiseKind, Session, SessionState

_AT_MOST = 3
_JUST_NOW = timedelta(hours=3)
_RECENT = timedelta(days=3)
_SHORTEST_NAME = 2
_LONGEST_TEXT = 2000


@dataclass(slots=True)
class _Clues:
    """What the message itself says, before any session is looked at."""

    text: str
    live: str
    said: str
    now: str
    span: tuple[str, datetime, datetime] | None
    link: tuple[str, int] | None
    kinds: list[tuple[PromiseKind, str]]
    room: str


@dataclass(slots=True)
class _Score:
    value: float = 0.0
    reasons: list[tuple[float, str]] = field(default_factory=list)

    def add(self, weight: float, reason: str) -> None:
        self.value += weight
        self.reasons.append((weight, reason))


def find(text: str, at: datetime, context: Context, sessions: Sequence[Session]) -> list[LiveMention]:
    """Best first, at most three; nothing unless the words, or where the customer comes from, speak of a livestream."""
    if not sessions:
        return []
    clues = _clues(text[:_LONGEST_TEXT], at, context)
    if not _speaks_of_live(clues, context, sessions):
        return []
    begun = [one for one in sessions if one.starts_at <= at or one.key == context.session]
    found = [made for one in begun if (made := _match(one, clues, at, context)) is not None]
    found.sort(key=lambda one: (one.score, one.session.starts_at), reverse=True)
    return _clearly_best(found)


def _clues(text: str, at: datetime, context: Context) -> _Clues:
    live, said = words.LIVE.search(text), words.SAID.search(text)
    return _Clues(
        text=text.lower(),
        live=live[0] if live else "",
        said=said[0] if said else "",
        now=words.is_now(text),
        span=words.span(text, at),
        link=words.link_number(text),
        kinds=words.kinds(text),
        room=context.room,
    )


def _speaks_of_live(clues: _Clues, context: Context, sessions: Sequence[Session]) -> bool:
    if clues.live or clues.link:
        return True
    if any(_named(one, clues.text) for one in sessions):
        return True
    came_from_live = bool(context.room or context.session)
    return came_from_live and bool(clues.said or clues.kinds)


def _named(session: Session, text: str) -> str:
    """The host's or the room's name as it stands in the text."""
    names = (session.room.host, session.room.name, session.room.name_en)
    return next((name for name in names if len(name) >= _SHORTEST_NAME and name.lower() in text), "")


def _match(session: Session, clues: _Clues, at: datetime, context: Context) -> LiveMention | None:
    score = _Score()
    if clues.live:
        score.add(0.2, f"word:{clues.live}")
    if not _when(session, clues, at, score):
        return None
    if context.session and context.session == session.key:
        score.add(0.35, f"order_from_session:{session.key}")
    if clues.room and clues.room == session.room.key:
        score.add(0.25, f"came_from_room:{session.room.name}")
    if name := _named(session, clues.text):
        score.add(0.25, f"named:{name}")
    item = _item(session, clues, at, context, score)
    promises = _promises(session, clues, item, score)
    reasons = tuple(reason for _, reason in sorted(score.reasons, key=lambda one: -one[0]))
    return LiveMention(
        session=session,
        item=item,
        promises=promises,
        score=round(min(1.0, max(0.0, score.value)), 2),
        reasons=reasons,
    )


def _when(session: Session, clues: _Clues, at: datetime, score: _Score) -> bool:
    """Scores how well the time fits; False when the customer named another time."""
    if clues.now:
        fits = session.starts_at <= at <= session.ends_at + _JUST_NOW
        if fits:
            score.add(0.3, f"time:{clues.now}")
        return fits
    if clues.span:
        said, start, end = clues.span
        fits = session.starts_at < end and start < session.ends_at
        if fits:
            score.add(0.3, f"time:{said}")
        return fits
    if session.state is SessionState.ON_AIR:
        score.add(0.15, "on_air_now")
    elif at - session.ends_at <= _RECENT:
        score.add(0.1, "recent")
    return True


def _item(session: Session, clues: _Clues, at: datetime, context: Context, score: _Score) -> Item | None:
    """By the link's number, by name, by a SKU known from elsewhere, or by what was on air just now."""
    if clues.link:
        for one in session.items:
            if one.position == clues.link[1]:
                score.add(0.25, f"link:{clues.link[0]}")
                return one
        score.add(-0.15, f"no_such_link:{clues.link[0]}")
    named = [(name, one) for one in session.items for name in one.names if _stands_in(name, clues.text)]
    if named:
        name, one = max(named, key=lambda pair: len(pair[0]))
        score.add(0.3, f"product:{name}")
        return one
    for one in session.items:
        if one.sku in context.skus or one.sku.lower() in clues.text:
            score.add(0.3, f"sku:{one.sku}")
            return one
    if clues.now:
        shown = [one for one in session.items if one.on_air_from and one.on_air_from <= at]
        if shown:
            score.add(0.05, "last_on_air")
            return max(shown, key=lambda one: one.on_air_from or at)
    return None


def _stands_in(name: str, text: str) -> bool:
    return len(name) >= _SHORTEST_NAME and name.lower() in text


def _promises(session: Session, clues: _Clues, item: Item | None, score: _Score) -> tuple[HostPromise, ...]:
    fitting = [one for one in session.promises if item is None or one.sku in {"", item.sku}]
    wanted = {kind for kind, _ in clues.kinds}
    of_kind = [one for one in fitting if one.kind in wanted]
    if of_kind:
        said = next(found for kind, found in clues.kinds if kind is of_kind[0].kind)
        score.add(0.2, f"promised_{of_kind[0].kind}:{said}")
        return tuple(of_kind)
    if wanted:
        score.add(-0.05, f"not_promised:{','.join(sorted(wanted))}")
        return ()
    if clues.said and fitting:
        score.add(0.05, f"said:{clues.said}")
    return tuple(fitting)


def _clearly_best(found: list[LiveMention]) -> list[LiveMention]:
    """The best, and others only when they are about as likely."""
    if not found:
        return []
    near = found[0].score - 0.2
    return [one for one in found if one.score >= near][:_AT_MOST]

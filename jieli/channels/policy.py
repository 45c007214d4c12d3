"""The outbound gate as pure calculations: what may be written to whom, now, by whom, and where else if not there.

A platform's rules are data (`adapters/*/rules.toml`). A channel without window rules may be written to at any time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jieli.channels.contracts import (
    DeliveryState,
    GateReason,
    MessageType,
    SentBy,
    WindowView,
)
from jieli.kernel.actor import Actor, ActorKind

HOLD_FOR = timedelta(hours=48)
_MENDED_BY_WAITING = frozenset(
    {GateReason.WINDOW_CLOSED, GateReason.QUOTA_USED, GateReason.RESERVED_FOR_HUMAN}
)
_OF_THE_ADDRESS = _MENDED_BY_WAITING | {
    GateReason.MUTED,
    GateReason.CHANNEL_OFF,
    GateReason.CANNOT_SEND,
    GateReason.TYPE_NOT_SUPPORTED,
    GateReason.TOO_LONG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """`limit` messages within `lasts` after one of the acts in `opens_on`; the last `reserve` are for humans."""

    kind: str
    opens_on: frozenset[str]
    limit: int
    lasts: timedelta
    reserve: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """`shuts_on` are acts that forbid writing at all (unsubscribe); `text_bytes` 0 means no limit."""

    version: str
    windows: tuple[WindowRule, ...] = ()
    shuts_on: frozenset[str] = frozenset()
    sends: frozenset[MessageType] = frozenset()
    text_bytes: int = 0

    def window(self, kind: str) -> WindowRule | None:
        return next((rule for rule in self.windows if rule.kind == kind), None)

    def opened_by(self, event: str) -> WindowRule | None:
        return next((rule for rule in self.windows if (event or "message") in rule.opens_on), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One right to write back. Open from `opens_at` until just before `closes_at`."""

    kind: str
    opens_at: datetime
    closes_at: datetime
    limit: int
    used: int = 0

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)

    def is_open(self, now: datetime) -> bool:
        return now < self.closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What the gate must know of one contact."""

    rules: GateRules
    windows: tuple[Window, ...] = ()
    enabled: bool = True
    can_send: bool = True
    muted_at: datetime | None = None
    last_inbound_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the gate must know of one message; `blocked_word`: the text holds a word that must not leave."""

    by: SentBy
    type: MessageType = MessageType.TEXT
    text: str = ""
    has_media: bool = False
    blocked_word: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """`window` is the one this message spends; None where the channel needs none."""

    allowed: bool
    reason: GateReason
    window: Window | None = None


def judge(wish: Wish, address: Address, now: datetime) -> Judgement:
    """May this message leave to this address now? A refusal names the first rule that forbids it."""
    refusal = _of_the_message(wish) or _of_the_channel(wish, address)
    if refusal:
        return Judgement(False, refusal)
    if not address.rules.windows:
        return Judgement(True, GateReason.FREE)
    return _within_window(wish, address, now)


def _of_the_message(wish: Wish) -> GateReason | None:
    if not wish.text.strip() and not wish.has_media:
        return GateReason.EMPTY
    return GateReason.SENSITIVE_WORD if wish.blocked_word else None


def _of_the_channel(wish: Wish, address: Address) -> GateReason | None:
    rules = address.rules
    if not address.enabled:
        return GateReason.CHANNEL_OFF
    if not rules.sends or not address.can_send:
        return GateReason.CANNOT_SEND
    if wish.type not in rules.sends:
        return GateReason.TYPE_NOT_SUPPORTED
    if rules.text_bytes and len(wish.text.encode()) > rules.text_bytes:
        return GateReason.TOO_LONG
    return GateReason.MUTED if is_muted(wish.by, address) else None


def is_muted(by: SentBy, address: Address) -> bool:
    """A customer who wants no messages still gets answers once they write again; notices stay off."""
    if address.muted_at is None:
        return False
    wrote_since = address.last_inbound_at is not None and address.last_inbound_at > address.muted_at
    return by is SentBy.SYSTEM or not wrote_since


def _within_window(wish: Wish, address: Address, now: datetime) -> Judgement:
    """Spend the window that closes first, so that the longer one is kept for later."""
    open_now = sorted((w for w in address.windows if w.is_open(now)), key=lambda w: w.closes_at)
    if not open_now:
        return Judgement(False, GateReason.WINDOW_CLOSED)
    usable = [w for w in open_now if w.left]
    if not usable:
        return Judgement(False, GateReason.QUOTA_USED)
    for window in usable:
        if wish.by is SentBy.AGENT or window.left > _reserve(address.rules, window):
            return Judgement(True, GateReason.IN_WINDOW, window)
    return Judgement(False, GateReason.RESERVED_FOR_HUMAN)


def _reserve(rules: GateRules, window: Window) -> int:
    rule = rules.window(window.kind)
    return rule.reserve if rule else 0


def choose(wish: Wish, asked: Address, others: Sequence[Address], now: datetime) -> tuple[int, Judgement]:
    """Where the message goes: −1 is the address asked for, else an index into `others`.

    The others are tried from the one heard most recently, and only where the refusal was about the address.
    """
    first = judge(wish, asked, now)
    if first.allowed or first.reason not in _OF_THE_ADDRESS:
        return -1, first
    for index in sorted(range(len(others)), key=lambda i: _heard_at(others[i]), reverse=True):
        found = judge(wish, others[index], now)
        if found.allowed:
            return index, Judgement(True, GateReason.FALLBACK, found.window)
    return -1, first


def _heard_at(address: Address) -> float:
    return address.last_inbound_at.timestamp() if address.last_inbound_at else float("-inf")


def state_after(judgement: Judgement) -> DeliveryState:
    """What waiting can mend is held, the rest is blocked."""
    if judgement.allowed:
        return DeliveryState.QUEUED
    return DeliveryState.HELD if judgement.reason in _MENDED_BY_WAITING else DeliveryState.BLOCKED


def opened(windows: Iterable[Window], rules: GateRules, event: str, at: datetime) -> tuple[Window, ...]:
    """The windows after a customer's act: the rule of the act starts afresh, what has closed is forgotten.

    An act older than the window it would renew changes nothing: platforms deliver late and twice.
    """
    if event in rules.shuts_on:
        return ()
    kept = [w for w in windows if w.is_open(at)]
    rule = rules.opened_by(event)
    if rule is None or any(w.kind == rule.kind and w.opens_at >= at for w in kept):
        return tuple(kept)
    fresh = Window(kind=rule.kind, opens_at=at, closes_at=at + rule.lasts, limit=rule.limit)
    return (*(w for w in kept if w.kind != rule.kind), fresh)


def spent(windows: Iterable[Window], window: Window | None) -> tuple[Window, ...]:
    """The windows after one message went out through `window`."""
    return tuple(replace(w, used=w.used + 1) if window and w.kind == window.kind else w for w in windows)


def refunded(windows: Iterable[Window], window: Window | None) -> tuple[Window, ...]:
    """The windows after a message that had spent one did not go out; one opened afresh since owes nothing."""
    return tuple(
        replace(w, used=max(w.used - 1, 0))
        if window and (w.kind, w.opens_at) == (window.kind, window.opens_at)
        else w
        for w in windows
    )


def exhausted(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The platform counts otherwise than we do, and the platform is right: nothing is left."""
    return tuple(replace(w, used=max(w.used, w.limit)) for w in windows)


def view(windows: Iterable[Window], now: datetime) -> WindowView | None:
    """The window to show: the longest that has something left, else the longest that is open at all."""
    open_now = [w for w in windows if w.is_open(now)]
    if not open_now:
        return None
    main = max(open_now, key=lambda w: (w.left > 0, w.closes_at))
    return WindowView(main.closes_at, main.left, main.limit, main.kind)


def may_be_written_to(address: Address, now: datetime) -> bool:
    """Could an agent write a plain text now?"""
    return judge(Wish(by=SentBy.AGENT, text="…"), address, now).allowed


def may_submit(actor: Actor, by: SentBy) -> bool:
    """Only people with the permission speak as agents; the bot speaks as itself."""
    match by:
        case SentBy.BOT:
            return actor.kind in {ActorKind.BOT, ActorKind.SYSTEM}
        case SentBy.SYSTEM:
            return actor.kind is not ActorKind.CUSTOMER
        case SentBy.AGENT:
            return actor.may("conversation.reply")


def survives_new_contact(by: SentBy) -> bool:
    """A held message of a person or of the system goes out when a window opens; the bot answers afresh instead."""
    return by is not SentBy.BOT

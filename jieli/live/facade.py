"""The door of live: what is on air, and what a customer means by 直播间."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from jieli.kernel.actor import Actor
from jieli.live import index, mentions, policy, selectors, services
from jieli.live.contracts import Context, LiveMention, NewSession, OnAir, Room, Session, SessionState
from jieli.live.errors import SessionUnknown

due_at = policy.due_at


def on_air(at: datetime) -> list[OnAir]:
    """What each room shows at this moment; sessions between two items are left out."""
    running = [one for one in index.sessions(at) if one.state is SessionState.ON_AIR]
    shown = ((one, policy.shown_at(one, at)) for one in running)
    return [OnAir(session, item) for session, item in shown if item is not None]


def session(actor: Actor, session_id: UUID) -> Session:
    """Raises `SessionUnknown`."""
    actor.require("supply.read")
    found = selectors.session(session_id)
    if found is None:
        raise SessionUnknown
    return found


def known(keys: Collection[str]) -> set[str]:
    """Which of these are keys of sessions, or of what a host promised in one."""
    return selectors.known(keys)


def mention(text: str, at: datetime, context: Context = Context()) -> list[LiveMention]:  # noqa: B008 - frozen
    """What the customer's words say about livestreams, best first; [] for most messages, within microseconds.

    No network, and no query except now and then; callable anywhere.
    """
    return mentions.find(text, at, context, index.sessions(at))


def import_rooms(rooms: Sequence[Room]) -> int:
    return services.import_rooms(rooms)


def import_sessions(sessions: Sequence[NewSession]) -> int:
    return services.import_sessions(sessions)


def forget() -> None:
    """Drop what this process keeps of sessions (between tests)."""
    index.forget()

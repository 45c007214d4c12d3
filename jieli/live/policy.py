"""Rules of live: what is on air, and when a host's promise falls due."""

from datetime import datetime, timedelta

from jieli.live.contracts import DueAfter, DueRule, Item, Session, SessionState


def state(starts_at: datetime, ends_at: datetime, now: datetime) -> SessionState:
    if now < starts_at:
        return SessionState.SCHEDULED
    return SessionState.ON_AIR if now < ends_at else SessionState.ENDED


def shown_at(session: Session, at: datetime) -> Item | None:
    """The item that the host shows at this moment: the last one that began and has not ended."""
    begun = [
        item
        for item in session.items
        if item.on_air_from is not None
        and item.on_air_from <= at
        and (item.on_air_to is None or at < item.on_air_to)
    ]
    return max(begun, key=lambda item: item.on_air_from or at, default=None)


def due_at(
    rule: DueRule, *, session_end: datetime, paid_at: datetime | None, delivered_at: datetime | None
) -> datetime | None:
    """When the promise falls due for one order; None while what starts its clock has not happened."""
    starts = {
        DueAfter.ORDER_PAID: paid_at,
        DueAfter.DELIVERED: delivered_at,
        DueAfter.SESSION_END: session_end,
    }
    start = starts[rule.after]
    return None if start is None else start + timedelta(hours=rule.within_h)

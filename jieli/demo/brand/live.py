"""Livestream rooms, sessions around now, and what their hosts promised."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from jieli.demo.brand import data
from jieli.demo.brand.contracts.live import (
    DueFrom,
    DueRule,
    HostPromise,
    LiveSession,
    OnAir,
    PromiseKind,
    Room,
    SessionState,
)
from jieli.demo.brand.contracts.words import Words


def rooms() -> tuple[Room, ...]:
    rows = data.table("live")["rooms"]
    return tuple(Room(key, Words(zh, en), platform, host, line) for key, zh, en, platform, host, line in rows)


def sessions(now: datetime, midnight: datetime) -> tuple[LiveSession, ...]:
    """`midnight` is the start of the brand's day; one session is over, one on air, one announced."""
    return tuple(_session(row, now, midnight) for row in data.table("live")["session"])


def _session(row: dict[str, Any], now: datetime, midnight: datetime) -> LiveSession:
    starts = _starts(row, now, midnight)
    ends = starts + timedelta(minutes=row["minutes"])
    return LiveSession(
        key=row["key"],
        room=row["room"],
        title=Words(row["zh"], row["en"]),
        state=_state(starts, ends, now),
        starts_at=starts,
        ends_at=ends,
        on_air=tuple(
            OnAir(one["sku"], one["minute"], Decimal(one["price"]), Words(one["zh"], one["en"]))
            for one in row["item"]
        ),
    )


def _starts(row: dict[str, Any], now: datetime, midnight: datetime) -> datetime:
    if "ago" in row:
        return now - timedelta(minutes=row["ago"])
    at = time.fromisoformat(row["start"])
    return midnight + timedelta(days=row["day"], hours=at.hour, minutes=at.minute)


def _state(starts: datetime, ends: datetime, now: datetime) -> SessionState:
    if now < starts:
        return SessionState.SCHEDULED
    return SessionState.ON_AIR if now < ends else SessionState.ENDED


def promises(shown: tuple[LiveSession, ...]) -> tuple[HostPromise, ...]:
    starts = {one.key: one.starts_at for one in shown}
    return tuple(
        HostPromise(
            key=f"HP{index:03d}",
            session=row["session"],
            sku=row["sku"],
            kind=PromiseKind(row["kind"]),
            said_at=starts[row["session"]] + timedelta(minutes=row["minute"]),
            words=Words(row["zh"], row["en"]),
            condition=Words(row["condition_zh"], row["condition_en"]),
            due=DueRule(DueFrom(row["from"]), row["hours"]),
        )
        for index, row in enumerate(data.table("live")["promise"], start=1)
    )

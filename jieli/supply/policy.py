"""Rules of supply: how long a fact is fresh, when a source is left alone, what a change is."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jieli.supply.contracts import Circuit, FactKind, UnknownReason

FRESH_FOR: Mapping[FactKind, timedelta] = {
    FactKind.ORDER: timedelta(minutes=1),
    FactKind.PARCEL: timedelta(minutes=2),
    FactKind.STOCK: timedelta(seconds=20),
    FactKind.RETURN: timedelta(minutes=2),
    FactKind.REFUND: timedelta(minutes=2),
    FactKind.PROMOTION: timedelta(minutes=10),
    FactKind.PRODUCT: timedelta(hours=1),
    FactKind.INVOICE: timedelta(minutes=5),
    FactKind.WARRANTY: timedelta(hours=1),
}
PERSONAL = frozenset(
    {
        FactKind.ORDER,
        FactKind.PARCEL,
        FactKind.RETURN,
        FactKind.REFUND,
        FactKind.INVOICE,
        FactKind.WARRANTY,
    }
)
LONGEST_KEY = 120
SIGNATURE_WINDOW_S = 300
CLOCK_SKEW = timedelta(minutes=5)

_FAILURES_TO_OPEN = 5
_FIRST_REST = timedelta(seconds=30)
_LONGEST_REST = timedelta(minutes=5)
_SLOW_BACK = timedelta(minutes=2)
_BROKEN_BACK = timedelta(minutes=10)
_RETRY_BROKEN = timedelta(seconds=30)
_AFTER_REST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Breaker:
    """The circuit of one source; `trips` counts how often it opened without a success in between."""

    failures: int = 0
    trips: int = 0
    open_until: datetime | None = None

    def state(self, now: datetime) -> Circuit:
        if self.open_until is None:
            return Circuit.CLOSED
        return Circuit.OPEN if now < self.open_until else Circuit.HALF_OPEN


CLOSED = Breaker()


def after_failure(breaker: Breaker, now: datetime) -> Breaker:
    """Five failures in a row open the circuit, and so does one while it is tried again; each rest is twice as long."""
    if breaker.state(now) is Circuit.OPEN:
        return breaker
    failures = breaker.failures + 1
    if failures < _FAILURES_TO_OPEN and breaker.open_until is None:
        return replace(breaker, failures=failures)
    rest = min(_FIRST_REST * 2 ** min(breaker.trips, 8), _LONGEST_REST)
    return Breaker(failures=failures, trips=breaker.trips + 1, open_until=now + rest)


def asks_again_at(reason: UnknownReason, now: datetime, open_until: datetime | None) -> datetime | None:
    """When the source is asked again; None where that cannot help."""
    match reason:
        case UnknownReason.SLOW:
            return now
        case UnknownReason.BROKEN:
            return now + _RETRY_BROKEN
        case UnknownReason.RESTING:
            return open_until or now + _RETRY_BROKEN
        case UnknownReason.NO_SOURCE | UnknownReason.NO_KEY | UnknownReason.NOT_THEIRS:
            return None


def back_by(reason: UnknownReason, now: datetime, open_until: datetime | None) -> datetime | None:
    """The time that may be told to the customer: later than the next try, so that it can be kept."""
    again = asks_again_at(reason, now, open_until)
    if again is None:
        return None
    if reason is UnknownReason.RESTING:
        return again + _AFTER_REST
    return now + (_SLOW_BACK if reason is UnknownReason.SLOW else _BROKEN_BACK)


def can_be_a_key(key: str) -> bool:
    """Nothing in any source has a key that is longer, or that no database can hold."""
    return len(key) <= LONGEST_KEY and key.isprintable()


def available(stock: Mapping[str, Any]) -> int:
    """Pieces that can be sold now."""
    return max(0, int(stock["on_hand"]) - int(stock["reserved"]))


def parcel_position(parcel: Mapping[str, Any]) -> tuple[str, str]:
    """What counts as a parcel's movement: its state and its exception."""
    return str(parcel["state"]), str(parcel.get("exception", ""))


def signature(secret: str, at: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def signature_fits(header: str, secret: str, body: bytes, now: datetime) -> bool:
    """`t=<unix seconds>,v1=<hex>` with any number of v1 (keys in rotation); within five minutes of `now`."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    if not secret or len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit()):
        return False
    if len(stamps[0]) > 12 or abs(now.timestamp() - int(stamps[0])) > SIGNATURE_WINDOW_S:
        return False
    expected = signature(secret, int(stamps[0]), body).encode()
    given = [value.encode(errors="replace") for name, _, value in parts if name == "v1"]
    return any(hmac.compare_digest(one, expected) for one in given)


def is_source_name(name: str) -> bool:
    return 0 < len(name) <= 60 and name.isascii() and name.replace("-", "").replace("_", "").isalnum()


def can_be_sealed(text: str) -> bool:
    """No half of a surrogate pair."""
    return not any("\ud800" <= char <= "\udfff" for char in text)

"""Signed bodies, in and out: `X-Jieli-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""

import hashlib
import hmac
from datetime import datetime

from jieli.channels.errors import Refused

HEADER = "x-jieli-signature"
TOLERANCE_S = 300


def sign(secret: str, body: bytes, at: datetime) -> str:
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def verify(secret: str, header: str, body: bytes, now: datetime) -> None:
    """Raises `Refused` unless the header signs this body within five minutes. Several v1 allow a change of secret."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamp = next((value for key, _, value in parts if key == "t"), "")
    given = [value for key, _, value in parts if key == "v1"]
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12 or not given:
        raise Refused(
            "signature_missing", 401, "send X-Jieli-Signature: t=<unix>,v1=<hex HMAC-SHA256 of t.body>"
        )
    expected = _mac(secret, stamp, body).encode()
    if not any(hmac.compare_digest(expected, value.lower().encode()) for value in given):
        raise Refused("signature_wrong", 401, "the signature does not fit this body and the channel's secret")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_S:
        raise Refused(
            "stale", 401, "t is more than five minutes from our clock; sign again, and check the clock"
        )


def _mac(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()

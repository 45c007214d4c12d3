"""Signed webhooks to systems of the brand. They may come twice; the receiver tells them by `id`."""

from collections.abc import Mapping
from typing import Any

import msgspec

from jieli.channels import requests, signatures
from jieli.kernel import clock
from jieli.kernel.errors import Permanent, Transient

_LATER = frozenset({408, 409, 425, 429})
_LONGEST_PAUSE_S = 3600.0


def post(url: str, secret: str, message: dict[str, Any]) -> dict[str, Any]:
    """What the receiver answered, if it was JSON. Raises `Permanent` for a 4xx that repeating cannot mend."""
    body = msgspec.json.encode(message)
    headers = {
        "content-type": "application/json",
        "X-Jieli-Signature": signatures.sign(secret, body, clock.now()),
    }
    response = requests.ask("POST", url, body=body, headers=headers)
    if 200 <= response.status < 300:
        return _read(response.data)
    said = f"{url} answered {response.status}"
    if 400 <= response.status < 500 and response.status not in _LATER:
        raise Permanent(said, code=str(response.status))
    raise Transient(said, code=str(response.status), retry_after_s=_asked_pause(response.headers))


def _read(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    asked = headers.get("retry-after", "")
    return min(float(asked), _LONGEST_PAUSE_S) if asked.isdecimal() else None

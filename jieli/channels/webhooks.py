"""Signed webhooks to systems of the brand. They may come twice; the receiver tells them by `id`."""

from typing import Any

import httpx
import msgspec

from jieli.channels import signatures
from jieli.kernel import clock
from jieli.kernel.errors import Permanent, Transient

_client = httpx.Client(timeout=httpx.Timeout(10.0, connect=5.0))
_LATER = frozenset({408, 409, 425, 429})
_LONGEST_PAUSE_S = 3600.0


def post(url: str, secret: str, message: dict[str, Any]) -> dict[str, Any]:
    """What the receiver answered, if it was JSON. Raises `Permanent` for a 4xx that repeating cannot mend."""
    body = msgspec.json.encode(message)
    headers = {
        "content-type": "application/json",
        "X-Jieli-Signature": signatures.sign(secret, body, clock.now()),
    }
    try:
        response = _client.post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        raise Transient(f"{url} could not be reached: {type(error).__name__}", code="unreachable") from None
    if response.is_success:
        return _read(response)
    said = f"{url} answered {response.status_code}"
    if response.is_client_error and response.status_code not in _LATER:
        raise Permanent(said, code=str(response.status_code))
    raise Transient(said, code=str(response.status_code), retry_after_s=_asked_pause(response))


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _asked_pause(response: httpx.Response) -> float | None:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_PAUSE_S) if asked.isdecimal() else None

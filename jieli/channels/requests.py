"""HTTP requests to platforms and systems of the brand, over kept connections, from any thread.

urllib3 and nothing above it: each message to a customer is one request (docs/decisions/0013-dependencies.md).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from jieli.kernel.errors import Transient

_KEPT = 32
_TIMEOUT = urllib3.Timeout(connect=5.0, read=10.0)
Response = urllib3.BaseHTTPResponse


def ask(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Response:
    """`fields` make a multipart body. Raises `Transient` when nobody answers; any answer is returned."""
    asked = urlsplit(url)
    try:
        pool = _pool(asked.scheme, asked.hostname or "")
        return pool.request(method, url, body=body, headers=headers, fields=fields)
    except urllib3.exceptions.HTTPError as error:
        raise Transient(
            f"{asked.hostname} could not be reached: {_named(error)}", code="unreachable"
        ) from None


def _named(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return type(reason if isinstance(reason, Exception) else error).__name__


@cache
def _pool(scheme: str, host: str) -> urllib3.PoolManager:
    """Through the proxy that the environment names, if it names one for this host."""
    proxy = "" if proxy_bypass(host) else getproxies().get(scheme, "")
    return _manager(proxy)


@cache
def _manager(proxy: str) -> urllib3.PoolManager:
    if proxy:
        return urllib3.ProxyManager(proxy, maxsize=_KEPT, timeout=_TIMEOUT, retries=False)
    return urllib3.PoolManager(maxsize=_KEPT, timeout=_TIMEOUT, retries=False)

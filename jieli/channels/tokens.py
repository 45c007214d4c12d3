"""Access tokens of platforms, one per channel for all processes.

WeChat makes the old token invalid when somebody asks for a new one, so only the holder of a lease may ask.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from jieli.channels.contracts import ChannelId
from jieli.channels.models import AccessToken
from jieli.kernel import clock, leases
from jieli.kernel.errors import Transient
from jieli.kernel.ids import new_id

Fetch = Callable[[], tuple[str, float]]
_RENEW_EARLY_S = 300.0
_LEASE = timedelta(seconds=20)
_WAIT_S = 6.0


def current(channel: ChannelId, fetch: Fetch) -> str:
    """A token that should still hold. Raises `Transient` when none can be had."""
    return _stored(channel, "") or renew(channel, "", fetch)


def renew(channel: ChannelId, rejected: str | None, fetch: Fetch) -> str:
    """A token other than the rejected one: somebody else's if they renewed it meanwhile, else a new one.

    `None` rejects whatever is stored: a new token is asked for in any case.
    """
    me, name = new_id(), f"token:{channel}"
    until = time.monotonic() + _WAIT_S
    while not leases.acquire(name, me, ttl=_LEASE):
        if time.monotonic() > until:
            raise Transient("another process is renewing the access token", code="token", retry_after_s=2.0)
        time.sleep(0.05)
    try:
        if rejected is not None and (found := _stored(channel, rejected)):
            return found
        return _fetched(channel, fetch)
    finally:
        leases.release(name, me)


def _stored(channel: ChannelId, rejected: str) -> str | None:
    row = AccessToken.objects.filter(channel=channel, expires_at__gt=clock.now()).first()
    return row.token if row and row.token != rejected else None


def _fetched(channel: ChannelId, fetch: Fetch) -> str:
    token, holds_s = fetch()
    early = min(_RENEW_EARLY_S, holds_s / 10)
    AccessToken.objects.update_or_create(
        channel_id=channel,
        defaults={"token": token, "expires_at": clock.now() + timedelta(seconds=holds_s - early)},
    )
    return token

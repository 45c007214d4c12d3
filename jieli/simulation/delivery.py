"""Delivering to a hook as platforms do: wait for the answer, and without one deliver the same again."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

import httpx

from jieli.kernel import clock
from jieli.simulation.contracts import Said
from jieli.simulation.hooks import Hook

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0


class Outcome(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Delivered:
    """`repeated`: how often it had to be delivered again; `why`: what the hook said when it did not take it."""

    outcome: Outcome
    repeated: int
    why: str = ""


class Courier:
    """Carries acts to one installation. Ignores proxies of the environment: it speaks to nobody but `url`.

    `transport` replaces the network, for an installation within the same process.
    """

    def __init__(
        self, url: str, *, lines: int = 128, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        limits = httpx.Limits(max_connections=lines, max_keepalive_connections=lines)
        self._http = httpx.AsyncClient(base_url=url, limits=limits, trust_env=False, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def deliver(self, hook: Hook, said: Said, *, tries: int) -> Delivered:
        """At most `tries` times. What the hook refuses with a 4xx is not sent again: repeating cannot mend it."""
        pause, why = _FIRST_PAUSE_S, ""
        for repeated in range(tries):
            if repeated:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            try:
                response = await self._once(hook, said)
            except httpx.HTTPError as error:
                why = type(error).__name__
                continue
            if hook.took(response.status_code, response.content):
                return Delivered(Outcome.TAKEN, repeated)
            why = f"{response.status_code} {response.text[:200]}"
            if response.is_client_error:
                return Delivered(Outcome.REFUSED, repeated, why)
        return Delivered(Outcome.UNANSWERED, tries - 1, why)

    async def _once(self, hook: Hook, said: Said) -> httpx.Response:
        made = hook.request(said, clock.now())
        address = f"{made.path}?{made.query}" if made.query else made.path
        return await self._http.post(
            address, content=made.body, headers=dict(made.headers), timeout=hook.answer_s
        )

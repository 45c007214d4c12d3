"""A telephone call as the call centre tells of it: it rings, is answered, ends."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from jieli.kernel import clock
from jieli.simulation.contracts import Said

_RINGS_S, _TALKS_S = (2.0, 8.0), (15.0, 60.0)
_COMPANY = "4000000199"
Deliver = Callable[[Said], Awaitable[None]]


async def call(deliver: Deliver, caller: str, name: str, rng: random.Random) -> None:
    """`name` tells this call from others."""
    told = {"call_id": name, "callee": _COMPANY, "queue": "hotline"}
    await deliver(_event("call.ringing", caller, told))
    await asyncio.sleep(rng.uniform(*_RINGS_S))
    await deliver(_event("call.answered", caller, told))
    talked = rng.uniform(*_TALKS_S)
    await asyncio.sleep(talked)
    await deliver(_event("call.ended", caller, told | {"duration_s": f"{talked:.0f}"}))


def _event(event: str, caller: str, told: dict[str, str]) -> Said:
    return Said(id=f"{told['call_id']}:{event}", key=caller, at=clock.now(), event=event, context=told)

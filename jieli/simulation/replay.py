"""Recorded customers speak again, through a channel's real hook: each session in its order, many at once."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jieli.kernel import clock
from jieli.simulation.contracts import Said
from jieli.simulation.delivery import Courier, Outcome
from jieli.simulation.dialogues import Dialogue, Turn
from jieli.simulation.hooks import Hook

_AT_ONCE = 64
_TURN_S = 20.0
_TRIES = 400


@dataclass(slots=True)
class Tally:
    """`sent` and `acknowledged` count messages, not deliveries; `retried` deliveries that had to be made again,
    `repeated` those made again on purpose."""

    sent: int = 0
    acknowledged: int = 0
    retried: int = 0
    repeated: int = 0
    refused: int = 0
    unsent: int = 0
    why: str = ""

    @property
    def complete(self) -> bool:
        return self.sent == self.acknowledged and not self.unsent


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """`speed` 1 gives a customer 20 s for a turn (the files have no times), 20 one second, 0 none at all.

    `each` delivers every message so often; `tries` bounds how long a silent server is waited for (~13 minutes).
    """

    hook: Hook
    speed: float = 0.0
    each: int = 1
    tries: int = _TRIES


async def play(
    courier: Courier, playing: Playing, dialogues: Iterable[Dialogue], step: Callable[[int], object]
) -> Tally:
    """Delivers all turns; `step` is told of every acknowledged delivery."""
    tally, lanes = Tally(), _by_customer(dialogues)
    queue = iter(lanes)

    async def speak() -> None:
        for lane in queue:
            await _speak(courier, playing, lane, tally, step)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(_AT_ONCE, len(lanes))):
            group.create_task(speak())
    return tally


def _by_customer(dialogues: Iterable[Dialogue]) -> list[list[Dialogue]]:
    """A customer who comes back says one thing after the other."""
    lanes: dict[str, list[Dialogue]] = {}
    for one in dialogues:
        lanes.setdefault(one.customer, []).append(one)
    return list(lanes.values())


async def _speak(
    courier: Courier, playing: Playing, lane: list[Dialogue], tally: Tally, step: Callable[[int], object]
) -> None:
    """What cannot be delivered ends the lane: what comes after it must not overtake it."""
    turns = [(dialogue, turn) for dialogue in lane for turn in dialogue.turns]
    for spoken, (dialogue, turn) in enumerate(turns):
        if playing.speed:
            await asyncio.sleep(_TURN_S / playing.speed)
        if not await _say(courier, playing, said(dialogue, turn), tally, step):
            tally.unsent += len(turns) - spoken - 1
            return


async def _say(
    courier: Courier, playing: Playing, one: Said, tally: Tally, step: Callable[[int], object]
) -> bool:
    tally.sent += 1
    for delivery in range(playing.each):
        delivered = await courier.deliver(playing.hook, one, tries=playing.tries)
        tally.retried += delivered.repeated
        if delivered.outcome is not Outcome.TAKEN:
            tally.refused += delivered.outcome is Outcome.REFUSED
            tally.why = delivered.why
            return False
        tally.repeated += delivery > 0
        step(1)
    tally.acknowledged += 1
    return True


def said(dialogue: Dialogue, turn: Turn) -> Said:
    """The same session and turn always have the same id, so a second replay is a redelivery."""
    return Said(
        id=message_id(dialogue.session, turn.index),
        key=dialogue.customer,
        at=clock.now(),
        text=turn.text,
        context={"session": dialogue.session, "turn": str(turn.index)}
        | ({"sku": turn.sku} if turn.sku else {}),
    )


def message_id(session: str, turn: int) -> str:
    """A 63-bit number, as WeChat's MsgId is."""
    digest = hashlib.sha256(f"{session}:{turn}".encode()).digest()
    return str(int.from_bytes(digest[:8], "big") >> 1)

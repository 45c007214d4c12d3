"""The door of the simulation."""

from collections.abc import Callable, Iterable

from jieli.simulation import replay as replaying
from jieli.simulation import stage
from jieli.simulation.board import Board
from jieli.simulation.contracts import Drill
from jieli.simulation.delivery import Courier
from jieli.simulation.dialogues import Dialogue
from jieli.simulation.dialogues import read as dialogues
from jieli.simulation.hooks import hook
from jieli.simulation.replay import Playing, Tally

__all__ = ["Board", "Drill", "Playing", "Tally", "dialogues", "hook", "replay", "simulate"]


async def simulate(drill: Drill, board: Board) -> None:
    """Everybody outside plays against the installation at `drill.url`; `board` counts what happens.

    Raises `NotFound` where the demo brand is not loaded, `OSError` when the platforms' port is taken.
    """
    await stage.play(drill, board)


async def replay(
    url: str, playing: Playing, told: Iterable[Dialogue], step: Callable[[int], object]
) -> Tally:
    """Deliver recorded dialogues to the installation at `url`."""
    async with Courier(url) as courier:
        return await replaying.play(courier, playing, told, step)

"""Demo brand, simulation and replay."""

import asyncio
import sys
from itertools import islice
from pathlib import Path

import click
from django.conf import settings
from tqdm import tqdm

from jieli.config.cli import cli
from jieli.kernel.errors import JieliError


@cli.group()
def demo() -> None:
    """The invented demo brand."""


@demo.command()
def seed() -> None:
    """Load the demo brand into the database; does nothing where it already is."""
    from jieli.config import first_run
    from jieli.demo import facade

    first_run.prepare(demo=True)
    for line in facade.sign_ins():
        click.echo(line)


def _url(given: str) -> str:
    return (given or f"http://127.0.0.1:{settings.JIELI_PORT}").rstrip("/")


@cli.command()
@click.option(
    "--rate", type=click.FloatRange(0.01, 1000), default=2.0, show_default=True, help="Contacts a second."
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="The same seed casts the same customers."
)
@click.option(
    "--duration", type=click.FloatRange(1, 86_400), default=300.0, show_default=True, help="Seconds."
)
@click.option(
    "--agents", type=click.IntRange(0, 30), default=0, show_default=True, help="Agents played as well."
)
@click.option("--channel", default="", help="Only customers of this channel.")
@click.option("--url", default="", help="Of the installation; by default the one on this machine.")
def simulate(rate: float, seed: int, duration: float, agents: int, channel: str, url: str) -> None:
    """Play customers, WeChat's servers, callers, carriers and, if asked for, agents. Nobody of them is real."""
    from jieli.simulation import facade as simulation

    board = simulation.Board()
    drill = simulation.Drill(
        url=_url(url), rate=rate, duration_s=duration, seed=seed, agents=agents, channel=channel
    )
    click.echo(
        f"simulated customers write to {drill.url}: {rate:g} contacts/s for {duration:g} s (Ctrl+C ends it)"
    )
    try:
        asyncio.run(simulation.simulate(drill, board))
    except KeyboardInterrupt:
        pass
    except (JieliError, OSError) as error:
        raise click.ClickException(str(error)) from None
    for line in ["", *board.summary()]:
        click.echo(line)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", required=True, help="A wechat or open channel; its secrets sign the deliveries.")
@click.option(
    "--speed", type=click.FloatRange(min=0), default=0.0, help="0: as fast as it goes; 1: 20 s a turn."
)
@click.option("--limit", type=click.IntRange(min=1), default=None, help="Only so many sessions.")
@click.option("--repeat-each", type=click.IntRange(1, 100), default=1, help="Deliver every message so often.")
@click.option("--url", default="", help="Of the installation; by default the one on this machine.")
def replay(file: Path, channel: str, speed: float, limit: int | None, repeat_each: int, url: str) -> None:
    """Let recorded customers speak again through a channel's real hook (JDDC format, docs: simulation).

    Delivers each message until it is acknowledged, so that a restart of the server loses nothing; the ids depend
    on the file alone, so that a second replay is a redelivery. Exits 1 if something was never acknowledged.
    """
    from jieli.simulation import facade as simulation

    try:
        dialogues = list(islice(simulation.dialogues(file), limit))
        hook = simulation.hook(channel)
    except (JieliError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    turns = sum(len(one.turns) for one in dialogues)
    playing = simulation.Playing(hook=hook, speed=speed, each=repeat_each)
    with tqdm(total=turns * repeat_each, desc="replay (simulated senders)", unit="msg") as bar:
        tally = asyncio.run(simulation.replay(_url(url), playing, dialogues, bar.update))
    click.echo(
        f"{len(dialogues)} sessions: {tally.sent} sent, {tally.acknowledged} acknowledged, "
        f"{tally.retried} retried, {tally.repeated} repeated on purpose, {tally.refused} refused"
    )
    if not tally.complete:
        click.echo(
            f"not acknowledged: {turns - tally.acknowledged}; the last answer was: {tally.why}", err=True
        )
        sys.exit(1)

"""Channels from the command line."""

import sys

import click

from jieli.channels import facade as channels
from jieli.config.cli import cli
from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import JieliError


@cli.group()
def channel() -> None:
    """Create, list and test channels."""


@channel.command()
@click.option("--kind", required=True, help="wechat, open, cti or web.")
@click.option("--name", required=True)
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="A setting; may be given several times."
)
def create(kind: str, name: str, pairs: tuple[str, ...]) -> None:
    """Create a channel and print the address for its hook."""
    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"“{pair}” is not KEY=VALUE.", param_hint="--set")
        settings[key] = value
    try:
        made = channels.create_channel(SYSTEM, kind=kind, name=name, settings=settings)
    except JieliError as error:
        raise click.ClickException(str(error)) from None
    click.echo(made.hook)


@channel.command("list")
def list_() -> None:
    """All channels with their health and hook addresses."""
    for one in channels.list_channels(SYSTEM):
        click.echo(f"{one.name}\t{one.kind}\t{one.health}\t{one.hook}\t{one.why}")


@channel.command()
@click.argument("name")
def test(name: str) -> None:
    """A real round trip with the channel; says what to mend when it fails."""
    try:
        result = channels.test_channel(SYSTEM, name)
    except JieliError as error:
        raise click.ClickException(str(error)) from None
    for line in result.lines:
        click.echo(line)
    if not result.ok:
        click.echo(result.mend, err=True)
        sys.exit(1)

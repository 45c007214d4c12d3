"""The command line. Each file adds the commands of one concern to the group."""

import click

import jieli


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(jieli.__version__)
def cli() -> None:
    """Jieli 接力: customer service, supply chain and field service behind one relay of matters."""


from jieli.config.cli import channel, customer, data, inspect, run, staff, understanding  # noqa: E402, F401 - they add commands

"""Customers from the command line."""

import click
from django.conf import settings

from jieli.config.cli import cli
from jieli.conversations import facade as conversations
from jieli.kernel.errors import JieliError


@cli.group()
def customer() -> None:
    """Open a customer's own page."""


@customer.command()
@click.argument("who")
def link(who: str) -> None:
    """Print an address that opens the page of the customer with this phone, e-mail or shop account, for seven days.

    Whoever has the address sees that customer's orders: send it to nobody else.
    """
    try:
        person = conversations.find_customer(who)
    except JieliError as error:
        raise click.ClickException(str(error)) from None
    if person is None:
        raise click.ClickException(f"No customer has the phone, e-mail or account “{who}”.")
    click.echo(f"{settings.JIELI_PUBLIC_URL}/c/?t={conversations.customer_link(person)}")

"""Accounts and seats from the command line."""

import secrets

import click

from jieli.config.cli import cli
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.kernel.actor import SYSTEM
from jieli.kernel.errors import JieliError
from jieli.routing import facade as routing


@cli.group()
def staff() -> None:
    """Create and list the people who work here."""


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help="As colleagues and customers see it.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    default=("agent",),
    show_default=True,
    help="agent, expert, supervisor, operations, admin.",
)
@click.option("--skill", "skills", multiple=True, help="Queues ask for skills; may be given several times.")
@click.option(
    "--capacity", type=click.IntRange(0, 100), default=5, show_default=True, help="Conversations at a time."
)
@click.option("--password", default="", help="Made up and printed when left out.")
def create(
    username: str, name: str, roles: tuple[str, ...], skills: tuple[str, ...], capacity: int, password: str
) -> None:
    """Give somebody an account, and a seat that conversations can be assigned to."""
    governance.ensure_roles()
    chosen = password or secrets.token_urlsafe(12)
    new = NewStaff(username=username, password=chosen, name=name, roles=roles)
    try:
        (made,) = governance.create_staff(SYSTEM, [new])
    except JieliError as error:
        raise click.ClickException(str(error)) from None
    routing.ensure(made.id, skills=skills, capacity=capacity)
    click.echo(f"{username}\t{name}\t{', '.join(roles)}" + ("" if password else f"\tpassword: {chosen}"))


@staff.command("list")
def list_() -> None:
    """Everybody with an account: name, roles, skills, capacity, presence."""
    seats = {seat.agent: seat for seat in routing.all_seats()}
    for one in governance.find_staff():
        seat = seats.get(one.id)
        shown = f"{', '.join(seat.skills)}\t{seat.capacity}\t{seat.presence}" if seat else "no seat"
        click.echo(f"{one.name}\t{', '.join(one.roles)}\t{shown}")

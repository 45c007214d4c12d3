"""What a fresh installation needs before it can serve: roles, queues, a web channel, and the demo brand if wanted."""

import click

from jieli.demo import facade as demo_brand
from jieli.governance import facade as governance


def prepare(*, demo: bool) -> None:
    """Idempotent: run at every start."""
    governance.ensure_roles()
    if demo:
        demo_brand.load(progress=True)
    else:
        demo_brand.load_basics()


def announce(host: str, port: int) -> None:
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - only compared
    click.echo(f"\n  Jieli 接力  http://{shown}:{port}/desk/   (customers: http://{shown}:{port}/c/)\n")
    for line in demo_brand.sign_ins():
        click.echo(f"  {line}")
    click.echo("")

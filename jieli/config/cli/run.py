"""Starting Jieli: everything at once, or front and worker apart."""

import signal
import threading
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command

from jieli.config.cli import cli


@cli.command()
@click.option("--empty", is_flag=True, help="Start without the demo brand.")
@click.option("--port", type=int, default=None, help="Instead of JIELI_PORT.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 to be reached from outside.")
@click.option("--one-process", is_flag=True, help="Also the worker; otherwise it stands beside the front.")
def up(empty: bool, port: int | None, host: str, one_process: bool) -> None:
    """Prepare the database, seed the demo brand, and serve everything on one port."""
    from jieli.config import first_run
    from jieli.config.cli import beside

    call_command("migrate", interactive=False, verbosity=0)
    first_run.prepare(demo=not empty)
    first_run.announce(host, port or settings.JIELI_PORT)
    if one_process:
        serve(host, port or settings.JIELI_PORT, worker=True)
        return
    with beside.worker():
        serve(host, port or settings.JIELI_PORT, worker=False)


@cli.command()
@click.option("--port", type=int, default=None)
@click.option("--host", default="127.0.0.1", show_default=True)
def front(port: int | None, host: str) -> None:
    """Serve hooks, sockets and pages; the work is done by `jieli worker` elsewhere."""
    serve(host, port or settings.JIELI_PORT, worker=False)


@cli.command()
def worker() -> None:
    """Do the work behind the front: reception, assignment, jobs, deadlines."""
    from jieli.config.cli import beside
    from jieli.kernel.worker import Worker

    beside.watch_lifeline()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    working = Worker()
    working.start()
    click.echo("jieli worker: at work; stop with Ctrl+C")
    stopped.wait()
    working.stop()


@cli.command()
def migrate() -> None:
    """Bring the database to this version."""
    call_command("migrate", interactive=False, verbosity=1)


def serve(host: str, port: int, *, worker: bool) -> None:
    import uvicorn

    from jieli.config.front import build

    options: dict[str, Any] = {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 10,
    }
    uvicorn.run(
        build(worker=worker),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        **options,
    )

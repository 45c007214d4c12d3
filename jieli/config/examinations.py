"""What `jieli doctor` looks at that belongs to no module: folders, keys, database, pages, the work behind the front."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from jieli.kernel import clock, jobs
from jieli.kernel.doctor import Finding, Health, examines
from jieli.kernel.models import Lease

_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@examines
def folders() -> Iterator[Finding]:
    data = Path(settings.JIELI_DATA)
    if os.access(data, os.W_OK):
        yield Finding(Health.OK, f"The data folder {data} can be written.")
    else:
        yield Finding(
            Health.BROKEN,
            f"The data folder {data} cannot be written.",
            "Set JIELI_DATA to a folder this user owns.",
        )
    for key in sorted((data / "keys").glob("*.key")):
        if key.stat().st_mode & _OPEN_TO_OTHERS:
            yield Finding(Health.WARNING, f"Others can read {key}.", f"Run: chmod 600 {key}")
    if settings.WHITENOISE_ROOT is None:
        yield Finding(
            Health.WARNING, "The pages are not built.", "Run “make up”, or “npm run build” in web/."
        )


@examines
def database() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(
            Health.BROKEN,
            f"The database does not answer: {error}",
            "Check JIELI_DATABASE_URL and the server.",
        )
        return
    if waiting:
        yield Finding(Health.BROKEN, f"{len(waiting)} migrations wait.", "Run “jieli migrate”.")
    else:
        yield Finding(Health.OK, f"The database ({connection.vendor}) answers and is up to date.")


@examines
def work() -> Iterator[Finding]:
    alive = Lease.objects.filter(name__startswith="reception.worker:", until__gte=clock.now()).count()
    if alive:
        yield Finding(Health.OK, f"{alive} process(es) handle contacts.")
    else:
        yield Finding(
            Health.WARNING, "Nobody handles contacts right now.", "Start “jieli up” or “jieli worker”."
        )
    if dead := len(jobs.dead()):
        yield Finding(
            Health.WARNING,
            f"{dead} jobs failed for good.",
            "See “jieli jobs dead”, mend the cause, then “jieli jobs retry”.",
        )


@examines
def address() -> Iterator[Finding]:
    if not settings.JIELI_PUBLIC_URL.startswith("https://"):
        yield Finding(
            Health.WARNING,
            f"The public address is {settings.JIELI_PUBLIC_URL}: cookies travel unencrypted.",
            "Behind a TLS proxy set JIELI_PUBLIC_URL=https://…; on your own machine this is fine.",
        )

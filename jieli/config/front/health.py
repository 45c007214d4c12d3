"""`GET /healthz`: ready means that the database answers and its tables are this version's."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor

import jieli
from jieli.channels import facade as channels

Send = Callable[[Any], Awaitable[None]]


async def answer(send: Send) -> None:
    status, body = await sync_to_async(look, thread_sensitive=False)()
    raw = msgspec.json.encode(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(raw)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": raw})


_seen_migrated = False


def _migrated() -> bool:
    """Once true, true for this process: tables do not go back under a running version."""
    global _seen_migrated  # noqa: PLW0603 - remembered per process
    if not _seen_migrated:
        executor = MigrationExecutor(connection)
        _seen_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_migrated


def look() -> tuple[int, dict[str, Any]]:
    """200 and figures when ready; 503 and the reason otherwise."""
    close_old_connections()
    try:
        if not _migrated():
            return 503, {
                "status": "migrating",
                "reason": "The database is older than this version; run “jieli migrate”.",
            }
        counts = channels.intake_counts()
    except DatabaseError as error:
        return 503, {"status": "unavailable", "reason": f"The database does not answer: {error}"}
    return 200, {
        "status": "ok",
        "version": jieli.__version__,
        "database": connection.vendor,
        "inbox": {"pending": counts.pending, "dead": counts.dead},
    }

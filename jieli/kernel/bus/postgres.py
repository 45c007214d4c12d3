"""LISTEN/NOTIFY on connections of its own, outside any transaction."""

from collections.abc import Iterator

import psycopg
from django.db import connection

from jieli.kernel.bus.threaded import Closed, ThreadedBus

_CHANNEL = "jieli"


def _connect() -> "psycopg.Connection[tuple[object, ...]]":
    given = connection.get_connection_params()
    return psycopg.connect(
        autocommit=True,
        **{key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)},
    )


class _Sender:
    def __init__(self) -> None:
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def __call__(self, messages: list[str]) -> None:
        if not messages:
            if self._connection is not None:
                self._connection.close()
            return
        if self._connection is None or self._connection.closed:
            self._connection = _connect()
        with self._connection.cursor() as cursor:
            cursor.executemany("SELECT pg_notify(%s, %s)", [(_CHANNEL, message) for message in messages])


def _receive(closed: Closed) -> Iterator[str]:
    with _connect() as listening:
        listening.execute(f"LISTEN {_CHANNEL}")
        while not closed():
            for notice in listening.notifies(timeout=1.0):
                yield notice.payload


def make() -> ThreadedBus:
    return ThreadedBus(send=_Sender(), receive=_receive, errors=(psycopg.Error, OSError))

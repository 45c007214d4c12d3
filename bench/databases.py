"""The databases a run works on: made empty, filled once with the demo brand, copied for each measurement, dropped."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from bench.machine import say

SINK_PORT = 8890


class Database(Protocol):
    name: str
    env: dict[str, str]

    def fresh(self) -> None: ...
    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]: ...


class Sqlite:
    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._seed, self._work = folder / "seed", folder / "work"
        self.env = {"JIELI_DATA": str(self._work)}
        _prepare({"JIELI_DATA": str(self._seed)})

    def fresh(self) -> None:
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._seed, self._work)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self._work / "jieli.sqlite3", timeout=30) as connection:
            return connection.execute(sql.replace("%s", "?"), values).fetchall()


class Postgresql:
    """Template databases: a copy of the filled one takes a second."""

    name = "PostgreSQL"

    def __init__(self, server: str, folder: Path) -> None:
        self._server, self._seed, self._work = (
            server,
            f"jieli_bench_{os.getpid()}",
            f"jieli_bench_{os.getpid()}_w",
        )
        self._do(f"CREATE DATABASE {self._seed}")
        data = str(folder / "postgresql")
        self.env = {"JIELI_DATA": data, "JIELI_DATABASE_URL": self._url(self._work)}
        _prepare({"JIELI_DATA": data, "JIELI_DATABASE_URL": self._url(self._seed)})
        with psycopg.connect(self._url(self._seed), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def _url(self, name: str) -> str:
        return f"{self._server}/{name}"

    def _do(self, *statements: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def fresh(self) -> None:
        self._do(
            f"DROP DATABASE IF EXISTS {self._work} WITH (FORCE)",
            f"CREATE DATABASE {self._work} TEMPLATE {self._seed}",
        )

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url(self._work)) as connection:
            return connection.execute(sql, values).fetchall()  # type: ignore[call-overload,no-any-return]

    def drop(self) -> None:
        self._do(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (self._work, self._seed)))


@contextmanager
def postgresql(folder: Path) -> Iterator[Postgresql | None]:
    """None, with a plain word, where no server answers; `JIELI_BENCH_SERVER` says where it is ("postgresql://user@host")."""
    server = os.environ.get("JIELI_BENCH_SERVER", "postgresql://")
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=3).close()
    except psycopg.Error as error:
        say(f"PostgreSQL is left out: {str(error).strip()} (JIELI_BENCH_SERVER names its address)")
        yield None
        return
    made = Postgresql(server, folder)
    try:
        yield made
    finally:
        made.drop()


def _prepare(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bench.prepare", str(SINK_PORT)]
    subprocess.run(command, env={**os.environ, "JIELI_LOG": "ERROR", **env}, check=True)

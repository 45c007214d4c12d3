"""The processes of a measurement, and what processor time each of them used."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psutil

from bench.databases import SINK_PORT, Database
from bench.shots import PORT

_READY_S = 60.0


class Cast:
    """Started processes by what they are; `used` is the processor seconds since the last `mark`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._before: dict[str, float] = {}

    def start(self, role: str, *command: str) -> None:
        env = {**os.environ, "JIELI_LOG": "ERROR", **self._database.env}
        self._running[role] = subprocess.Popen(
            [sys.executable, "-m", *command], env=env, stdout=subprocess.DEVNULL
        )

    def mark(self) -> None:
        self._before = self._now()

    def used(self) -> dict[str, float]:
        return {role: seconds - self._before.get(role, 0.0) for role, seconds in self._now().items()}

    def _now(self) -> dict[str, float]:
        found = {role: _cpu(psutil.Process(one.pid)) for role, one in self._running.items()}
        for role, one in self._running.items():
            if beside := psutil.Process(one.pid).children():
                found[f"{role}'s worker"] = sum(map(_cpu, beside))
        name = self._database.env.get("JIELI_DATABASE_URL", "").rpartition("/")[2]
        if name:
            found["postgres"] = sum(map(_cpu, _backends(name)))
        return found

    def stop(self) -> None:
        for one in reversed(self._running.values()):
            one.terminate()
        for one in self._running.values():
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _backends(database: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or ())
        if line.startswith("postgres:") and f" {database} " in f"{line} ":
            yield process


@contextmanager
def cast(database: Database, roles: Mapping[str, tuple[str, ...]]) -> Iterator[Cast]:
    """Start the roles on a fresh copy of the database, with the sink, and wait until the front answers."""
    database.fresh()
    made = Cast(database)
    try:
        made.start("sink", "bench.sink", str(SINK_PORT))
        for role, command in roles.items():
            made.start(role, *command)
        _until_ready()
        yield made
    finally:
        made.stop()


def _until_ready() -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        try:
            if urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2).status == 200:
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("bench: the front did not become ready within a minute")

"""An installation as an operator runs it: real processes on a port, a data folder and a database of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import httpx
import psycopg

_PATIENCE_S = 60.0


class Installation:
    """`start`, `kill` and `stop` act on one process by its command ("up", "front", "worker")."""

    def __init__(self, data: Path, *, database_url: str = "", redis_url: str = "") -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.data, self.port = data, _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log: IO[bytes] = (data / "processes.log").open("ab")
        self._env = os.environ | {
            "JIELI_DATA": str(data),
            "JIELI_PORT": str(self.port),
            "JIELI_DATABASE_URL": database_url,
            "JIELI_REDIS_URL": redis_url,
            "JIELI_LOG": "WARNING",
            "DJANGO_SETTINGS_MODULE": "jieli.config.settings",
        }

    @property
    def processes(self) -> list[str]:
        return sorted(self._running)

    def pid(self, command: str) -> int:
        return self._running[command].pid

    def start(self, *commands: str) -> None:
        for command in commands:
            self._running[command] = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "jieli", *command.split()],
                env=self._env,
                stdout=self._log,
                stderr=self._log,
            )

    def kill(self, command: str) -> None:
        """As a power cut would: no signal that it could catch."""
        self._end(command, signal.SIGKILL)

    def stop(self) -> None:
        for command in self.processes:
            self._end(command, signal.SIGTERM)

    def close(self) -> None:
        for command in self.processes:
            self.kill(command)
        self._log.close()

    def _end(self, command: str, how: signal.Signals) -> None:
        process = self._running.pop(command)
        process.send_signal(how)
        process.wait(_PATIENCE_S)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command of the command line, to its end."""
        command = [sys.executable, "-m", "jieli", *arguments]
        return subprocess.run(  # noqa: S603 - our own program
            command, env=self._env, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )

    def pending(self) -> int | None:
        """Messages that wait to be handled; None while the front does not answer."""
        try:
            answer = httpx.get(f"{self.url}/healthz", timeout=5.0, trust_env=False)
        except httpx.HTTPError:
            return None
        return int(answer.json()["inbox"]["pending"]) if answer.status_code == 200 else None

    def wait_until_idle(self) -> None:
        """Up, and nothing waits. Fails after a minute with what the processes said last."""
        until = time.monotonic() + _PATIENCE_S
        while self.pending() != 0:
            assert time.monotonic() < until, self.last_words()
            time.sleep(0.2)

    def last_words(self) -> str:
        return (self.data / "processes.log").read_text(errors="replace")[-4000:]

    def contacts(self) -> list[dict[str, Any]]:
        told = self.run("export", "contacts")
        assert told.returncode == 0, told.stderr
        return [json.loads(line) for line in told.stdout.splitlines()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OnSqlite:
    """Copies of one prepared installation, each with everything in one process."""

    shape = ("up --empty",)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.template = Installation(folder / "template")

    def copy(self) -> Installation:
        data = self._folder / uuid4().hex
        shutil.copytree(self.template.data, data)
        return Installation(data)

    def remove(self) -> None: ...


class OnPostgres:
    """Copies of one prepared installation on databases of their own, front and worker apart."""

    shape = ("front", "worker")

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self._folder, self._redis = folder, redis_url
        self._server = database_url.rpartition("/")[0]
        self._name = f"jieli_kill_{uuid4().hex[:12]}"
        self._made = [self._name]
        self._execute(f'CREATE DATABASE "{self._name}"')
        self.template = self._installation("template", self._name)

    def copy(self) -> Installation:
        name = f"{self._name}_{len(self._made)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        self._made.append(name)
        shutil.copytree(self.template.data, self._folder / name)
        return self._installation(name, name)

    def remove(self) -> None:
        for name in self._made:
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _installation(self, folder: str, name: str) -> Installation:
        url = f"{self._server}/{name}"
        return Installation(self._folder / folder, database_url=url, redis_url=self._redis)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"{self._server}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

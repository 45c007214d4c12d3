"""The same behaviour over sockets, PostgreSQL and Redis; the services' own are run where they are set up."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from jieli.kernel.bus import Bus, local


@pytest.fixture(params=["local", "postgres", "redis"])
def bus(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Bus]:
    if request.param == "postgres" and connection.vendor != "postgresql":
        pytest.skip("runs on PostgreSQL")
    if request.param == "redis" and not os.environ.get("JIELI_REDIS_URL"):
        pytest.skip("JIELI_REDIS_URL is not set")
    made = _other(request.param)
    yield made
    made.close()


def _other(name: str) -> Bus:
    made: Bus = import_module(f"jieli.kernel.bus.{name}").make()
    return made


@pytest.mark.enable_socket
def test_what_one_process_says_another_hears(bus: Bus, request: pytest.FixtureRequest) -> None:
    heard, arrived = set[str](), threading.Event()

    def listen(message: str) -> None:
        heard.add(message)
        if heard >= {"wake:a", "wake:b"}:
            arrived.set()

    other = _other(request.node.callspec.params["bus"])
    other.listen(listen)
    for _ in range(100):  # listening begins in its own time; messages before it are nobody's loss
        bus.publish("wake:a")
        bus.publish("wake:b")
        if arrived.wait(0.1):
            break
    other.close()
    assert {"wake:a", "wake:b"} <= heard


@pytest.mark.enable_socket
def test_sockets_of_processes_that_died_are_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_folder", lambda: tmp_path)
    dead = tmp_path / "dead.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(dead))
    bus = local.make()
    bus.publish("wake:a")
    until = time.monotonic() + 10
    while dead.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not dead.exists()
    bus.close()


def test_alone_there_is_nobody_to_tell() -> None:
    memory = _other("memory")
    memory.listen(print)
    memory.publish("wake:a")
    memory.close()

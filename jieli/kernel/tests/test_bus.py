"""The same behaviour over memory, PostgreSQL and Redis; the services' own are run where they are set up."""

import os
import threading
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.db import connection

from jieli.kernel.bus import Bus


@pytest.fixture(params=["postgres", "redis"])
def bus(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Bus]:
    if request.param == "postgres" and connection.vendor != "postgresql":
        pytest.skip("runs on PostgreSQL")
    if request.param == "redis" and not os.environ.get("JIELI_REDIS_URL"):
        pytest.skip("JIELI_REDIS_URL is not set")
    made: Bus = import_module(f"jieli.kernel.bus.{request.param}").make()
    yield made
    made.close()


def test_what_one_process_says_another_hears(bus: Bus) -> None:
    heard, arrived = set[str](), threading.Event()

    def listen(message: str) -> None:
        heard.add(message)
        if message == "wake:b":
            arrived.set()

    bus.listen(listen)
    for _ in range(100):  # listening begins in its own time; messages before it are nobody's loss
        bus.publish("wake:a")
        bus.publish("wake:b")
        if arrived.wait(0.1):
            break
    assert {"wake:a", "wake:b"} <= heard


def test_alone_there_is_nobody_to_tell() -> None:
    memory = import_module("jieli.kernel.bus.memory").make()
    memory.listen(print)
    memory.publish("wake:a")
    memory.close()

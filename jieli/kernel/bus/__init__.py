"""The way to the other processes: short strings, best effort. On one machine, over PostgreSQL or over Redis, as settings have it."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Protocol

from django.conf import settings

Listener = Callable[[str], None]


class Bus(Protocol):
    def publish(self, message: str) -> None: ...

    def listen(self, listener: Listener) -> None: ...

    def close(self) -> None: ...


@lru_cache(maxsize=1)
def current() -> Bus:
    made: Bus = import_module(f"jieli.kernel.bus.{settings.JIELI_BUS}").make()
    return made

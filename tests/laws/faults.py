"""Ways to go wrong in the middle: a process that dies at some statement, a database that fails, a worker that is too late."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import OperationalError, connection, connections

from jieli.reception import gather


class Died(BaseException):
    """The process is gone: nothing catches this, what was not committed is rolled back, nothing happens after."""


@contextmanager
def failing(at: int, error: BaseException) -> Iterator[None]:
    """The `at`-th statement of this thread raises; a `Died` ends the block."""
    count = 0

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == at:
            raise error
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        try:
            yield
        except Died:
            connection.close()  # as when the process is gone; the next use opens another
        except OperationalError as raised:
            if raised is not error:
                raise


def dying(at: int) -> Any:
    return failing(at, Died())


def breaking(at: int) -> Any:
    return failing(at, OperationalError("the database went away (injected)"))


@contextmanager
def overtaken(other: Callable[[], object]) -> Iterator[None]:
    """While a worker prepares its batch it loses its lanes, and another one works; then it goes on, none the wiser."""
    prepare, late = gather.cases, [True]

    def prepared(items: Sequence[Any]) -> Any:
        cases = prepare(items)
        if late:
            late.clear()
            other()
        return cases

    with mock.patch.object(gather, "cases", prepared):
        yield


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """All acts in threads that start together, on databases where writers really meet; else one after the other."""
    raised: list[BaseException] = []

    def one(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the caller judges
            raised.append(error)

    if connection.vendor == "sqlite":
        for act in acts:
            one(act)
        return raised
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        one(act)
        connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised

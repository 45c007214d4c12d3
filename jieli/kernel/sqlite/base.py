"""SQLite with fair turns for writers.

SQLite lets one connection write at a time and makes the others poll, with pauses that grow and no queue, so under
load an unlucky thread waits for seconds. We hand out the turns ourselves: a transaction takes a lock before
BEGIN IMMEDIATE and returns it at its end, one lock among the threads and one on a file among the processes.
"""

import fcntl
import os
import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.backends.sqlite3 import base, operations


class _Turn:
    """A process that dies gives its turn back: the file's lock goes with it."""

    def __init__(self) -> None:
        self._threads = threading.Lock()
        self._files: dict[str, int] = {}

    def acquire(self, database: str) -> None:
        self._threads.acquire()
        try:
            if (file := self._file(database)) is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def release(self, database: str) -> None:
        if (file := self._file(database)) is not None:
            fcntl.flock(file, fcntl.LOCK_UN)
        self._threads.release()

    def _file(self, database: str) -> int | None:
        """None for a database in memory, which no other process has."""
        if database.startswith("file:") or ":memory:" in database:
            return None
        if database not in self._files:
            self._files[database] = os.open(f"{database}.turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        return self._files[database]


_turn = _Turn()


class DatabaseOperations(operations.DatabaseOperations):
    """What comes out of a column was put there by us, so it needs no parsing that copes with anything else."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _datetime(value) if isinstance(value, str | datetime) else value

    def convert_uuidfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else UUID(int=int(value, 16))


def _datetime(value: str | datetime) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _take_turn(self) -> None:
        if not self._has_turn:
            _turn.acquire(str(self.settings_dict["NAME"]))
            self._has_turn = True

    def _give_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.release(str(self.settings_dict["NAME"]))

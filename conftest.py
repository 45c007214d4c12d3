"""What every test of the product shares, whichever folder it stands in."""

from typing import Any

from django.db import connection


def _emptied(self: Any, _style: Any, tables: list[str], **_options: bool) -> list[str]:
    """TRUNCATE makes new files for sixty tables after each test; deleting the few rows is a hundred times quicker.
    Foreign keys are checked at commit, so the order of the tables does not matter."""
    return [f"DELETE FROM {self.quote_name(table)}" for table in tables]


if connection.vendor == "postgresql":
    type(connection.ops).sql_flush = _emptied  # type: ignore[method-assign]

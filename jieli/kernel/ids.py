"""UUIDv7 (RFC 9562): ids that sort by the time they were made, so that primary keys stay local on disk."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7; increasing within one process."""
    return uuid7()

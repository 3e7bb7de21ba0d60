"""Identifiers in the order of time (UUID version 7, RFC 9562): new rows land at the right edge of their index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()

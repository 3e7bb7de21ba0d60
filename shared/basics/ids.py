"""Identifiers in the order of time (UUID version 7, RFC 9562): new rows land at the right edge of their index.

They are asyncpg's UUIDs, as those that rows hold: subclasses of `uuid.UUID`, written in C, that are made, compared and
shown five times faster. A request handles a dozen of them.
"""

from uuid import UUID

import uuid_utils
from asyncpg.pgproto import pgproto


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return own(uuid_utils.uuid7())


def random_id() -> UUID:
    """A fresh UUIDv4: says nothing about when it was made."""
    return own(uuid_utils.uuid4())


def id_of(text: str) -> UUID:
    """The UUID that this says; raises `ValueError`."""
    return pgproto.UUID(text)


def own(known: UUID | uuid_utils.UUID) -> UUID:
    """The same id in asyncpg's class: for ids that another library made, or read, and that are looked up often."""
    return pgproto.UUID(known.bytes)

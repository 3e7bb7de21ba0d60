"""Identifiers in the order of time (UUID version 7, RFC 9562): new rows land at the right edge of their index.

A process with a database makes them in asyncpg's class (`use`), as those that rows hold: a subclass of `uuid.UUID` written in
C, which is created, compared and printed five times faster. A request handles a dozen of them. Without a database they are
plain `uuid.UUID`s, equal to the others.
"""

from collections.abc import Callable
from uuid import UUID

import uuid_utils


def _plain(given: str | bytes) -> UUID:
    return UUID(given) if isinstance(given, str) else UUID(bytes=given)


_make: Callable[[str | bytes], UUID] = _plain


def use(make: Callable[[str | bytes], UUID]) -> None:
    """Make ids by `make` from now on, from text or from 16 bytes; called where the database driver is loaded."""
    global _make  # noqa: PLW0603
    _make = make


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return _make(uuid_utils.uuid7().bytes)


def random_id() -> UUID:
    """A fresh UUIDv4: says nothing about when it was made."""
    return _make(uuid_utils.uuid4().bytes)


def id_of(text: str) -> UUID:
    """Parse a UUID; raises `ValueError`."""
    return _make(text)


def own(known: UUID) -> UUID:
    """The same id in the fast class: for ids that another library made or read, and that are looked up often."""
    return _make(known.bytes)

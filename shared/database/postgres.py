"""Connections to PostgreSQL, and the scope that row-level security reads.

Every use of a pooled connection first sets its scope (`app.establishments`: FINESS codes
separated by commas, `*` for all). Policies compare with it and show nothing if it is not set.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast
from uuid import UUID

import asyncpg
from asyncpg.pgproto import pgproto
from asyncpg.pool import PoolConnectionProxy

from shared.basics import ids

if TYPE_CHECKING:  # asyncpg's classes take a parameter in its stubs only
    Session = asyncpg.Connection[asyncpg.Record]
    Db = Session | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Session, Pool = asyncpg.Connection, asyncpg.Pool
    Db = asyncpg.Connection

# Ids that are made here are of the class of those that rows hold.
ids.use(cast("Callable[[str | bytes], UUID]", pgproto.UUID))

EVERYTHING = "*"

# Connections lost or refused, a server starting or stopping: the same statement may succeed a moment later.
TRANSIENT: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.OutOfMemoryError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # may be raised when a connection breaks in the middle of a statement
)
# Two transactions conflicted: one of them must be retried.
CONFLICT: tuple[type[BaseException], ...] = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class ScopedConnection(Session):
    """A connection that remembers the RLS scope set on its session, so that setting it again costs nothing."""

    __slots__ = ("_scope",)

    async def set_scope(self, establishments: str) -> None:
        """Set the scope until the end of the transaction; outside of one, until it is set again."""
        if self.is_in_transaction():
            await self.execute("SELECT set_config('app.establishments', $1, true)", establishments)
        elif getattr(self, "_scope", None) != establishments:
            await self.execute("SELECT set_config('app.establishments', $1, false)", establishments)
            self._scope = establishments


async def _no_reset(_: object) -> None:
    """Nothing to undo: a session has no state but its scope, which each use sets again."""


BY_KEY = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""For connections whose statements find rows by key only. A plan cached while a table was small scans it all,
for as long as the session lives, however large the table has grown since."""


async def open_pool(dsn: str, size: int, application: str, **settings: str) -> Pool:
    """A pool that does not reset its connections between uses; `settings` are PostgreSQL's own."""
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        reset=_no_reset,
        max_inactive_connection_lifetime=0,
        command_timeout=30,
        connection_class=ScopedConnection,
        server_settings={"application_name": application, "timezone": "UTC", "jit": "off", **settings},
    )


async def set_scope(db: Db, establishments: str) -> None:
    """Set the scope of row-level security until the end of the transaction; outside of one, until it is set again."""
    await cast(ScopedConnection, db).set_scope(establishments)


@asynccontextmanager
async def reading(pool: Pool, establishments: str) -> AsyncIterator[Db]:
    """A connection in this scope; each statement has its own snapshot."""
    async with pool.acquire() as db:
        await set_scope(db, establishments)
        yield db


@asynccontextmanager
async def transaction(pool: Pool, establishments: str) -> AsyncIterator[Db]:
    """One durable transaction in this scope."""
    async with pool.acquire() as db:
        await set_scope(db, establishments)
        async with db.transaction():
            yield db

"""Connections to PostgreSQL, and the scope that row-level security reads.

Every use of a pooled connection first says for which establishments it speaks (`app.establishments`: FINESS codes
separated by commas, `*` for all). Policies compare with it and show nothing where it is not set.
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

# Lost or refused connections, servers that start or stop: the same statement may succeed a moment later.
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
    asyncpg.InternalClientError,  # what a connection that broke in the middle of a statement may say
)
# Two transactions met: one of them runs again.
CONFLICT: tuple[type[BaseException], ...] = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class ScopedConnection(Session):
    """A connection that knows for whom its session speaks, so that saying it again costs nothing."""

    __slots__ = ("_scope",)

    async def speak_for(self, establishments: str) -> None:
        """Until the end of the transaction, or of the session outside of one."""
        if self.is_in_transaction():
            await self.execute("SELECT set_config('app.establishments', $1, true)", establishments)
        elif getattr(self, "_scope", None) != establishments:
            await self.execute("SELECT set_config('app.establishments', $1, false)", establishments)
            self._scope = establishments


async def _no_reset(_: object) -> None:
    """Nothing to undo: sessions hold no state but their scope, which each use says anew."""


BY_KEY = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""For connections whose statements find rows by key only. A plan that was made while a table was small reads all of it
for as long as the session keeps it, however large the table has grown since."""


async def open_pool(dsn: str, size: int, application: str, **settings: str) -> Pool:
    """A pool whose connections are kept as they are between uses; `settings` are PostgreSQL's own."""
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
    """Speak for these establishments until the end of the transaction, or from now on outside of one."""
    await cast(ScopedConnection, db).speak_for(establishments)


@asynccontextmanager
async def reading(pool: Pool, establishments: str) -> AsyncIterator[Db]:
    """A connection for queries on behalf of these establishments, each statement its own snapshot."""
    async with pool.acquire() as db:
        await set_scope(db, establishments)
        yield db


@asynccontextmanager
async def transaction(pool: Pool, establishments: str) -> AsyncIterator[Db]:
    """One durable transaction on behalf of these establishments."""
    async with pool.acquire() as db:
        await set_scope(db, establishments)
        async with db.transaction():
            yield db

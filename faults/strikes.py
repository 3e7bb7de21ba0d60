"""How each fault strikes and is repaired: a context that strikes at its start and repairs at its end."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random

import asyncpg

from faults.plan import Fault, Strike
from faults.rig import Rig
from faults.topics import poison, read_again, repeat

DAY = 86_400.0
JUMPS = (14 * DAY, 30 * DAY, -6 * 3600.0, -2 * DAY)
LOCK_TRIES = 10
LOCKED_WITHIN = 10.0
ON_THEIR_WAY_MS = 80
SLOW_DISK = (
    "ALTER SYSTEM SET commit_siblings = 0",
    "ALTER SYSTEM SET commit_delay = 100000",
    "SELECT pg_reload_conf()",
)
"""Each commit waits for 0.1 s before its log is flushed; forgotten at the next start."""
TABLES = """
SELECT DISTINCT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name IN ('case_id', 'event_id')
"""
STEP_AHEAD = "ALTER TABLE {} ADD COLUMN IF NOT EXISTS next_step text NOT NULL DEFAULT ''"

Strikes = Callable[[Rig, Strike], AbstractAsyncContextManager[None]]


class Missed(Exception):
    """The fault could not strike; the message says why."""


@asynccontextmanager
async def _killed(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    await _work_on_its_way(rig, strike)
    await rig.kill(strike.target)
    await rig.wires.mend(strike.target)
    yield
    await rig.revive(strike.target)


async def _work_on_its_way(rig: Rig, strike: Strike) -> None:
    """Slow the wire for a moment, so that what strikes next meets transactions, batches and answers on their way."""
    await rig.wires.slow(strike.target, ON_THEIR_WAY_MS)
    await asyncio.sleep(Random(strike.draw).uniform(2, 6) * ON_THEIR_WAY_MS / 1000)  # noqa: S311


@asynccontextmanager
async def _postgres_killed(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    """While commits wait for a slow disk: what is not on it is lost, as with a power cut."""
    db = await _database(rig, "request")
    for statement in SLOW_DISK:
        await db.execute(statement)
    await asyncio.sleep(Random(strike.draw).uniform(0.2, 0.6))  # noqa: S311
    db.terminate()
    await rig.kill("postgres")
    yield
    await rig.revive("postgres")


@asynccontextmanager
async def _paused(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    rig.signal(strike.target, signal.SIGSTOP)
    yield
    rig.signal(strike.target, signal.SIGCONT)


@asynccontextmanager
async def _leader_paused(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    other = f"{strike.target}-2"
    await rig.revive(other)
    rig.signal(strike.target, signal.SIGSTOP)
    yield
    rig.signal(strike.target, signal.SIGCONT)
    await asyncio.sleep(1)
    await rig.stop(other)


@asynccontextmanager
async def _two_processes(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    other = f"{strike.target}-2"
    await rig.revive(other)
    yield
    await (rig.kill if strike.draw % 2 else rig.stop)(other)


@asynccontextmanager
async def _next_version(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    """Expand the schema under load, bring N+1 up beside N, take N away, roll back to N."""
    service, other = strike.target, f"{strike.target}-2"
    await _expand(rig, service)
    await rig.revive(other, one_version_ahead=True)
    yield
    await rig.stop(service)
    await asyncio.sleep(1.5)
    await rig.revive(service)
    await rig.stop(other)


async def _expand(rig: Rig, service: str) -> None:
    db = await _database(rig, service, "owner")
    try:
        for (table,) in await db.fetch(TABLES):
            for tried in range(LOCK_TRIES):
                try:
                    await db.execute(STEP_AHEAD.format(table))
                    break
                except asyncpg.LockNotAvailableError:
                    if tried + 1 == LOCK_TRIES:
                        raise
    finally:
        await db.close()


@asynccontextmanager
async def _cut(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    await _work_on_its_way(rig, strike)
    await rig.wires.cut(strike.target)
    yield
    await rig.wires.mend(strike.target)


@asynccontextmanager
async def _slow(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    await rig.wires.slow(strike.target, Random(strike.draw).randint(20, 250))  # noqa: S311
    yield
    await rig.wires.mend(strike.target)


@asynccontextmanager
async def _disk_full(rig: Rig, _: Strike) -> AsyncIterator[None]:
    if not rig.disk.can_fill:
        raise Missed("no right to mount a file system of its own")
    rig.disk.fill()
    yield
    rig.disk.empty()


@asynccontextmanager
async def _pool_exhausted(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    db = await _database(rig, strike.target)
    try:
        async with asyncio.timeout(LOCKED_WITHIN):
            await db.execute("BEGIN; LOCK TABLE case_head IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        db.terminate()


@asynccontextmanager
async def _clock_jump(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    rig.clock(strike.target, JUMPS[strike.draw % len(JUMPS)])
    yield
    rig.clock(strike.target, 0.0)


@asynccontextmanager
async def _repeated(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    rig.injected |= await repeat(rig.kafka_address, Random(strike.draw), rig.poison)  # noqa: S311
    yield


@asynccontextmanager
async def _read_again(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    await rig.stop(strike.target)
    try:
        await read_again(rig.kafka_address, strike.target)
        yield
    finally:
        await rig.revive(strike.target)


@asynccontextmanager
async def _poison(rig: Rig, strike: Strike) -> AsyncIterator[None]:
    rig.poison |= await poison(rig.kafka_address, Random(strike.draw))  # noqa: S311
    yield


async def _database(rig: Rig, service: str, role: str = "postgres") -> "asyncpg.Connection[asyncpg.Record]":
    try:
        return await rig.database(service, role)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Missed(f"PostgreSQL does not answer: {error!r}") from error


STRIKES: dict[Fault, Strikes] = {
    Fault.KILL_SERVICE: _killed,
    Fault.PAUSE_SERVICE: _paused,
    Fault.PAUSE_PAST_SESSION: _paused,
    Fault.PAUSE_LEADER: _leader_paused,
    Fault.SECOND_PROCESS: _two_processes,
    Fault.NEXT_VERSION: _next_version,
    Fault.KILL_KAFKA: _killed,
    Fault.KILL_POSTGRES: _postgres_killed,
    Fault.CUT_DATABASE: _cut,
    Fault.CUT_KAFKA: _cut,
    Fault.SLOW_DATABASE: _slow,
    Fault.SLOW_KAFKA: _slow,
    Fault.DISK_FULL: _disk_full,
    Fault.POOL_EXHAUSTED: _pool_exhausted,
    Fault.CLOCK_JUMP: _clock_jump,
    Fault.REPEATED: _repeated,
    Fault.READ_AGAIN: _read_again,
    Fault.POISON: _poison,
}

"""Where absences are kept: who is away, and who stands in."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from shared.database.postgres import EVERYTHING, Db, Pool, reading

STANDING_IN = "SELECT reviewer FROM absence WHERE substitute = $1 AND $2 BETWEEN from_on AND to_on"
COMING = """
SELECT absence_id, reviewer, substitute, from_on, to_on FROM absence WHERE to_on >= $1
ORDER BY from_on, absence_id LIMIT 500
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtext('review.absence'))"
OVERLAPPING = """
SELECT absence_id, reviewer, substitute, from_on, to_on FROM absence
WHERE reviewer = $1 AND from_on <= $3 AND to_on >= $2 LIMIT 1
"""
INSERT = """
INSERT INTO absence (absence_id, reviewer, substitute, from_on, to_on, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
DELETE = "DELETE FROM absence WHERE absence_id = $1"


class Absence(msgspec.Struct, frozen=True):
    """A reviewer away from one day to another, both included, and who stands in."""

    absence_id: UUID
    reviewer: str
    substitute: str
    from_on: date
    to_on: date


async def absent_colleagues_of(pool: Pool, person: str, on: date) -> frozenset[str]:
    """Whom this person replaces that day."""
    async with reading(pool, EVERYTHING) as db:
        return frozenset(row[0] for row in await db.fetch(STANDING_IN, person, on))


async def absences(pool: Pool, on: date) -> list[Absence]:
    """Absences that are not over that day."""
    async with reading(pool, EVERYTHING) as db:
        return [Absence(*row) for row in await db.fetch(COMING, on)]


async def absence_overlapping(db: Db, absence: Absence) -> Absence | None:
    """Another absence of the same reviewer in these days; until the commit nobody else enters one."""
    await db.execute(LOCK)
    row = await db.fetchrow(OVERLAPPING, absence.reviewer, absence.from_on, absence.to_on)
    return Absence(*row) if row else None


async def absence_insert(db: Db, absence: Absence, entered_by: str, now: datetime) -> None:
    """Keep an absence."""
    await db.execute(INSERT, *msgspec.structs.astuple(absence), entered_by, now)


async def absence_delete(db: Db, absence_id: UUID) -> bool:
    """Forget an absence; whether there was one."""
    return bool(await db.execute(DELETE, absence_id) != "DELETE 0")

"""Absences: a reviewer who is away has a substitute, who may then work what the absent one holds."""

from datetime import date

from shared.postgres import EVERYTHING, Pool, reading

STANDING_IN = "SELECT reviewer FROM absence WHERE substitute = $1 AND $2 BETWEEN from_on AND to_on"
LIST = """
SELECT absence_id, reviewer, substitute, from_on, to_on FROM absence WHERE to_on >= $1
ORDER BY from_on, absence_id LIMIT 500
"""
INSERT = """
INSERT INTO absence (absence_id, reviewer, substitute, from_on, to_on, entered_by, entered_at)
SELECT $1, $2, $3, $4, $5, $6, $7
WHERE NOT EXISTS (SELECT 1 FROM absence WHERE reviewer = $2 AND from_on <= $5 AND to_on >= $4)
"""
DELETE = "DELETE FROM absence WHERE absence_id = $1"


async def absent_colleagues_of(pool: Pool, person: str, on: date) -> frozenset[str]:
    """Whom this person replaces that day."""
    async with reading(pool, EVERYTHING) as db:
        return frozenset(row[0] for row in await db.fetch(STANDING_IN, person, on))

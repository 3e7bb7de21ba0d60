"""Who changed what the routes are computed from: kept beside each change, in its transaction."""

from datetime import datetime
from typing import Final

import msgspec

from shared.database.postgres import Db
from shared.identity.person import Person

NOTE: Final = """
INSERT INTO knowledge_change (at, actor, actor_title, subject, subject_id, action, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
HISTORY: Final = """
SELECT at, actor_title, action, detail FROM knowledge_change WHERE subject = $1 AND subject_id = $2
ORDER BY change_id DESC LIMIT 50
"""


class Change(msgspec.Struct, frozen=True):
    """One change, as it is shown."""

    at: datetime
    actor_title: str
    action: str
    detail: str


async def knowledge_note(
    db: Db, person: Person, subject: str, subject_id: str, action: str, detail: str, now: datetime
) -> None:
    """Keep who did it; the same transaction makes the change."""
    await db.execute(NOTE, now, person.id, person.title, subject, subject_id, action, detail)


async def knowledge_history(db: Db, subject: str, subject_id: str) -> tuple[Change, ...]:
    """The last changes, newest first."""
    return tuple(Change(*row) for row in await db.fetch(HISTORY, subject, subject_id))

"""What lists show: keyset pages over indexes, under the row-level security of who asks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.review.model import Review
from services.review.store import LOAD, review_of
from shared.postgres import Db

WORK_LIST = """
SELECT position, case_id, reference, title, establishment, status, opened_at, kinds
FROM review WHERE position > $1 ORDER BY position LIMIT $2
"""


async def review_get(db: Db, case_id: UUID) -> Review | None:
    """One review, where it is in scope."""
    row = await db.fetchrow(LOAD, [case_id])
    return review_of(row) if row else None


async def reviews_after(db: Db, position: int, limit: int) -> Sequence[Any]:
    """Reviews opened after this position, in order of opening."""
    return await db.fetch(WORK_LIST, position, limit)

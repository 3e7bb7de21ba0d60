"""The guard against splitting: what else was bought for the same need is valued together (art. R2121-1 s. CCP)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from services.purchasing.words import establishment_name
from shared.database.postgres import Db

LOOKING_BACK: Final = timedelta(days=365)
MOST: Final = 50

ALIKE: Final = """
SELECT o.case_id, o.reference, o.title, o.establishment, o.state, o.opened_at, o.amount_cents, o.domain = p.domain
FROM purchase p JOIN purchase o ON o.case_id <> p.case_id AND o.opened_at >= $2 AND o.state <> 'closed'
    AND (o.domain = p.domain OR o.cpv = p.cpv)
WHERE p.case_id = $1
ORDER BY o.establishment <> p.establishment, o.opened_at DESC LIMIT $3
"""


class Alike(msgspec.Struct, frozen=True):
    """Another purchase of the last twelve months with the same business domain or the same CPV code."""

    case_id: UUID
    reference: str
    title: str
    establishment: str
    state: str
    opened_at: datetime
    amount_cents: int | None
    same_domain: bool

    @property
    def establishment_name(self) -> str:
        """Its establishment, in words."""
        return establishment_name(self.establishment)


async def purchases_alike(db: Db, case_id: UUID, now: datetime) -> tuple[Alike, ...]:
    """The establishment's own first, then those of the GHT, newest first."""
    return tuple(Alike(*row) for row in await db.fetch(ALIKE, case_id, now - LOOKING_BACK, MOST))

"""Reading purchases: the board by keyset, its counts, one purchase, contract ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.purchasing.model.purchase import Purchase, State
from services.purchasing.store.purchases import purchase_of
from services.purchasing.words import establishment_name, route_label
from shared.database.postgres import Db

PAGE: Final = 50
LATE: Final = "late"

_LISTED: Final = """
SELECT case_id, reference, title, establishment, domain, state, route, amount_cents, opened_at, deadline_at, late_since,
    contract_ends_on
FROM purchase WHERE """
BY_STATE: Final = _LISTED + "state = ANY($1::text[]) AND case_id > $2 ORDER BY case_id LIMIT $3"
ANY_STATE: Final = _LISTED + "case_id > $1 AND need IS NOT NULL ORDER BY case_id LIMIT $2"
LATE_ONES: Final = _LISTED + "late_since IS NOT NULL AND case_id > $1 ORDER BY case_id LIMIT $2"
ENDING: Final = (
    _LISTED
    + """contract_ends_on >= $1 AND (contract_ends_on, case_id) > ($2, $3) AND state <> 'closed'
ORDER BY contract_ends_on, case_id LIMIT $4"""
)
# Only what waits for somebody is counted, by its index: what is decided or closed grows for ever.
COUNTS: Final = """
SELECT state, count(*) FROM purchase WHERE state = ANY($1::text[]) AND need IS NOT NULL GROUP BY state
UNION ALL SELECT 'late', count(*) FROM purchase WHERE late_since IS NOT NULL AND need IS NOT NULL
"""
WAITING: Final = (State.TO_QUALIFY, State.TO_CONFIRM, State.CENSUS)
ONE: Final = """
SELECT case_id, state, opened_at, deadline_at, late_since, need, review, work FROM purchase
WHERE case_id = $1 AND need IS NOT NULL
"""
FIRST: Final = UUID(int=0)


class Listed(msgspec.Struct, frozen=True):
    """One line of the board."""

    case_id: UUID
    reference: str
    title: str
    establishment: str
    domain: str
    state: State
    route: str | None
    amount_cents: int | None
    opened_at: datetime | None
    deadline_at: datetime | None
    late_since: datetime | None
    contract_ends_on: date | None

    @property
    def establishment_name(self) -> str:
        """Its establishment, in words."""
        return establishment_name(self.establishment)

    @property
    def route_label(self) -> str:
        """Its route, in words; empty where none is proposed yet."""
        return route_label(self.route) if self.route else ""


async def purchases_list(
    db: Db, states: str | tuple[str, ...] | None, after: UUID | None, limit: int = PAGE
) -> list[Listed]:
    """Purchases in some states, those that are late, or all; oldest case first, one more than `limit` where there is more."""
    start, most = after or FIRST, limit + 1
    if states == LATE:
        rows = await db.fetch(LATE_ONES, start, most)
    elif states is None:
        rows = await db.fetch(ANY_STATE, start, most)
    else:
        rows = await db.fetch(BY_STATE, states, start, most)
    return _listed(rows)


async def purchases_counts(db: Db) -> dict[str, int]:
    """How many purchases stand in each of the states that wait for somebody, and how many are late."""
    waiting = [state.value for state in WAITING]
    return dict.fromkeys(waiting, 0) | {row[0]: row[1] for row in await db.fetch(COUNTS, waiting)}


async def purchase_get(db: Db, case_id: UUID) -> Purchase | None:
    """The purchase of a case, closed or not."""
    row = await db.fetchrow(ONE, case_id)
    return None if row is None else purchase_of(row)


async def contracts_ending(db: Db, today: date, after: tuple[date, UUID] | None, limit: int = PAGE) -> list[Listed]:
    """Contracts by the day they end, nearest first."""
    start, case_id = after or (date.min, FIRST)
    return _listed(await db.fetch(ENDING, today, start, case_id, limit + 1))


def _listed(rows: Sequence[Any]) -> list[Listed]:
    return [Listed(**{**row, "state": State(row["state"])}) for row in rows]

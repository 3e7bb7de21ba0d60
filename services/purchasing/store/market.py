"""The market in the database: read whole, since it is small and the same for every case."""

from typing import Any, Final

from services.purchasing.model.market import Agreement, Market, Policy
from services.purchasing.model.routing.table import parse_table
from shared.database.postgres import Db

VERSION: Final = "SELECT version FROM knowledge_version"
COLUMNS: Final = """agreement_id, body, kind, title, number, cpv, domains, valid_from, valid_to, ceiling_cents,
    consumed_cents, may_order, orderers, named_at_start, suppliers, note, example, withdrawn, revision"""
AGREEMENTS: Final = f"SELECT {COLUMNS} FROM agreement ORDER BY agreement_id"  # noqa: S608 - our own columns
POLICIES: Final = """
SELECT policy_id, establishment, allowed, valid_from, source, example
FROM direct_purchase_policy ORDER BY establishment, valid_from
"""
TABLES: Final = "SELECT document FROM routing_table ORDER BY valid_from"


async def market_load(db: Db) -> Market:
    """Agreements, policies and published tables, parsed; the version is read first, so that a later one is seen."""
    version = int(await db.fetchval(VERSION))
    return Market(
        version,
        await agreements_all(db),
        await policies_all(db),
        tuple(parse_table(row[0]) for row in await db.fetch(TABLES)),
    )


async def agreements_all(db: Db) -> tuple[Agreement, ...]:
    """Every agreement, withdrawn ones included."""
    return tuple(agreement_of(row) for row in await db.fetch(AGREEMENTS))


async def policies_all(db: Db) -> tuple[Policy, ...]:
    """Every policy by establishment and date."""
    return tuple(Policy(*row) for row in await db.fetch(POLICIES))


def agreement_of(row: Any) -> Agreement:
    """An agreement from a row of COLUMNS."""
    values = list(row)
    for place in (5, 6, 12, 14):
        values[place] = tuple(values[place])
    return Agreement(*values)

"""The market in the database: read whole, since it is small and the same for every case."""

from datetime import date, datetime
from typing import Final

import msgspec

from services.purchasing.model.market import Market, Policy
from services.purchasing.model.routing.document import TableDocument
from services.purchasing.model.routing.table import published_table, shipped_table
from services.purchasing.store.agreements import agreements_all
from shared.database.postgres import Db

VERSION: Final = "SELECT version FROM knowledge_version"
UNTOUCHED: Final = """
SELECT NOT EXISTS (SELECT FROM agreement) AND NOT EXISTS (SELECT FROM direct_purchase_policy)
    AND NOT EXISTS (SELECT FROM knowledge_change)
"""
POLICIES: Final = """
SELECT policy_id, establishment, allowed, valid_from, source, example
FROM direct_purchase_policy ORDER BY establishment, valid_from
"""
POLICY_OF_DAY: Final = """
SELECT policy_id, establishment, allowed, valid_from, source, example FROM direct_purchase_policy
WHERE establishment = $1 AND valid_from = $2
"""
INSERT_POLICY: Final = """
INSERT INTO direct_purchase_policy (policy_id, establishment, allowed, valid_from, source, example)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""
TABLES: Final = "SELECT document, published_at, published_by_title FROM routing_table ORDER BY valid_from DESC"
TABLE: Final = "SELECT document, published_at, published_by_title FROM routing_table WHERE version = $1"
INSERT_TABLE: Final = """
INSERT INTO routing_table (version, valid_from, document, published_at, published_by_title) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""


class StoredTable(msgspec.Struct, frozen=True):
    """A published table as its text."""

    document: str
    published_at: datetime
    published_by_title: str


class Published(msgspec.Struct, frozen=True):
    """A table and who published it; nobody did for the one that ships with the product."""

    table: TableDocument
    published_at: datetime | None = None
    published_by_title: str = ""


async def market_load(db: Db) -> Market:
    """Agreements, policies and published tables, parsed; the version is read first, so that a later one is seen."""
    version = int(await db.fetchval(VERSION))
    tables = await tables_published(db)
    return Market(
        version,
        await agreements_all(db),
        await policies_all(db),
        tuple(one.table for one in tables if one.published_at is not None),
    )


async def market_untouched(db: Db) -> bool:
    """Whether nobody has entered anything yet."""
    return bool(await db.fetchval(UNTOUCHED))


async def policies_all(db: Db) -> tuple[Policy, ...]:
    """Every policy by establishment and date."""
    return tuple(Policy(**row) for row in await db.fetch(POLICIES))


async def policy_of_day(db: Db, establishment: str, valid_from: date) -> Policy | None:
    """The policy of an establishment that begins on a day."""
    row = await db.fetchrow(POLICY_OF_DAY, establishment, valid_from)
    return None if row is None else Policy(**row)


async def policy_insert(db: Db, policy: Policy) -> bool:
    """Whether it was added: not where the establishment has one of the same day."""
    done = await db.execute(
        INSERT_POLICY,
        policy.policy_id,
        policy.establishment,
        policy.allowed,
        policy.valid_from,
        policy.source,
        policy.example,
    )
    return bool(done == "INSERT 0 1")


async def tables_published(db: Db) -> tuple[Published, ...]:
    """Every version, the latest start first; the one that ships with the product is the first of all."""
    rows = [StoredTable(**row) for row in await db.fetch(TABLES)]
    published = (Published(published_table(r.document), r.published_at, r.published_by_title) for r in rows)
    return (*published, Published(shipped_table()))


async def table_stored(db: Db, version: str) -> StoredTable | None:
    """A published version, as it was sent."""
    row = await db.fetchrow(TABLE, version)
    return None if row is None else StoredTable(**row)


async def table_insert(db: Db, table: TableDocument, text: str, by_title: str, now: datetime) -> bool:
    """Whether it was published: not where another one has its version or its first day."""
    return bool(await db.execute(INSERT_TABLE, table.version, table.valid_from, text, now, by_title) == "INSERT 0 1")

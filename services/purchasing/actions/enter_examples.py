"""A local system begins with example agreements and policies, each marked as one; anywhere else the market begins empty."""

import asyncio
from typing import Final

import asyncpg

from services.purchasing.model.example_market import example_market
from services.purchasing.model.market import Market
from shared.basics import clock
from shared.basics.calendar import local
from shared.database.postgres import TRANSIENT, Db
from shared.program.settings import ServiceSettings

AGREEMENT: Final = """
INSERT INTO agreement (agreement_id, body, kind, title, number, cpv, domains, valid_from, valid_to, ceiling_cents,
    consumed_cents, may_order, orderers, named_at_start, suppliers, note, example)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, true)
ON CONFLICT DO NOTHING
"""
POLICY: Final = """
INSERT INTO direct_purchase_policy (policy_id, establishment, allowed, valid_from, source, example)
VALUES ($1, $2, $3, $4, $5, true)
ON CONFLICT DO NOTHING
"""


UNTOUCHED: Final = """
SELECT NOT EXISTS (SELECT FROM agreement) AND NOT EXISTS (SELECT FROM direct_purchase_policy)
    AND NOT EXISTS (SELECT FROM knowledge_change)
"""


async def enter_examples(settings: ServiceSettings) -> None:
    """Enter the examples where nobody has entered anything yet; does nothing outside local mode."""
    if settings.mode != "local":
        return
    db = await _connect_patiently(settings.database.get_secret_value())
    try:
        async with db.transaction():
            if await db.fetchval(UNTOUCHED):
                await _enter(db, example_market(local(clock.now()).date()))
    finally:
        await db.close()


async def _enter(db: Db, market: Market) -> None:
    for a in market.agreements:
        await db.execute(
            AGREEMENT,
            *(a.agreement_id, a.body, a.kind, a.title, a.number, a.cpv, a.domains, a.valid_from, a.valid_to),
            *(a.ceiling_cents, a.consumed_cents, a.may_order, a.orderers, a.named_at_start, a.suppliers, a.note),
        )
    for p in market.policies:
        await db.execute(POLICY, p.policy_id, p.establishment, p.allowed, p.valid_from, p.source)


async def _connect_patiently(dsn: str) -> Db:
    """A service waits for its database, whoever starts first."""
    pause = 0.2
    while True:
        try:
            return await asyncpg.connect(dsn, timeout=10)
        except TRANSIENT:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

"""A local system begins with example agreements and policies, each marked as one; anywhere else the market begins empty."""

import asyncio

import asyncpg

from services.purchasing.model.example_market import example_market
from services.purchasing.store.agreements import agreement_insert
from services.purchasing.store.market import market_untouched, policy_insert
from shared.basics import clock
from shared.basics.calendar import local
from shared.database.postgres import TRANSIENT, Db
from shared.program.settings import ServiceSettings


async def enter_examples(settings: ServiceSettings) -> None:
    """Enter the examples where nobody has entered anything yet; does nothing outside local mode."""
    if settings.mode != "local":
        return
    db = await _connect_patiently(settings.database.get_secret_value())
    try:
        async with db.transaction():
            if await market_untouched(db):
                market = example_market(local(clock.now()).date())
                for agreement in market.agreements:
                    await agreement_insert(db, agreement.agreement_id, agreement, example=True)
                for policy in market.policies:
                    await policy_insert(db, policy)
    finally:
        await db.close()


async def _connect_patiently(dsn: str) -> Db:
    """Retry until the database answers."""
    pause = 0.2
    while True:
        try:
            return await asyncpg.connect(dsn, timeout=10)
        except TRANSIENT:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

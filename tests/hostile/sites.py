"""The three services at work on their own databases, each with cases of two establishments."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import orjson

from services.purchasing.actions.enter_examples import enter_examples
from services.purchasing.service import SERVICE as PURCHASING
from services.purchasing.store.purchases import PurchaseStore
from services.request.service import SERVICE as REQUEST
from services.review.service import SERVICE as REVIEW
from shared.basics.clock import now
from shared.casework.decide import Work
from shared.contracts.catalogue import consumed_by
from shared.contracts.event import CaseEvent
from shared.database.postgres import EVERYTHING
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.messaging.parked import Message
from shared.program.registry import SERVICES, path_of
from shared.program.running import Running
from shared.program.service import Service, assemble, web_app
from shared.program.settings import ServiceSettings
from tests.helpers.servers import Database

SECRET = "a secret of the tests, 32 characters"


@dataclass
class Site:
    """One service: its client never hides a crash behind an exception."""

    name: str
    running: Running[Any]
    client: httpx.AsyncClient
    document: dict[str, Any]

    async def hear(self, event: CaseEvent) -> None:
        """What an event of another service does here."""
        decide, at = self.running.service.casework[type(event)], now()
        await self.running.desk.run(Work(event.case_id, EVERYTHING, lambda state: decide(state, event, at), at))


def token(account: str, seconds: int = 3600) -> str:
    """The bearer token of a demo account."""
    return Tokens(SECRET).issue(DEMO_ACCOUNTS[account].person, seconds).token


def by(account: str) -> dict[str, str]:
    """Headers of a demo account."""
    return {"authorization": f"Bearer {token(account)}"}


def assemblies() -> dict[str, Service[Any]]:
    """A fresh assembly of each service."""
    return {"request": REQUEST, "review": REVIEW, "purchasing": replace(PURCHASING, store=PurchaseStore())}


@asynccontextmanager
async def sites_at_work(create_database: Callable[[str], Database]) -> AsyncIterator[dict[str, Site]]:
    """All three, ended afterwards."""
    sites: dict[str, Site] = {}
    desks = []
    for name, service in assemblies().items():
        settings = _settings(name, create_database(name))
        if name == "purchasing":
            await enter_examples(settings)
        running = await assemble(service, settings)
        desks.append(asyncio.create_task(running.desk.serve()))
        transport = httpx.ASGITransport(web_app(running), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=f"http://{name}.test")
        await running.inbox.receive([Message(consumed_by(name)[0].name, 0, 0, b"case", (), b"not an event")])
        document = orjson.loads((await client.get(f"{path_of(name)}/openapi.json")).content)
        sites[name] = Site(name, running, client, document)
    try:
        yield sites
    finally:
        for desk in desks:
            desk.cancel()
            with suppress(asyncio.CancelledError):
                await desk
        for site in sites.values():
            await site.client.aclose()
            site.running.close()


async def events_of(site: Site, case_id: UUID) -> list[tuple[str, Any]]:
    """What a service said about a case, as type and JSON."""
    rows = await site.running.pool.fetch("SELECT type, data FROM outbox WHERE key = $1 ORDER BY position", case_id)
    return [(row[0], row[1]) for row in rows]


def _settings(name: str, database: Database) -> ServiceSettings:
    urls = {f"{other}_url": f"http://{other}.test" for other in SERVICES}
    return ServiceSettings.model_validate(
        {
            "service": name, "mode": "local", "kafka": "127.0.0.1:1", "session_secret": SECRET,
            "database": database.app, "port": 8001, "rates": 0, **urls,
        }
    )  # fmt: skip

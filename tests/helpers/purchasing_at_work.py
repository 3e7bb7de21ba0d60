"""The purchasing service at work on a real database, without Kafka: events are handed to its inbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import httpx
import orjson

from services.purchasing.actions.enter_examples import enter_examples
from services.purchasing.actions.pass_deadline import PurchaseDeadlines, pass_deadline
from services.purchasing.model.purchase import PurchaseFile
from services.purchasing.service import SERVICE
from services.purchasing.store.purchases import PurchaseStore
from shared.basics.clock import now
from shared.basics.ids import new_id
from shared.casework.deadlines import sweep
from shared.contracts.envelope import headers_of
from shared.contracts.event import CaseEvent, Origin
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.messaging.parked import Message
from shared.program.running import Running
from shared.program.service import assemble, web_app
from shared.program.settings import ServiceSettings
from tests.helpers.servers import Database

SECRET = "a secret of the tests, 32 characters"


@dataclass
class AtWork:
    """The service, a client of its API, and the way to hand it events."""

    running: Running[PurchaseFile]
    http: httpx.AsyncClient
    offsets: dict[str, int] = field(default_factory=dict)

    def by(self, account: str) -> dict[str, str]:
        """Headers of a demo account."""
        return {"Authorization": f"Bearer {Tokens(SECRET).issue(DEMO_ACCOUNTS[account].person, 3600).token}"}

    async def get(self, path: str, account: str = "buyer", status: int = 200) -> dict[str, Any]:
        """A JSON answer with the status that is expected."""
        answer = await self.http.get(path, headers=self.by(account))
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def post(self, path: str, body: Any, account: str = "buyer", status: int = 200) -> dict[str, Any]:
        """A JSON answer with the status that is expected."""
        answer = await self.http.post(path, json=body, headers=self.by(account))
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def hear(self, *events: CaseEvent, event_id: UUID | None = None) -> None:
        """Deliver these events in one batch."""
        messages = []
        for event in events:
            self.offsets[event.topic] = self.offsets.get(event.topic, -1) + 1
            given = event_id or new_id()
            origin = Origin(
                event_id=given, source="/test", time=now(), correlation_id=given, causation_id=given, sequence=1
            )
            headers = tuple(headers_of(event.type, str(event.key), origin))
            value = event.model_dump_json().encode()
            messages.append(Message(event.topic, 0, self.offsets[event.topic], str(event.key).encode(), headers, value))
        await self.running.inbox.receive(messages)

    async def outbox(self, case_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """What was told about a case: the name and the data of each event."""
        rows = await self.running.pool.fetch("SELECT type, data FROM outbox WHERE key = $1 ORDER BY position", case_id)
        return [(row[0].split(".")[1], orjson.loads(row[1])) for row in rows]

    async def told(self, case_id: UUID) -> list[str]:
        """The names of the events about a case."""
        return [kind for kind, _ in await self.outbox(case_id)]

    async def sweep(self, at: Any) -> int:
        """Act on the deadlines that have passed at that moment."""
        return await sweep(
            self.running.pool,
            PurchaseDeadlines(),
            lambda case_id, then: pass_deadline(self.running, case_id, then),
            at,
        )


@asynccontextmanager
async def purchasing_at_work(database: Database) -> AsyncIterator[AtWork]:
    """Desk and web application at work, on the examples of a local system."""
    settings = ServiceSettings.model_validate(
        {
            "service": "purchasing",
            "mode": "local",
            "kafka": "127.0.0.1:1",
            "session_secret": SECRET,
            "database": database.app,
            "port": 8003,
        }
    )
    await enter_examples(settings)
    running = await assemble(replace(SERVICE, store=PurchaseStore()), settings)
    desk = asyncio.create_task(running.desk.serve())
    transport = httpx.ASGITransport(app=web_app(running))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://achats.test") as http:
            yield AtWork(running, http)
    finally:
        desk.cancel()
        with suppress(asyncio.CancelledError):
            await desk
        running.close()

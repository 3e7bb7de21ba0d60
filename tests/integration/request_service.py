"""The request service at work on a real PostgreSQL, without Kafka, for its tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from services.request.service import SERVICE
from shared.basics.clock import now
from shared.basics.ids import new_id
from shared.contracts.envelope import headers_of
from shared.contracts.event import Event, Origin
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.messaging.parked import Message
from shared.program.running import Running
from shared.program.service import assemble, web_app
from shared.program.settings import ServiceSettings
from tests.helpers.servers import Database

SECRET = "a secret of the tests, 32 characters"
NEED: dict[str, Any] = {
    "kind": "new",
    "title": "Planification du bloc opératoire",
    "description": "Deux personnes ne peuvent pas ouvrir le tableau en même temps.",
    "domain": "bloc-operatoire",
    "data": "health",
    "care_stops": True,
    "max_downtime_hours": 4,
}


@dataclass
class Service:
    """The request service at work, without Kafka: events are handed to its inbox."""

    running: Running[Any]
    client: httpx.AsyncClient
    tokens: Tokens
    offsets: dict[str, int] = field(default_factory=dict)

    def by(self, account: str, **headers: str) -> dict[str, str]:
        """Headers of a demo account."""
        return {"Authorization": f"Bearer {self.tokens.issue(DEMO_ACCOUNTS[account].person, 3600).token}", **headers}

    async def create(self, account: str = "requester-chu", **fields: Any) -> str:
        answer = await self.client.post("/demandes/api/requests", json={**NEED, **fields}, headers=self.by(account))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    async def case(self, case_id: str, account: str = "requester-chu") -> dict[str, Any]:
        answer = await self.client.get(f"/demandes/api/requests/{case_id}", headers=self.by(account))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def found(self, typed: str, account: str = "requester-chu", **asked: str) -> list[str]:
        """The cases that a search finds, newest first."""
        params = {"q": typed, **asked}
        answer = await self.client.get("/demandes/api/requests", params=params, headers=self.by(account))
        assert answer.status_code == 200, answer.text
        return [one["case_id"] for one in answer.json()["requests"]]

    async def hear(self, *events: Event) -> None:
        """Deliver these events."""
        messages = []
        for event in events:
            self.offsets[event.topic] = self.offsets.get(event.topic, -1) + 1
            origin = Origin(
                event_id=new_id(),
                source="/services/test",
                time=now(),
                correlation_id=uuid4(),
                causation_id=uuid4(),
                sequence=1,
            )
            headers = tuple(headers_of(event.type, str(event.key), origin))
            value = event.model_dump_json().encode()
            messages.append(Message(event.topic, 0, self.offsets[event.topic], str(event.key).encode(), headers, value))
        await self.running.inbox.receive(messages)

    async def outbox(self, case_id: str) -> list[str]:
        """Types of the events that wait for Kafka."""
        async with self.running.pool.acquire() as db:
            rows = await db.fetch("SELECT type FROM outbox WHERE key = $1::uuid ORDER BY position", case_id)
        return [row[0] for row in rows]


@asynccontextmanager
async def at_work(request_database: Database) -> AsyncIterator[Service]:
    """The service, its desk flushing, its pages and API behind `client`."""
    settings = ServiceSettings(
        service="request",
        mode="local",
        kafka="127.0.0.1:1",
        session_secret=SECRET,
        database=request_database.app,
        port=8001,
    )
    running = await assemble(SERVICE, settings)
    desk = asyncio.create_task(running.desk.serve())
    app = web_app(running)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Service(running, client, Tokens(SECRET))
    desk.cancel()
    with suppress(asyncio.CancelledError):
        await desk
    running.close()

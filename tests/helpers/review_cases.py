"""What the tests of the review service share: people, needs, and the service on a real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from pydantic import AnyHttpUrl, SecretStr

from services.review.actions.open_review import open_review
from services.review.model.review import Review, State
from services.review.service import SERVICE
from shared.basics.ids import new_id
from shared.casework.decide import Work
from shared.contracts.events.requests import RequestSubmittedV2
from shared.contracts.need import Need
from shared.contracts.vocabulary import DataClass, RequestKind
from shared.database.postgres import EVERYTHING
from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.person import Person
from shared.identity.tokens import Tokens
from shared.program.running import Running
from shared.program.service import assemble, web_app
from shared.program.settings import ServiceSettings
from tests.helpers.servers import Database

CHU, ROANNE = "420784878", "420780033"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday without a public holiday in the three weeks after."""
SECRET = "a secret of the tests, long enough to sign"
EVIDENCE = "Dossier technique relu le 12 novembre, environnement d’essai visité."

_APPS: dict[int, Any] = {}


def person(account: str) -> Person:
    """A demo account, as a service knows it."""
    return DEMO_ACCOUNTS[account].person


def need(**changes: Any) -> Need:
    """An ordinary need of the operating theatre."""
    usual: dict[str, Any] = {
        "reference": "D-2026-0147",
        "kind": RequestKind.NEW,
        "title": "Planification du bloc opératoire",
        "description": "Nous planifions les interventions sur un tableau partagé, à deux mains impossible.",
        "requester": "requester-chu",
        "requester_title": "Cadre de santé, bloc opératoire",
        "establishment": CHU,
        "department": "Bloc opératoire",
        "domain": "operating-theatre",
        "users": 46,
        "data": DataClass.NONE,
        "care_stops": False,
    }
    return Need(**(usual | changes))


def submitted(at: datetime = MONDAY, **changes: Any) -> RequestSubmittedV2:
    """A request that has just been sent."""
    return RequestSubmittedV2(case_id=new_id(), submitted_at=at, need=need(**changes))


def opened(at: datetime = MONDAY, **changes: Any) -> Review:
    """The review that such a request opens."""
    review = open_review(None, submitted(at, **changes), at).state
    assert review is not None
    return review


@asynccontextmanager
async def review_service(database: Database) -> AsyncIterator[Running[State]]:
    """The service's parts at work on this database; no Kafka."""
    settings = ServiceSettings(
        service="review",
        mode="local",
        kafka="127.0.0.1:1",
        session_secret=SecretStr(SECRET),
        database=SecretStr(database.app),
        port=8002,
        review_url=AnyHttpUrl("http://review.test"),
    )
    running = await assemble(SERVICE, settings)
    desk = asyncio.create_task(running.desk.serve())
    try:
        yield running
    finally:
        _APPS.pop(id(running), None)
        desk.cancel()
        await asyncio.gather(desk, return_exceptions=True)
        running.close()


async def deliver(running: Running[State], event: Any, at: datetime) -> Any:
    """What an event does to its case, as the inbox would have it done."""
    decide = running.service.casework[type(event)]
    return await running.desk.run(Work(event.case_id, EVERYTHING, lambda state: decide(state, event, at), at))


@asynccontextmanager
async def client(running: Running[State], account: str) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP as this account: the API by its token, the pages by its cookie."""
    token = Tokens(SECRET).issue(person(account), 3600).token
    app = _APPS.get(id(running)) or _APPS.setdefault(id(running), web_app(running))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://review.test",
        headers={"Authorization": f"Bearer {token}"},
        cookies={"convergence_session": token},
    ) as http:
        yield http

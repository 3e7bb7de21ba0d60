"""Deadlines of requests on a real database: found by the sweep, told once, shown to those who are told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from services.request.actions.pass_deadline import RequestDeadlines, pass_deadline
from shared.basics.clock import now
from shared.casework.deadlines import sweep
from tests.helpers.servers import Database
from tests.integration.request_service import Service, at_work


@pytest.fixture
async def service(request_database: Database) -> AsyncIterator[Service]:
    async with at_work(request_database) as running:
        yield running


async def swept(service: Service, minutes: int) -> int:
    return await sweep(
        service.running.pool,
        RequestDeadlines(),
        lambda case_id, at: pass_deadline(service.running, case_id, at),
        now() + timedelta(minutes=minutes),
    )


async def test_a_review_that_never_starts_is_told_once(service: Service) -> None:
    case_id = await service.create()
    assert await swept(service, 14) == 0
    assert await swept(service, 16) == 1
    assert await swept(service, 17) == 0
    async with service.running.pool.acquire() as db:
        await db.execute("SELECT set_config('app.establishments', '*', false)")
        entries = await db.fetch("SELECT entry FROM trail WHERE case_id = $1 ORDER BY n", UUID(case_id))
    assert "deadline_passed" in entries[-1][0]
    assert "L’étude n’a pas commencé." in entries[-1][0]


async def test_operations_see_the_review_that_does_not_start(service: Service) -> None:
    case_id = await service.create("requester-roanne")
    async with service.running.pool.acquire() as db, db.transaction():
        await db.execute("SELECT set_config('app.establishments', '*', true)")
        follow_up = '{"submitted_at":"2026-01-05T08:00:00Z"}'
        await db.execute("UPDATE request SET follow_up = $2 WHERE case_id = $1", UUID(case_id), follow_up)
    late = (await service.client.get("/demandes/api/requests/late", headers=service.by("operator"))).json()["late"]
    assert [one["case_id"] for one in late] == [case_id]
    assert (await service.client.get("/demandes/api/requests/late", headers=service.by("buyer"))).json()["late"] == []


async def test_the_database_itself_hides_other_establishments(service: Service) -> None:
    await service.create("requester-roanne")
    async with service.running.pool.acquire() as db:
        for scope in ("420784878", ""):
            await db.execute("SELECT set_config('app.establishments', $1, false)", scope)
            for table in ("request", "request_form", "attachment", "request_key", "case_head", "trail"):
                assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608 - names of ours
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("UPDATE trail SET entry = ''")

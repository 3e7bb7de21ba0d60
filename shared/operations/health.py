"""Health for orchestrators and operators: is it alive, can it serve, how far behind is it."""

from typing import Any

import msgspec
from litestar import Request, Response, get

from shared.database.postgres import EVERYTHING, TRANSIENT, reading
from shared.messaging.parked import parked_count
from shared.program.running import running_of

BACKLOG = """
SELECT count(*)::int, coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 FROM outbox
"""


class Health(msgspec.Struct):
    """`ready`: the database answers. A service without Kafka stays ready: it accepts forms, and their events are sent later."""

    ready: bool
    database: bool
    consuming: bool
    relay_leads: bool
    relay_error: str | None
    outbox_waiting: int
    outbox_oldest_seconds: float
    parked: int
    consumer_stalled_since: str | None
    passed_by: dict[str, int]
    """Skipped messages of event types that this version does not know, by type: a producer was upgraded before its consumer."""


@get("/health/live", include_in_schema=False, sync_to_thread=False)
def live() -> dict[str, str]:
    """The event loop runs."""
    return {"status": "alive"}


@get("/health/ready", include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[Health]:
    """200 if commands can be accepted, else 503; in both cases how far behind the events are."""
    running = running_of(request)
    waiting, oldest, parked, database = 0, 0.0, 0, True
    try:
        async with reading(running.pool, EVERYTHING) as db:
            [(waiting, oldest)] = await db.fetch(BACKLOG)
            parked = await parked_count(db)
    except TRANSIENT:
        database = False
    stalled = running.inbox.stalled_since
    health = Health(
        ready=database,
        database=database,
        consuming=running.consumer.connected and stalled is None,
        relay_leads=running.relay.leads,
        relay_error=running.relay.last_error,
        outbox_waiting=waiting,
        outbox_oldest_seconds=oldest,
        parked=parked,
        consumer_stalled_since=stalled.isoformat() if stalled else None,
        passed_by=dict(running.inbox.passed_by),
    )
    return Response(health, status_code=200 if database else 503)

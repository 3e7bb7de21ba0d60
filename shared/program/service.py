"""A service as a program: HTTP, desk, relay, consumer and deadlines in one event loop, or split into `web` and `worker`.

`python -m services.<name> [all|web|worker|migrate]`. Start-up waits for PostgreSQL, not for Kafka: forms
are accepted while Kafka is away. SIGTERM finishes requests, then the batch in progress, then everything else.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog
import uvloop
from litestar.types import ControllerRouterHandler

from shared.basics import clock
from shared.basics.calendar import public_holidays, today
from shared.casework import deadlines
from shared.casework.deadlines import Deadlines
from shared.casework.decide import Memory, Store
from shared.casework.desk import Desk
from shared.contracts.catalogue import consumed_by
from shared.contracts.event import Event
from shared.database.migrate import migrate
from shared.database.postgres import BY_KEY, TRANSIENT, Pool, open_pool
from shared.identity.person import Role
from shared.messaging.consumer import Consumer
from shared.messaging.inbox import Casework, Inbox, Projections
from shared.messaging.relay import Relay
from shared.operations.handlers import DOCUMENTS, OPERATIONS_TEMPLATES, PROBES, operations_api, operations_pages
from shared.operations.story import READERS as STORY_READERS
from shared.program.logs import configure_logs
from shared.program.running import Running
from shared.program.settings import ServiceSettings, service_settings
from shared.web.app import create_app
from shared.web.http.serve import serve as serve_http

log = structlog.get_logger()
S = TypeVar("S")

# Most objects of a request or a message are freed by reference counting: run the cycle collector less often.
YOUNG_OBJECTS = (20_000, 20, 20)

CASE_CONNECTIONS = 4
"""For the desk's two flushers, the inbox and a replay."""

ROLES = ("all", "web", "worker", "migrate")


@dataclass(frozen=True)
class Service(Generic[S]):
    """What a service defines; `shared` does the rest.

    Give a `memory` only if a measurement asks for it and decisions depend on nothing but their case (ADR 0012);
    `opened_by` are the events that open a case. `own` makes what else the actions need in each process;
    `trail_words` are the French names of the decisions that the trail keeps.
    """

    name: str
    store: Store[S]
    casework: Casework[S]
    deadlines: Deadlines
    deadline_passed: Callable[["Running[S]", UUID, datetime], Awaitable[Any]]
    pages: Sequence[ControllerRouterHandler]
    api: Sequence[ControllerRouterHandler]
    templates: Path
    projections: Projections = field(default_factory=dict)
    memory: Callable[[], Memory[S]] | None = None
    opened_by: frozenset[type[Event]] = frozenset()
    story_readers: Sequence[Role] = STORY_READERS
    trail_words: Mapping[str, str] = field(default_factory=dict)
    own: Callable[[], Any] = lambda: None


def run(service: Service[S], arguments: Sequence[str]) -> None:
    """The program: parse the role, read the settings, run."""
    role = arguments[0] if arguments else "all"
    if role not in ROLES or len(arguments) > 1:
        raise SystemExit(f"usage: python -m services.{service.name} [{'|'.join(ROLES)}]")
    settings = service_settings(service.name)
    configure_logs(settings, service.name)
    if role == "migrate":
        migrate(settings)
        return
    sys.exit(uvloop.run(_run(service, settings, role)))


async def assemble(service: Service[S], settings: ServiceSettings) -> Running[S]:
    """A service connected to its database, not started yet."""
    dsn = settings.database.get_secret_value()
    pool = await _open_patiently(dsn, settings.pool_size, settings.service)
    case_pool = await _open_patiently(dsn, CASE_CONNECTIONS, f"{settings.service}-cases", **BY_KEY)
    relay = Relay(dsn, settings.kafka, settings.service, settings.kafka_prefix)
    memory = service.memory() if service.memory is not None else None
    inbox = Inbox(
        consumer=settings.service,
        pool=case_pool,
        store=service.store,
        types={topic.name: topic.types for topic in consumed_by(settings.service)},
        casework=service.casework,
        projections=service.projections,
        committed=relay.wake,
        memory=memory,
        opened_by=service.opened_by,
        attempts=settings.attempts,
    )
    return Running(
        service=service,
        own=service.own(),
        settings=settings,
        pool=pool,
        case_pool=case_pool,
        desk=Desk(case_pool, service.store, relay.wake, memory),
        relay=relay,
        inbox=inbox,
        consumer=Consumer(settings, inbox),
    )


async def _run(service: Service[S], settings: ServiceSettings, role: str) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    assembling = asyncio.create_task(assemble(service, settings))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({assembling, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not assembling.done():
        assembling.cancel()
        return 0
    running = await assembling
    work = [_task(running.desk.serve()), _task(running.relay.serve())]
    if role != "web":
        work.append(_task(running.consumer.serve()))
        work.append(
            _task(
                deadlines.serve(
                    running.pool,
                    service.deadlines,
                    lambda case_id, now: service.deadline_passed(running, case_id, now),
                    settings.sweep_seconds,
                )
            )
        )
    front = stopping
    if role != "worker":
        front = _task(serve_http(web_app(running), settings.host, settings.port, stop, settings))
    # Load the slow holidays library now rather than in somebody's first request.
    public_holidays(today(clock.now()).year)
    # Objects made at start-up live for ever: exclude them from garbage collection.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG_OBJECTS)
    log.info("service_started", role=role, port=settings.port)
    await asyncio.wait({front, stopping, *work}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    with suppress(Exception):
        await front
    # The consumer ends before the relay, so that the events of its last batch are still sent.
    for task in (*reversed(work), front, stopping):
        task.cancel()
        await asyncio.wait({task})
    running.close()
    faults = [task.exception() for task in (*work, front) if not task.cancelled() and task.exception() is not None]
    for fault in faults:
        log.error("service_failed", error=repr(fault), exc_info=fault)
    log.info("service_stopped", faults=len(faults))
    return 1 if faults else 0


def web_app(running: Running[S]) -> Any:
    """The ASGI application of a running service."""
    service = running.service
    return create_app(
        service.name,
        running.settings,
        pages=[*service.pages, *operations_pages(service.name)],
        api=[*service.api, *operations_api()],
        documents=DOCUMENTS,
        probes=PROBES,
        templates=[service.templates, OPERATIONS_TEMPLATES],
        state={"running": running},
    )


async def _open_patiently(dsn: str, size: int, application: str, **settings: str) -> Pool:
    pause = 0.2
    while True:
        try:
            return await open_pool(dsn, size, application, **settings)
        except TRANSIENT as error:
            log.warning("database_cannot_connect", error=repr(error), pause_s=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)


def _task(what: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    return asyncio.create_task(what)

"""Uvicorn inside a running event loop, beside the consumers and the relay of the same process."""

import asyncio
import resource
import socket
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import cast

import structlog
import uvicorn
from litestar.types import ASGIApp

from shared.program.limits import Limits
from shared.web.http.crowd import SPARE, Crowd
from shared.web.http.protocol import BoundedProtocol

KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than proxies keep theirs."""
GRACE = 5
"""Seconds for requests in progress to end; then open event streams are cut."""
BACKLOG = 2048
OTHER_FILES = 300
"""What a process opens besides its callers: databases, Kafka, files."""

log = structlog.get_logger("web")


class _Server(uvicorn.Server):
    """A server that installs no signal handlers."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; raises `OSError` where the port is taken, before anything else has started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


async def serve(app: ASGIApp, host: str, port: int, stop: asyncio.Event, limits: Limits | None = None) -> None:
    """Serve within the limits until `stop` is set; requests in progress end first. Raises `OSError` if the port is taken."""
    crowd = Crowd(limits or Limits())
    _allow_files(crowd.limits.connections + SPARE + OTHER_FILES)
    with listen(host, port) as bound:
        config = uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", partial(BoundedProtocol, crowd)),  # uvicorn only calls it
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            proxy_headers=False,  # our addresses come from the settings, never from the caller
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=GRACE,
        )
        server = _Server(config)

        async def end() -> None:
            await stop.wait()
            server.should_exit = True

        ending = asyncio.create_task(end())
        try:
            await server.serve(sockets=[bound])
        finally:
            ending.cancel()


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        log.warning("too_few_open_files", allowed=allowed, wanted=wanted)

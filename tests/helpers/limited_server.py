"""A real server with limits, in a thread with its own event loop, so that who floods it from a test does not slow it down."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from litestar import Litestar, Request, get, post

from shared.program.limits import Limits
from shared.web.http.serve import serve

DEADLINE = 30.0
"""Generous: no test passes or fails by how fast the machine is."""


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@get("/health/live")
async def live() -> str:
    return "alive"


@get("/page")
async def page() -> str:
    return "page"


@post("/x/api/echo")
async def echo(request: Request[Any, Any, Any]) -> bytes:
    return await request.body()


@get("/large")
async def large() -> bytes:
    return b"x" * 20_000_000


@contextmanager
def serving(app: Any = None, **limits: Any) -> Iterator[int]:
    """The port of a server that lives as long as the block."""
    port = free_port()
    served = app or Litestar([live, page, echo, large], openapi_config=None, logging_config=None)
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    def work() -> None:
        loop.run_until_complete(serve(served, "127.0.0.1", port, stop, Limits(**limits)))
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        _wait_for(port)
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(DEADLINE)
        assert not thread.is_alive()


def _wait_for(port: int) -> None:
    until = time.monotonic() + DEADLINE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.02)
        else:
            return


def connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    """An open connection that never waits longer than the deadline."""
    return socket.create_connection(("127.0.0.1", port), DEADLINE, source_address=(source, 0))


def read_all(connection: socket.socket) -> bytes:
    """What the server says until it ends the connection."""
    said = bytearray()
    while True:
        try:
            piece = connection.recv(1 << 16)
        except ConnectionResetError:
            return bytes(said)
        if not piece:
            return bytes(said)
        said += piece


def send_all(connection: socket.socket, data: bytes) -> None:
    """Send as much as the server takes."""
    try:
        connection.sendall(data)
    except OSError:  # reset by the server, or closed here because the answer has come
        return


def ask(port: int, said: bytes, source: str = "127.0.0.1") -> bytes:
    """The answer to these bytes on a connection of their own, read until its end."""
    with connect(port, source) as connection:
        sending = threading.Thread(target=send_all, args=(connection, said), daemon=True)
        sending.start()
        answer = read_all(connection)
    sending.join(DEADLINE)
    return answer


def status(answer: bytes) -> int:
    """Its status, 0 where there is none."""
    return int(answer[9:12]) if answer else 0


def header(answer: bytes, name: str) -> str | None:
    """A header of the answer."""
    for line in answer.partition(b"\r\n\r\n")[0].decode().splitlines()[1:]:
        key, _, value = line.partition(": ")
        if key.lower() == name:
            return value
    return None

"""The web server ends when told to, after the requests that it has begun."""

import asyncio
import socket
from contextlib import closing

import pytest
from litestar import Litestar, get

from shared.web.http.serve import listen, serve

DEADLINE = 10.0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def ask(port: int, path: str) -> bytes:
    """One raw request, sent as soon as the server listens."""
    async with asyncio.timeout(DEADLINE):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.01)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer


async def test_a_request_in_progress_ends_before_the_server_does() -> None:
    begun, finish, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @get("/slow")
    async def slow() -> str:
        begun.set()
        await finish.wait()
        return "done"

    port = free_port()
    app = Litestar([slow], openapi_config=None, logging_config=None)
    serving = asyncio.create_task(serve(app, "127.0.0.1", port, stop))
    asking = asyncio.create_task(ask(port, "/slow"))
    async with asyncio.timeout(DEADLINE):
        await begun.wait()
        stop.set()
        finish.set()
        answer = await asking
        await serving
    assert answer.endswith(b"done")
    assert b"server:" not in answer.lower()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_port_that_is_taken_is_said_before_anything_starts() -> None:
    app = Litestar([], openapi_config=None, logging_config=None)
    with listen("127.0.0.1", free_port()) as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            await serve(app, "127.0.0.1", taken.getsockname()[1], asyncio.Event())

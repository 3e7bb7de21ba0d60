"""What the people of the campaign must not do: make a busy service work for nobody."""

import asyncio

from faults.http import Http

TAKES = 0.4
"""Seconds that the service takes for each answer."""
PATIENCE = 3.0
PEOPLE = 10


async def _answers_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readline():
        while (await reader.readline()).strip():
            pass
        await asyncio.sleep(TAKES)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


async def test_whoever_stood_in_line_for_long_still_waits_for_the_answer() -> None:
    server = await asyncio.start_server(_answers_slowly, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    http = Http(at_once=1)
    async with server:
        asking = (http.ask("GET", f"{host}:{port}", "/", patience=PATIENCE) for _ in range(PEOPLE))
        answers = await asyncio.gather(*asking)
        http.close()
    assert [answer.status for answer in answers] == [200] * PEOPLE

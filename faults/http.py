"""A small HTTP client that keeps nothing of a connection on which anything went wrong.

A campaign sees thousands of timeouts and resets; a client with a shared pool ended up with the pool full
and no usable connection in it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

HIGHEST_SUCCESS = 300


class NoAnswer(Exception):
    """No whole answer came: whether the service took the command is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        return self.status < HIGHEST_SUCCESS

    def json(self) -> Any:
        """The body, or an empty document where there is none."""
        return orjson.loads(self.body) if self.body else {}


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Http:
    """Keeps idle connections by address (host:port); `at_once` of them at most are in use for each address."""

    def __init__(self, at_once: int = 32) -> None:
        self._idle: dict[str, list[Connection]] = defaultdict(list)
        self._room: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(at_once))

    async def ask(
        self,
        method: str,
        address: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        patience: float = 6.0,
    ) -> Answer:
        """One request, one answer; raises `NoAnswer`, also after `patience` seconds.

        Waiting for a free connection does not count: a caller with little patience left would hang up on an answer that
        is under way, all of them would, and a busy service would answer nobody.
        """
        try:
            async with self._room[address], asyncio.timeout(patience):
                return await self._ask(method, address, path, body, headers or {})
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
            raise NoAnswer(repr(error)) from error

    def close(self) -> None:
        """Drop what is idle."""
        for connections in self._idle.values():
            for _, writer in connections:
                writer.transport.abort()
        self._idle.clear()

    async def _ask(self, method: str, address: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        content = b"" if body is None else orjson.dumps(body)
        head = {**headers, "Host": address, "Content-Length": str(len(content)), "Content-Type": "application/json"}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        connection = await self._connect(address)
        reader, writer = connection
        whole = False
        try:
            writer.write("\r\n".join(lines).encode() + content)
            answer, keeps = await _read(reader)
            whole = keeps
            return answer
        finally:
            if whole:
                self._idle[address].append(connection)
            else:
                writer.transport.abort()

    async def _connect(self, address: str) -> Connection:
        while self._idle[address]:
            reader, writer = self._idle[address].pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.transport.abort()
        host, _, port = address.partition(":")
        return await asyncio.open_connection(host, int(port))


async def _read(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """The answer, and whether the connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(fields.get("content-length", "0")))
    return Answer(status, body), fields.get("connection", "").lower() != "close"

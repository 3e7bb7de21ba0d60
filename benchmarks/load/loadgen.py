"""The load: people who submit requests, reviewers who read the work list and give their opinions, over HTTP.

Raw keep-alive connections, because its processor time is taken from the same machine; it is reported apart.
The yardstick and the product stand behind the same paths, so this program does not know which it drives.
It reads commands on its standard input, a JSON `Load` a line, and answers `DONE` to each; it ends with its input.
"""

import asyncio
import itertools
import secrets
import sys
import time
from collections.abc import Iterator

import msgspec
import orjson
import uvloop

AT_ONCE = 200


class Check(msgspec.Struct, frozen=True):
    """One of the opinions of a case, and the headers of who gives it."""

    kind: str
    headers: str
    body: str


class Script(msgspec.Struct, frozen=True):
    """The requests to send. Headers are lines that end in CRLF."""

    request_port: int
    review_port: int
    submit_headers: str
    submit_bodies: list[str]
    list_headers: str
    checks: list[Check]
    callers: int
    keys: bool
    """Whether each submission carries an idempotency key of its own."""


class Load(msgspec.Struct, frozen=True):
    """So many cases, at `rate` a second (open loop), or as fast as the callers go where it is 0."""

    cases: int
    rate: float


class Client(asyncio.Protocol):
    """One connection that asks one thing at a time; opened again where the server closed it for being idle."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.buffer = b""
        self.waiting: asyncio.Future[bytes] | None = None
        self.transport: asyncio.Transport

    @classmethod
    async def to(cls, port: int) -> "Client":
        client = cls(port)
        await client.connect()
        return client

    async def connect(self) -> None:
        self.transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.waiting is None:
            return
        head = self.buffer[:end].lower()
        length = int(head[head.find(b"content-length:") + 15 :].split(b"\r\n", 1)[0])
        if len(self.buffer) >= end + 4 + length:
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], b""
            if head[9:10] == b"2":
                self.waiting.set_result(body)
            else:
                self.waiting.set_exception(RuntimeError((head + b"\n" + body).decode()))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(exc or EOFError("the service closed the connection"))

    async def ask(self, method: str, path: str, headers: str, body: bytes = b"") -> bytes:
        """The body of the answer; raises `RuntimeError` with all of it when it is no success."""
        if self.transport.is_closing():
            await self.connect()
        self.waiting = asyncio.get_running_loop().create_future()
        head = f"{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)
        return await self.waiting


class Crowd:
    """All clients, connected."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.bodies = itertools.cycle([body.encode() for body in script.submit_bodies])
        self.numbers = itertools.count(1)
        self.name = secrets.token_hex(8)
        self.after = "0"

    async def arrive(self) -> None:
        callers = range(self.script.callers)
        self.requesters = [await Client.to(self.script.request_port) for _ in callers]
        self.reviewers = [await Client.to(self.script.review_port) for _ in callers]
        self.reader = await Client.to(self.script.review_port)
        while len(await self.next_page()) == AT_ONCE:
            continue  # skip what was there before

    async def live(self, load: Load) -> None:
        """Returns once every case of the load has been submitted and all its opinions have been taken."""
        todo, started = iter(range(load.cases)), time.perf_counter()
        work: asyncio.Queue[str | None] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.read_list(load, work))
            for client in self.requesters:
                group.create_task(self.submit(client, load, todo, started))
            for client in self.reviewers:
                group.create_task(self.review(client, work))

    async def submit(self, client: Client, load: Load, todo: Iterator[int], started: float) -> None:
        for number in todo:
            if load.rate:
                await asyncio.sleep(max(0.0, started + number / load.rate - time.perf_counter()))
            headers = self.script.submit_headers
            if self.script.keys:
                headers += f"idempotency-key: {self.name}-{next(self.numbers)}\r\n"
            await client.ask("POST", "/demandes/api/requests", headers, next(self.bodies))

    async def read_list(self, load: Load, work: "asyncio.Queue[str | None]") -> None:
        seen, pause = 0, 0.005 if load.rate else 0.02
        while seen < load.cases:
            page = await self.next_page()
            for case_id in page:
                work.put_nowait(case_id)
            seen += len(page)
            if len(page) < AT_ONCE:
                await asyncio.sleep(pause)
        for _ in self.reviewers:
            work.put_nowait(None)

    async def next_page(self) -> list[str]:
        """The cases that were opened since the last poll."""
        path = f"/instruction/api/reviews?after={self.after}&limit={AT_ONCE}"
        page = orjson.loads(await self.reader.ask("GET", path, self.script.list_headers))
        found = [review["case_id"] for review in page["reviews"]]
        if found:
            self.after = page["next"]
        return found

    async def review(self, client: Client, work: "asyncio.Queue[str | None]") -> None:
        said = [(f"/checks/{check.kind}/opinion", check.headers, check.body.encode()) for check in self.script.checks]
        while (case_id := await work.get()) is not None:
            for path, headers, body in said:
                await client.ask("POST", f"/instruction/api/reviews/{case_id}{path}", headers, body)


async def main(script: Script) -> None:
    """Run the loads, one after the other."""
    crowd = Crowd(script)
    await crowd.arrive()
    loop = asyncio.get_running_loop()
    print("READY", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await crowd.live(msgspec.json.decode(line, type=Load))
        print("DONE", flush=True)


if __name__ == "__main__":
    uvloop.run(main(msgspec.json.decode(sys.argv[1], type=Script)))

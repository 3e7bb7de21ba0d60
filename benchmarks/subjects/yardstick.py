"""The yardstick: the journey of a case on raw asyncpg, aiokafka and a bare ASGI function, and nothing else.

Eight durable commits and three events a case, as lean as Python allows: what a product adds (identity, validation,
trail, row-level security, readable code) is measured against it. One program in three roles, as the product:
`python -m benchmarks.subjects.yardstick request|review|purchasing '{"dsn": …, "kafka": …, "run": …, "port": …}'`.
"""

import asyncio
import collections
import os
import signal
import sys
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypedDict

import asyncpg
import orjson
import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

INBOX = "CREATE TABLE inbox (event_id uuid PRIMARY KEY);"
OUTBOX = "CREATE TABLE outbox (seq bigserial PRIMARY KEY, key uuid NOT NULL, payload text NOT NULL);"
SCHEMAS = {
    "request": INBOX + OUTBOX + """
        CREATE TABLE cases (id uuid PRIMARY KEY, title text NOT NULL, department text NOT NULL, cost int NOT NULL,
            status text NOT NULL DEFAULT 'submitted', route text,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(), decided_at timestamptz) WITH (fillfactor = 80)""",
    "review": INBOX + OUTBOX + """
        CREATE TABLE reviews (case_id uuid PRIMARY KEY, seq bigserial UNIQUE, cost int NOT NULL, c1 int2 NOT NULL DEFAULT 0,
            c2 int2 NOT NULL DEFAULT 0, c3 int2 NOT NULL DEFAULT 0, c4 int2 NOT NULL DEFAULT 0) WITH (fillfactor = 50)""",
    "purchasing": INBOX + OUTBOX + """
        CREATE TABLE routes (case_id uuid PRIMARY KEY, route text NOT NULL, at timestamptz NOT NULL DEFAULT now())""",
}  # fmt: skip
TOPIC = {"request": "submitted", "review": "verdict", "purchasing": "decided"}
HEARS = {"request": "purchasing", "review": "request", "purchasing": "review"}
CHECKS = {"functional": 1, "infrastructure": 2, "skills": 3, "security": 4}
CONNECTIONS, BATCH, LINGER_SECONDS = 32, 500, 0.005

OPEN = """
WITH i AS (INSERT INTO inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id)
INSERT INTO reviews (case_id, cost) SELECT case_id, cost FROM unnest($1::uuid[], $2::uuid[], $3::int[])
    t(event_id, case_id, cost) JOIN i USING (event_id) ON CONFLICT DO NOTHING
"""
ROUTE = """
WITH i AS (INSERT INTO inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id),
t AS (SELECT case_id, route, payload FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])
    t(event_id, case_id, route, payload) JOIN i USING (event_id)),
r AS (INSERT INTO routes (case_id, route) SELECT case_id, route FROM t ON CONFLICT DO NOTHING)
INSERT INTO outbox (key, payload) SELECT case_id, payload FROM t
"""
DECIDE = """
WITH i AS (INSERT INTO inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id)
UPDATE cases SET status = 'decided', route = t.route, decided_at = clock_timestamp()
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) t(event_id, case_id, route) JOIN i USING (event_id)
WHERE cases.id = t.case_id
"""
SUBMIT = """
WITH c AS (INSERT INTO cases (id, title, department, cost) VALUES ($1, $2, $3, $4))
INSERT INTO outbox (key, payload) SELECT $1::uuid, $5::text RETURNING 1
"""
CHECK = """
WITH u AS (UPDATE reviews SET c{n} = $2 WHERE case_id = $1 AND c{n} = 0 RETURNING case_id, cost, c1, c2, c3, c4)
INSERT INTO outbox (key, payload) SELECT u.case_id, json_build_object('event_id', gen_random_uuid(),
    'case_id', u.case_id, 'cost', u.cost, 'passed', 2 NOT IN (u.c1, u.c2, u.c3, u.c4))::text
FROM u WHERE 0 NOT IN (u.c1, u.c2, u.c3, u.c4) RETURNING 1
"""
CHECK_OF = {kind: CHECK.format(n=n) for kind, n in CHECKS.items()}
LIST = "SELECT seq, case_id FROM reviews WHERE seq > $1 ORDER BY seq LIMIT 200"
NEXT = """
DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING seq, key, payload
"""


class Settings(TypedDict):
    """What one role is told. `run` keeps the topics of one run apart."""

    dsn: str
    kafka: str
    run: str
    port: int


def new_id() -> str:
    """A UUID in the order of time, as text."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    raw[6], raw[8] = raw[6] & 15 | 0x70, raw[8] & 63 | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def route(passed: bool, cost: int) -> str:
    """The whole decision table."""
    return "rejected" if not passed else "direct" if cost < 5000 else "three-quotes" if cost < 50000 else "tender"


async def connect(dsn: str) -> Any:
    """A connection that leaves UUIDs as text."""
    db = await asyncpg.connect(dsn)
    await db.set_type_codec("uuid", encoder=str, decoder=str, schema="pg_catalog", format="text")
    return db


class Role:
    """One of the three services."""

    def __init__(self, role: str, settings: Settings) -> None:
        self.role, self.settings = role, settings
        self.wake, self.tasks = asyncio.Event(), set[asyncio.Task[None]]()
        self.free: collections.deque[Any] = collections.deque()
        self.turns = asyncio.Semaphore(CONNECTIONS)
        self.background: Any = None

    async def start(self) -> None:
        for _ in range(CONNECTIONS):
            self.free.append(await connect(self.settings["dsn"]))
        self.background = await connect(self.settings["dsn"])
        self.spawn(self.relay())
        self.spawn(self.consume())
        self.spawn(self.serve())

    def spawn(self, what: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(what)
        self.tasks.add(task)
        task.add_done_callback(_fatal)

    async def run(self, sql: str, *arguments: Any) -> Any:
        """One statement is one durable commit; no reset query when a connection goes back."""
        async with self.turns:
            db = self.free.pop()
            try:
                return await db.fetch(sql, *arguments)
            finally:
                self.free.append(db)

    async def relay(self) -> None:
        """Woken in the writer's process, with a 1 s poll as safety net; lingers only after a busy batch."""
        db = await connect(self.settings["dsn"])
        await db.execute("SET synchronous_commit = off")  # losing the delete only means a second publish
        producer = AIOKafkaProducer(bootstrap_servers=self.settings["kafka"], acks="all", enable_idempotence=True)
        await producer.start()
        topic = f"{TOPIC[self.role]}-{self.settings['run']}"
        rows: Sequence[Any] = ()
        while True:
            if len(rows) > 4:
                await asyncio.sleep(LINGER_SECONDS)
            self.wake.clear()
            async with db.transaction():
                rows = sorted(await db.fetch(NEXT), key=lambda row: row[0])
                sent = [await producer.send(topic, row[2].encode(), key=row[1].encode()) for row in rows]
                if sent:
                    await asyncio.gather(*sent)
            if len(rows) < BATCH:
                try:
                    await asyncio.wait_for(self.wake.wait(), 1.0)
                except TimeoutError:
                    continue

    async def consume(self) -> None:
        """Batches; offsets trail the database, the inbox absorbs what is read again."""
        run = self.settings["run"]
        consumer = AIOKafkaConsumer(
            f"{TOPIC[HEARS[self.role]]}-{run}",
            bootstrap_servers=self.settings["kafka"],
            group_id=f"{self.role}-{run}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        committed, late = time.monotonic(), None
        while True:
            got = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
            if events := [orjson.loads(message.value) for messages in got.values() for message in messages]:
                await self.on_events(events)
            if time.monotonic() - committed > 0.5 and (late is None or late.done()):
                committed = time.monotonic()
                late = asyncio.create_task(consumer.commit())

    async def on_events(self, events: list[dict[str, Any]]) -> None:
        """One transaction for the batch."""
        ids, cases = [event["event_id"] for event in events], [event["case_id"] for event in events]
        if self.role == "review":
            await self.background.execute(OPEN, ids, cases, [event["cost"] for event in events])
        elif self.role == "request":
            await self.background.execute(DECIDE, ids, cases, [event["route"] for event in events])
        else:
            routes = [route(event["passed"], event["cost"]) for event in events]
            told = [
                orjson.dumps({"event_id": new_id(), "case_id": case, "route": chosen}).decode()
                for case, chosen in zip(cases, routes, strict=True)
            ]
            await self.background.execute(ROUTE, ids, cases, routes, told)
            self.wake.set()

    async def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, Any]:
        if method == "GET":
            rows = await self.run(LIST, int(query.partition("=")[2].partition("&")[0])) if query else []
            last = rows[-1][0] if rows else 0
            return 200, {"reviews": [{"case_id": row[1]} for row in rows], "next": str(last)}
        asked = orjson.loads(body)
        if path == "/demandes/api/requests":
            case = new_id()
            told = orjson.dumps({"event_id": new_id(), "case_id": case, "cost": asked["cost"]}).decode()
            await self.run(SUBMIT, case, asked["title"], asked["department"], asked["cost"], told)
            self.wake.set()
            return 201, {"case_id": case}
        parts = path.split("/")  # /instruction/api/reviews/{case}/checks/{kind}/opinion
        if await self.run(CHECK_OF[parts[6]], parts[4], 1 if asked["opinion"] == "favourable" else 2):
            self.wake.set()
        return 200, {"ok": True}

    async def serve(self) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            body = (await receive())["body"] if scope["method"] == "POST" else b""
            status, answer = await self.answer(scope["method"], scope["path"], scope["query_string"].decode(), body)
            data = orjson.dumps(answer)
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(data))]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": data})

        config = uvicorn.Config(
            app, port=self.settings["port"], http="httptools", loop="none", lifespan="off", ws="none", access_log=False,
            log_level="error", server_header=False, date_header=False,
        )  # fmt: skip
        await uvicorn.Server(config).serve()


def _fatal(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (fault := task.exception()) is not None:
        print("FAILED", repr(fault), file=sys.stderr, flush=True)
        os._exit(1)


async def main(role: str, settings: Settings) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    service = Role(role, settings)
    await service.start()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], orjson.loads(sys.argv[2])))

"""The relay: takes events from the outbox to Kafka, in order, at least once.

One relay leads per service: it holds an advisory lock on its own session, which PostgreSQL ends by itself when the
relay has been silent for `LEASE_SECONDS` (a paused process loses the lead, its successor goes on). A leader that was
away for longer than half of that publishes nothing more before it has asked PostgreSQL again.
A row leaves the outbox only after Kafka acknowledged it, so a crash in between sends it again: the inbox drops it.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable
from functools import lru_cache
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.casework.decide import News
from shared.contracts.envelope import headers_of
from shared.contracts.event import Origin
from shared.database.postgres import TRANSIENT, Session

log = structlog.get_logger()

LEADER_LOCK = 0x0C0_0001
LEASE_SECONDS = 10.0
POLL_SECONDS = 1.0
BATCH = 500
BUSY = 8
LINGER_PER_EVENT = 0.001
LONGEST_LINGER = 0.06
PATIENCE_SECONDS = 0.025
MAX_BATCH_BYTES = 512 * 1024

# What Kafka has leaves in the statement that asks for more.
NEXT = """
WITH gone AS (DELETE FROM outbox WHERE position = ANY($1::bigint[]))
SELECT position, event_id, topic, type, key, occurred_at, correlation_id, causation_id, sequence, data
FROM outbox WHERE position <> ALL ($1::bigint[]) ORDER BY position LIMIT $2
"""


@lru_cache(maxsize=8192)
def _hash(key: bytes) -> int:
    return int(murmur2(key)) & 0x7FFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """Where Kafka's own clients put this key. A case sends several events in a row: its hash is remembered."""
    return _hash(key) % partitions


DONE = "DELETE FROM outbox WHERE position = ANY($1::bigint[])"


class LeadLost(Exception):
    """This relay was away too long to know whether it still leads."""


class Relay:
    """Publishes the outbox of one service. `wake()` is called after each commit of this process."""

    def __init__(self, dsn: str, kafka: str, service: str, prefix: str = "") -> None:
        self._dsn = dsn
        self._kafka = kafka
        self._service = service
        self._source = f"/services/{service}"
        self._prefix = prefix
        self._woken = asyncio.Event()
        self._later: asyncio.TimerHandle | None = None
        self.leads = False
        self.published = 0
        self.last_error: str | None = None

    def wake(self, news: News | None = None) -> None:
        """There is something in the outbox; what may wait does so for `PATIENCE_SECONDS`, for company."""
        if news is None or news.urgent:
            self._woken.set()
        elif news.any and self._later is None:
            self._later = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._patience_ends)

    def _patience_ends(self) -> None:
        self._later = None
        self._woken.set()

    async def serve(self) -> None:
        """Lead or stand by for as long as the service lives; each failure starts over with a fresh session and producer."""
        pause = 0.1
        while True:
            started = time.monotonic()
            try:
                await self._session()
            except (*TRANSIENT, asyncpg.PostgresError, KafkaError, LeadLost) as error:
                self.last_error = repr(error)
                log.warning("relay_restarts", service=self._service, error=repr(error), pause_s=pause)
            finally:
                self.leads = False
            pause = 0.1 if time.monotonic() - started > 30 else min(pause * 2, 3.0)
            await asyncio.sleep(pause)

    async def _session(self) -> None:
        session = await asyncpg.connect(
            self._dsn,
            timeout=5,
            command_timeout=LEASE_SECONDS / 2,
            server_settings={
                "application_name": f"{self._service}-relay",
                "idle_session_timeout": f"{int(LEASE_SECONDS * 1000)}",
                # Losing a delete only means that an event is sent twice.
                "synchronous_commit": "off",
            },
        )
        try:
            while not await session.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):
                await self._stand_by(session)
            await session.add_listener("outbox", lambda *_: self.wake())
            await self._lead(session)
        finally:
            session.terminate()

    async def _stand_by(self, session: Session) -> None:
        """Another process leads: what is committed here is announced to it."""
        if await self._woken_within(POLL_SECONDS):
            self._woken.clear()
            await session.execute("NOTIFY outbox")

    async def _lead(self, session: Session) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._kafka,
            client_id=f"{self._service}-relay",
            acks="all",
            enable_idempotence=True,
            compression_type="lz4",
            # With the usual 16 kB a busy round would wait for Kafka several times in each partition.
            max_batch_size=MAX_BATCH_BYTES,
            request_timeout_ms=int(LEASE_SECONDS * 500),
        )
        sent: list[int] = []
        try:
            await self._in_time(session, producer.start())
            self.leads = True
            log.info("relay_leads", service=self._service)
            while True:
                self._woken.clear()
                asked = time.monotonic()
                rows = await session.fetch(NEXT, sent, BATCH)
                sent = []
                if rows:
                    positions = [row["position"] for row in rows]
                    publishing = asyncio.create_task(self._publish(producer, rows, asked))
                    try:
                        await asyncio.shield(publishing)
                    except asyncio.CancelledError:
                        if await _finished(publishing):
                            sent = positions
                        raise
                    sent = positions
                    self.published += len(rows)
                    self.last_error = None
                    if BUSY < len(rows) < BATCH:
                        # A busy moment: let the next batch fill, the longer the busier. A lone event never waits.
                        await asyncio.sleep(min(LONGEST_LINGER, LINGER_PER_EVENT * len(rows)))
                else:
                    await self._woken_within(POLL_SECONDS)
        finally:
            with contextlib.suppress(*TRANSIENT, asyncpg.PostgresError):
                # An orderly end leaves nothing to be sent twice.
                await session.execute(DONE, sent)
            await _end(producer)

    async def _publish(self, producer: AIOKafkaProducer, rows: list[asyncpg.Record], asked: float) -> None:
        """Send in order and wait for every acknowledgement; nothing is sent if the lead may have passed on since `asked`.

        A batch for each partition is built here: `producer.send` would cost as much again for each event.
        """
        batches: dict[tuple[str, int], BatchBuilder] = {}
        acknowledgements: list[Awaitable[Any]] = []

        async def send(place: tuple[str, int]) -> None:
            if time.monotonic() - asked > LEASE_SECONDS / 2:
                raise LeadLost("away for too long before sending")
            acknowledgements.append(await producer.send_batch(batches.pop(place), place[0], partition=place[1]))

        for row in rows:
            _, event_id, topic, event_type, key, at, correlation, causation, sequence, data = row
            origin = Origin(event_id, self._source, at, correlation, causation, sequence)
            name, subject = self._prefix + topic, str(key)
            message = {
                "timestamp": None,
                "key": subject.encode(),
                "value": data.encode(),
                "headers": headers_of(event_type, subject, origin),
            }
            place = name, partition_of(message["key"], len(await producer.partitions_for(name)))
            if place not in batches:
                batches[place] = producer.create_batch()
            if batches[place].append(**message) is None:  # it is full
                await send(place)
                batches[place] = producer.create_batch()
                batches[place].append(**message)
        for place in list(batches):
            await send(place)
        await asyncio.wait_for(asyncio.gather(*acknowledgements), LEASE_SECONDS / 2)

    async def _in_time(self, session: Session, starting: Awaitable[Any]) -> None:
        """Kafka may take long to come up: keep the session alive meanwhile, so that the lead stays known."""
        task = asyncio.ensure_future(starting)
        try:
            while not (await asyncio.wait({task}, timeout=POLL_SECONDS))[0]:
                await session.fetchval("SELECT 1")
            task.result()
        finally:
            task.cancel()

    async def _woken_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True


async def _finished(publishing: "asyncio.Task[None]") -> bool:
    """Whether what is under way at an orderly end reaches Kafka within half a lease; it is given up otherwise."""
    await asyncio.wait([publishing], timeout=LEASE_SECONDS / 2)
    if not publishing.done():
        publishing.cancel()
        return False
    return not publishing.cancelled() and publishing.exception() is None


async def _end(producer: AIOKafkaProducer) -> None:
    """Flushes what it has. While Kafka is away aiokafka would wait for ever, and send once more when nobody listens."""
    try:
        await asyncio.wait_for(producer.stop(), LEASE_SECONDS / 2)
    except (KafkaError, OSError, TimeoutError):
        with contextlib.suppress(KafkaError, OSError):
            await producer._sender.close()
            await producer.client.close()

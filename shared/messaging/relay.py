"""The relay: sends events from the outbox to Kafka, in order, at least once.

One relay leads per service: it holds an advisory lock on its own session, which PostgreSQL ends after `LEASE_SECONDS` of
silence (a paused process loses the lead and another takes over). A leader that was away for more than half of that
publishes nothing before it has queried PostgreSQL again.
A row leaves the outbox only after Kafka acknowledged it; a crash in between sends it again, and the inbox drops it.
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

from shared.casework.decide import Outgoing
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

# One round trip: delete what Kafka has acknowledged, fetch the next rows.
NEXT = """
WITH gone AS (DELETE FROM outbox WHERE position = ANY($1::bigint[]))
SELECT position, event_id, topic, type, key, occurred_at, correlation_id, causation_id, sequence, data
FROM outbox WHERE position <> ALL ($1::bigint[]) ORDER BY position LIMIT $2
"""


@lru_cache(maxsize=8192)
def _hash(key: bytes) -> int:
    return int(murmur2(key)) & 0x7FFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """The partition that Kafka's own clients choose for this key. A case sends several events in a row: hashes are cached."""
    return _hash(key) % partitions


DONE = "DELETE FROM outbox WHERE position = ANY($1::bigint[])"


class LeadLost(Exception):
    """This relay was paused for too long to be sure that it still leads."""


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

    def wake(self, outgoing: Outgoing | None = None) -> None:
        """Events were committed to the outbox; those that may wait are held for `PATIENCE_SECONDS` to fill a batch."""
        if outgoing is None or outgoing.urgent:
            self._woken.set()
        elif outgoing.any and self._later is None:
            self._later = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._patience_ends)

    def _patience_ends(self) -> None:
        self._later = None
        self._woken.set()

    async def serve(self) -> None:
        """Lead or stand by until cancelled; each failure starts again with a new session and producer."""
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
                # A lost delete only means that an event is sent twice.
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
        """Another process leads: notify it of commits here."""
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
            # With the default 16 kB a large batch would need several requests per partition.
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
                        # Busy: let the next batch fill, for longer the busier it is. A lone event never waits.
                        await asyncio.sleep(min(LONGEST_LINGER, LINGER_PER_EVENT * len(rows)))
                else:
                    await self._woken_within(POLL_SECONDS)
        finally:
            with contextlib.suppress(*TRANSIENT, asyncpg.PostgresError):
                # After an orderly end nothing is sent twice.
                await session.execute(DONE, sent)
            await _end(producer)

    async def _publish(self, producer: AIOKafkaProducer, rows: list[asyncpg.Record], asked: float) -> None:
        """Send in order and wait for every acknowledgement; sends nothing if the lead may have been lost since `asked`.

        Batches are built here, per partition: `producer.send` would double the cost of each event.
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
        """Keep the session alive while Kafka starts, however long it takes, so that the lead is not lost."""
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
    """Whether the batch in flight reaches Kafka within half a lease; it is cancelled otherwise."""
    await asyncio.wait([publishing], timeout=LEASE_SECONDS / 2)
    if not publishing.done():
        publishing.cancel()
        return False
    return not publishing.cancelled() and publishing.exception() is None


async def _end(producer: AIOKafkaProducer) -> None:
    """Flush and stop. While Kafka is away aiokafka would wait for ever, and send again after the end of the relay."""
    try:
        await asyncio.wait_for(producer.stop(), LEASE_SECONDS / 2)
    except (KafkaError, OSError, TimeoutError):
        with contextlib.suppress(KafkaError, OSError):
            await producer._sender.close()
            await producer.client.close()

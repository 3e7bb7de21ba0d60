"""FastStream on aiokafka: one batch subscriber per service, which passes the raw messages to the inbox.

By default FastStream acknowledges first, its parser fails on headers that are not text, and it continues after an
exception: here acknowledgement is manual, the envelope parses the bytes, and an unexpected exception ends the process.
Offsets are committed after the database commit, and never beyond it: if a commit of offsets fails or is late, messages are
read again and the inbox drops them.
"""

import asyncio
import time
from collections.abc import Sequence
from itertools import chain
from typing import Any

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.contracts.catalogue import consumed_by
from shared.messaging.inbox import Inbox
from shared.messaging.parked import Message
from shared.program.settings import ServiceSettings

log = structlog.get_logger()

OFFSETS_EVERY_SECONDS = 0.5
POLL_MILLISECONDS = 500
FETCH_WAITS_MILLISECONDS = 2_000
"""Kafka answers a fetch as soon as there is a message; without one, the fetch is repeated after this time."""
BUSY = 16
LINGER_PER_MESSAGE = 0.001
LONGEST_LINGER = 0.06


class Consumer:
    """Reads the topics of a service and passes the messages to its inbox."""

    def __init__(self, settings: ServiceSettings, inbox: Inbox[Any]) -> None:
        self._prefix = settings.kafka_prefix
        self._inbox = inbox
        self._done: dict[TopicPartition, int] = {}
        self._committed_at = 0.0
        self._late: asyncio.Task[None] | None = None
        self._stopping = False
        self._failed: asyncio.Future[None] | None = None
        self.connected = False
        self.broker = KafkaBroker(
            settings.kafka,
            client_id=f"{settings.service}-consumer",
            allow_auto_create_topics=False,
            graceful_timeout=20,
            apply_types=False,
            logger=None,
        )
        self.subscriber = self.broker.subscriber(
            *[self._prefix + topic.name for topic in consumed_by(settings.service)],
            group_id=self._prefix + settings.service,
            batch=True,
            max_records=settings.batch_size,
            fetch_max_wait_ms=FETCH_WAITS_MILLISECONDS,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            parser=_raw,
            decoder=_undecoded,
            no_reply=True,
        )
        self.subscriber(self.on_messages)
        self._most = settings.batch_size
        self.subscriber.get_msg = self._next_batch  # type: ignore[method-assign]
        self._next_offsets: dict[TopicPartition, int] = {}
        self._suspect: TopicPartition | None = None

    async def on_messages(self, batch: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
        """Pass the batch to the inbox; on return its offsets may be committed."""
        try:
            await self._inbox.receive([self._message(record) for record in batch])
        except Exception as fault:
            log.exception("consumer_stops", group=self.subscriber.group_id)
            self.subscriber.running = False
            if self._failed is not None and not self._failed.done():
                self._failed.set_exception(fault)
            raise
        reached = {(record.topic, record.partition): record.offset + 1 for record in batch}
        self._done.update({TopicPartition(*place): offset for place, offset in reached.items()})
        if self._stopping:
            await self._commit_offsets()
        elif self._late is None or self._late.done():
            self._late = asyncio.create_task(self._commit_later())
        if len(batch) > BUSY and not self._stopping:
            # Busy: let the next batch fill, for longer the busier it is. A lone event never waits.
            await asyncio.sleep(min(LONGEST_LINGER, LINGER_PER_MESSAGE * len(batch)))

    async def _next_batch(self, consumer: Any) -> tuple[Any, ...]:
        """The next batch. FastStream's getmany sleeps after an empty poll, which delays a lone message; this one does not."""
        try:
            arrived = await consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=self._most)
            batch = tuple(chain.from_iterable(arrived.values()))
        except UnicodeDecodeError:
            batch = tuple(await self._skip_unreadable(consumer))
        except ConsumerStoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - FastStream would restart silently
            log.error("consumer_cannot_read", group=self.subscriber.group_id, error=repr(error))
            await asyncio.sleep(1)
            return ()
        self._next_offsets.update({TopicPartition(each.topic, each.partition): each.offset + 1 for each in batch})
        return batch

    async def _skip_unreadable(self, consumer: Any) -> list[ConsumerRecord[Any, Any]]:
        """Read one by one up to the record that aiokafka cannot parse, and return that one by its position only.

        aiokafka fails on a header name that is not UTF-8, and drops the records that it had fetched with it.
        """
        mine = consumer.assignment()
        for partition in mine:
            at = self._next_offsets.get(partition) or await consumer.committed(partition)
            if at is None:
                await consumer.seek_to_beginning(partition)
            else:
                consumer.seek(partition, at)
        records: list[ConsumerRecord[Any, Any]] = []
        for partition in sorted(mine, key=lambda each: (each != self._suspect, each)):
            while len(records) < self._most:
                try:
                    arrived = await consumer.getmany(partition, timeout_ms=POLL_MILLISECONDS, max_records=1)
                except UnicodeDecodeError:
                    offset = await consumer.position(partition)
                    log.warning(
                        "record_unreadable", topic=partition.topic, partition=partition.partition, offset=offset
                    )
                    consumer.seek(partition, offset + 1)
                    self._suspect = partition
                    return [*records, _unreadable(partition, offset)]
                if not arrived:
                    break
                records += arrived[partition]
        return records

    async def serve(self) -> None:
        """Connect, however long Kafka takes, and consume until cancelled; raises an unexpected exception of the inbox."""
        self._failed = asyncio.get_running_loop().create_future()
        pause = 0.2
        while True:
            try:
                await self.broker.start()
                break
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("consumer_cannot_connect", error=repr(error), pause_s=pause)
                await self.broker.stop()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
        self.connected = True
        try:
            await self._failed
        finally:
            self.connected = False
            await self._stop()

    async def _stop(self) -> None:
        """Finish the batch in progress, commit its offsets, leave the group."""
        self._stopping = True
        if self._late is not None:
            self._late.cancel()
        await self._commit_offsets()
        await self.broker.stop()

    async def _commit_later(self) -> None:
        """Commit until nothing is left: offsets reached during a commit, or that it failed to commit, are in the next one."""
        while self._done:
            await asyncio.sleep(max(0.0, self._committed_at + OFFSETS_EVERY_SECONDS - time.monotonic()))
            await self._commit_offsets()

    async def _commit_offsets(self) -> None:
        """Commit what the database has, for the partitions that are still assigned to this consumer."""
        self._committed_at = time.monotonic()
        consumer = self.subscriber.consumer
        mine = consumer.assignment() if consumer is not None else frozenset()
        self._done = {partition: offset for partition, offset in self._done.items() if partition in mine}
        offsets = dict(self._done)
        if consumer is None or not offsets:
            return
        try:
            async with asyncio.timeout(5):
                await consumer.commit(offsets)
        except (KafkaError, OSError, TimeoutError) as error:
            log.info("offsets_not_committed", error=repr(error))
        else:
            self._done = {
                partition: offset for partition, offset in self._done.items() if offset != offsets.get(partition)
            }

    def _message(self, record: ConsumerRecord[bytes, bytes]) -> Message:
        topic = record.topic.removeprefix(self._prefix)
        return Message(topic, record.partition, record.offset, record.key, tuple(record.headers), record.value)


def _unreadable(partition: TopicPartition, offset: int) -> ConsumerRecord[Any, Any]:
    """A placeholder for a record that aiokafka cannot parse: its position, and a header that is not text."""
    return ConsumerRecord(
        topic=partition.topic, partition=partition.partition, offset=offset, timestamp=0, timestamp_type=0, key=None,
        value=None, checksum=None, serialized_key_size=-1, serialized_value_size=-1, headers=(("\ufffd", b"\xff"),),
    )  # fmt: skip


async def _raw(records: Sequence[ConsumerRecord[bytes, bytes]]) -> KafkaMessage:
    """The raw batch: no message may prevent the others from being read."""
    return KafkaMessage(
        body=records, raw_message=tuple(records), headers={}, message_id="", correlation_id="", consumer=FAKE_CONSUMER
    )


async def _undecoded(message: KafkaMessage) -> Any:
    return message.body

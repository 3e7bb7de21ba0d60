"""The consumer: offsets follow what is on disk to its end, so that the lag that operators see is the lag there is."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError
from aiokafka.record.util import calc_crc32c
from pydantic import SecretStr

from shared.contracts.catalogue import consumed_by
from shared.messaging.consumer import Consumer
from shared.messaging.inbox import Inbox
from shared.messaging.parked import Message
from shared.program.settings import ServiceSettings
from tests.integration.toy import until


class Handled:
    """An inbox that has everything on disk at once."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def receive(self, messages: Sequence[Message]) -> None:
        self.messages += messages


class Setting:
    """A consumer of the purchasing service on a topic with one partition."""

    def __init__(self, consumer: Consumer, handled: Handled, topics: list[str], producer: AIOKafkaProducer) -> None:
        self.consumer, self.handled, self.topics, self.producer = consumer, handled, topics, producer
        self.topic = topics[0]
        self._sent = 0

    async def handle_one(self) -> None:
        """One more message, sent and handled."""
        self._sent += 1
        await self.producer.send_and_wait(self.topic, b"{}", partition=0)
        await until(self._handled)

    async def at_rest(self) -> Any:
        """Kafka's client, once a first message is handled and its offset committed."""
        await self.handle_one()
        await until(self.all_committed)
        return self.consumer.subscriber.consumer

    async def all_committed(self) -> bool:
        kafka = cast("Any", self.consumer.subscriber.consumer)
        return bool(await kafka.committed(TopicPartition(self.topic, 0)) == self._sent)

    async def _handled(self) -> bool:
        return len(self.handled.messages) == self._sent


@pytest.fixture
def at_consumer(kafka_server: str, topic_prefix: str, create_topics: Callable[..., None]) -> Callable[[], Any]:
    return lambda: setting(kafka_server, topic_prefix + ".", create_topics)


@asynccontextmanager
async def setting(kafka: str, prefix: str, topics: Callable[..., None]) -> AsyncIterator[Setting]:
    names = [prefix + topic.name for topic in consumed_by("purchasing")]
    await asyncio.to_thread(topics, *names)
    settings = ServiceSettings(
        service="purchasing",
        kafka=kafka,
        kafka_prefix=prefix,
        session_secret=SecretStr("s" * 32),
        database=SecretStr("postgresql://nowhere"),
        port=8003,
    )
    handled = Handled()
    consumer = Consumer(settings, cast("Inbox[Any]", handled))
    serving = asyncio.create_task(consumer.serve())
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    try:
        yield Setting(consumer, handled, names, producer)
    finally:
        await producer.stop()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_what_is_handled_while_offsets_are_committed_is_committed_too(
    at_consumer: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_consumer() as here:
        kafka = await here.at_rest()
        committing, go_on, commit = asyncio.Event(), asyncio.Event(), kafka.commit

        async def slow(offsets: Any) -> None:
            committing.set()
            await go_on.wait()
            await commit(offsets)

        monkeypatch.setattr(kafka, "commit", slow)
        await here.handle_one()
        await asyncio.wait_for(committing.wait(), 30)
        await here.handle_one()
        go_on.set()
        await until(here.all_committed)


async def test_offsets_that_could_not_be_committed_are_committed_later(
    at_consumer: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_consumer() as here:
        kafka = await here.at_rest()
        commit, refused = kafka.commit, asyncio.Event()

        async def failing_once(offsets: Any) -> None:
            if not refused.is_set():
                refused.set()
                raise KafkaConnectionError
            await commit(offsets)

        monkeypatch.setattr(kafka, "commit", failing_once)
        await here.handle_one()
        await until(here.all_committed)
        assert refused.is_set()


class NotUtf8:
    """Builds a batch in which the name of each header `ZZ` is not UTF-8: Kafka takes it, its Python clients do not."""

    def __init__(self, builder: Any) -> None:
        self._builder = builder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._builder, name)

    def build(self) -> bytearray:
        batch = bytearray(bytes(self._builder.build()).replace(b"ZZ", b"\xff\xfe"))
        struct.pack_into(">I", batch, 17, calc_crc32c(bytes(batch[21:])))
        return batch


async def send(producer: AIOKafkaProducer, topic: str, *headers: str) -> None:
    """One batch with a record for each header."""
    batch = producer.create_batch()
    for name in headers:
        batch.append(key=None, value=b"{}", timestamp=None, headers=[(name, b"1")])
    batch._builder = NotUtf8(batch._builder)
    await (await producer.send_batch(batch, topic, partition=0))


async def test_a_record_that_kafkas_client_cannot_read_is_handed_on_by_its_place_and_nothing_beside_it_is_lost(
    at_consumer: Callable[[], Any],
) -> None:
    async with at_consumer() as here:
        other = next(name for name in here.topics if name != here.topic)
        await send(here.producer, here.topic, "a")
        await send(here.producer, other, "b")
        await send(here.producer, here.topic, "c", "ZZ", "d")
        await send(here.producer, here.topic, "e")
        await send(here.producer, other, "f")

        async def all_there() -> bool:
            return len(here.handled.messages) >= 7

        await until(all_there, 60)
        prefix = here.topic.removesuffix(here.handled.messages[0].topic)
        told = [(prefix + one.topic, one.offset, one.headers) for one in here.handled.messages]
        by_its_place = (("\ufffd", b"\xff"),)
        assert [(offset, headers) for topic, offset, headers in told if topic == here.topic] == [
            (0, (("a", b"1"),)),
            (1, (("c", b"1"),)),
            (2, by_its_place),
            (3, by_its_place),  # in one batch with it: the client reads no further there
            (4, (("e", b"1"),)),
        ]
        assert [(offset, headers) for topic, offset, headers in told if topic == other] == [
            (0, (("b", b"1"),)),
            (1, (("f", b"1"),)),
        ]

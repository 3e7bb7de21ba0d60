"""What the campaign does to the topics: reads them, repeats them, poisons them, and has a group read them again."""

import asyncio
from random import Random
from time import monotonic
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from faults.effects import acted_on
from shared.contracts.catalogue import BY_NAME

Place = tuple[str, int, int]
"""Topic, partition, offset."""

MOST_REPEATED = 200
PATIENCE = 30.0


async def read_all(address: str) -> list[Any]:
    """Every message of every topic, by partition in the order of its offsets."""
    consumer = await _reader(address)
    try:
        partitions = sorted(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        found: list[Any] = []
        left = {partition for partition, end in ends.items() if end > 0}
        while left:
            for partition, records in (await consumer.getmany(timeout_ms=500, max_records=5000)).items():
                found += [record for record in records if record.offset < ends[partition]]
            for partition in tuple(left):
                if await consumer.position(partition) >= ends[partition]:
                    left.discard(partition)
        return sorted(found, key=lambda record: (record.topic, record.partition, record.offset))
    finally:
        await consumer.stop()


async def repeat(address: str, random: Random, left_out: set[Place]) -> set[Place]:
    """Put old messages on their partitions once more, in another order; answers where they now stand."""
    old = [one for one in await read_all(address) if (one.topic, one.partition, one.offset) not in left_out]
    chosen = random.sample(old, min(MOST_REPEATED, len(old)))
    messages = [(r.topic, r.partition, r.key, r.value, list(r.headers)) for r in chosen]
    return await _send(address, messages)


async def poison(address: str, random: Random) -> set[Place]:
    """Random bytes, an unknown version, no data, headers that are not text or hold NUL: on every topic; answers where they
    stand.
    """
    messages = []
    for topic in BY_NAME:
        known_type = acted_on(topic)
        unknown = known_type.rpartition(".")[0] + ".v99"
        key = str(uuid4()).encode()
        known = [("ce_specversion", b"1.0"), ("ce_id", str(uuid4()).encode()), ("ce_source", b"/faults")]
        place = random.randrange(3)
        messages += [
            (topic, place, random.randbytes(40), random.randbytes(200), []),
            (topic, place, key, b"{}", [*known, ("ce_type", unknown.encode())]),
            (topic, place, key, None, [*known, ("ce_type", known_type.encode()), ("ce_time", b"2026-01-01T00:00:00Z")]),
            (topic, place, key, b"{}", [("ce_specversion", b"\xff\xfe"), ("ce_type", b"\xff")]),
            (topic, place, key, b"{}", [*known, ("ce_type", known_type.encode()), ("ce_time", b"a\x00b")]),
            (topic, place, key, b"{}", [("a\x00b", b"\x00")]),
        ]
    return await _send(address, messages)


async def read_again(address: str, group: str) -> None:
    """Set the group back to the start of its topics; it must have no member left."""
    reader = await _reader(address)
    partitions = sorted(reader.assignment())
    await reader.stop()
    deadline = monotonic() + PATIENCE
    while True:
        consumer = AIOKafkaConsumer(bootstrap_servers=address, group_id=group, enable_auto_commit=False)
        try:
            await consumer.start()
            consumer.assign(partitions)
            await consumer.commit(dict.fromkeys(partitions, 0))
            return
        except (KafkaError, OSError):
            if monotonic() > deadline:
                raise
            await asyncio.sleep(0.3)
        finally:
            await consumer.stop()


async def _reader(address: str) -> AIOKafkaConsumer:
    """A consumer of no group, with all partitions of all topics."""
    deadline = monotonic() + PATIENCE
    while True:
        consumer = AIOKafkaConsumer(
            *BY_NAME, bootstrap_servers=address, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            return consumer
        except KafkaError:
            await consumer.stop()
            if monotonic() > deadline:
                raise
            await asyncio.sleep(0.3)


async def _send(address: str, messages: list[tuple[str, int, Any, Any, Any]]) -> set[Place]:
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all")
    await producer.start()
    try:
        sent = [await producer.send(t, value, key=key, partition=p, headers=h) for t, p, key, value, h in messages]
        stored = await asyncio.wait_for(asyncio.gather(*sent), PATIENCE)
        return {(one.topic, one.partition, one.offset) for one in stored}
    finally:
        await producer.stop()

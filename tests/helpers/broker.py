"""What tests do to a Kafka broker from outside: create topics, send garbage, delete everything."""

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.protocol.admin import DeleteGroupsRequest

from deploy.local.servers.topics import admin, ensure_topics


@dataclass(frozen=True)
class OwnTopic:
    """A topic of a test."""

    name: str
    partitions: int = 1
    config: dict[str, str] = field(default_factory=dict)


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread with its own event loop: a fixture may be asked for while the tests' loop is alive."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def create_topics(bootstrap: str, names: Sequence[str], partitions: int) -> None:
    """Topics of a test's own."""
    await ensure_topics(bootstrap, [OwnTopic(name, partitions) for name in names])


async def send_garbage(bootstrap: str, topic: str) -> None:
    """A message that is no event, for readers to set aside."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"\x00\xff not an event")
    finally:
        await producer.stop()


async def wipe(bootstrap: str) -> None:
    """Delete every topic and every consumer group of a broker, and wait until they are gone."""
    async with asyncio.timeout(60), admin(bootstrap) as client:
        while groups := [name for name, *_ in await client.list_consumer_groups()]:
            coordinator = await client.find_coordinator(groups[0])
            await client._send_request_to_node(coordinator, DeleteGroupsRequest(groups))  # no public call for it yet
            await asyncio.sleep(0.05)  # a group whose members just died is deleted once their sessions ended
        while names := [name for name in await client.list_topics() if not name.startswith("__")]:
            await client.delete_topics(names)
            await asyncio.sleep(0.05)

"""Topics of one run, apart from those of the runs before it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiokafka import AIOKafkaConsumer

from deploy.local.servers.topics import Topic, ensure_topics
from shared.contracts.catalogue import TOPICS


@dataclass(frozen=True)
class Plain:
    """A topic with Kafka's own settings."""

    name: str
    partitions: int = 1
    config: Mapping[str, str] = field(default_factory=dict)


def create(kafka: str, topics: Sequence[Topic]) -> None:
    asyncio.run(ensure_topics(kafka, topics))


def create_catalogue(kafka: str, prefix: str) -> None:
    """The topics of the product, under a prefix."""
    create(kafka, [replace(topic, name=prefix + topic.name) for topic in TOPICS])


async def read(kafka: str, names: Sequence[str]) -> list[Any]:
    """Every message of these topics, by partition in the order of its offsets."""
    consumer = AIOKafkaConsumer(*names, bootstrap_servers=kafka, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        places = consumer.assignment()
        left = {place: end for place, end in (await consumer.end_offsets(places)).items() if end}
        found: list[Any] = []
        while left:
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                found += records
                if place in left and records[-1].offset + 1 >= left[place]:
                    del left[place]
        return found
    finally:
        await consumer.stop()

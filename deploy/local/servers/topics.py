"""The topics of the catalogue: created where they are missing, set as the catalogue says where they exist."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from deploy.local.settings import Misconfigured

_TOPIC_EXISTS = 36


class Topic(Protocol):
    """What is read of `shared.contracts.catalogue.Topic`."""

    @property
    def name(self) -> str: ...
    @property
    def partitions(self) -> int: ...
    @property
    def config(self) -> Mapping[str, str]: ...


async def ensure_topics(bootstrap: str, topics: Sequence[Topic], *, patience: float = 60.0) -> None:
    """Create or alter the broker's topics to match the list; idempotent. Waits `patience` seconds for the broker.

    Three copies where there are three brokers. Raises `Misconfigured` for a topic with another number of partitions.
    """
    async with admin(bootstrap, patience) as client:
        names = [topic.name for topic in topics]
        copies = min(3, len((await client.describe_cluster())["brokers"]))
        created = await client.create_topics(
            [NewTopic(topic.name, topic.partitions, copies, topic_configs=dict(topic.config)) for topic in topics]
        )
        codes = {name: code for name, code, *_ in created.topic_errors}
        for name, code in codes.items():
            if code not in (0, _TOPIC_EXISTS):
                raise for_code(code)(f"topic {name} could not be created")
        old = [topic for topic in topics if codes[topic.name] == _TOPIC_EXISTS]
        if old:
            await _set(client, old)
        partitions = await _partitions(client, names, patience)
    for topic in old:
        if partitions[topic.name] != topic.partitions:
            raise Misconfigured(
                f"topic {topic.name} has {partitions[topic.name]} partitions, the catalogue says {topic.partitions}: "
                "the number cannot change without losing the order of a case's events"
            )


@asynccontextmanager
async def admin(bootstrap: str, patience: float = 60.0) -> AsyncIterator[Any]:
    """An administration client, once the broker answers; raises `KafkaError` when it does not in `patience` seconds."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that is not up yet is expected
    end = time.monotonic() + patience
    while True:
        client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
        try:
            await client.start()
            break
        except (KafkaError, OSError):
            await client.close()
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)
    try:
        yield client
    finally:
        await client.close()


async def _set(client: Any, topics: Sequence[Topic]) -> None:
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name, dict(topic.config)) for topic in topics]
    for response in await client.alter_configs(resources):
        for code, message, _, name in response.resources:
            if code:
                raise for_code(code)(f"topic {name} could not be set: {message}")


async def _partitions(client: Any, names: list[str], patience: float) -> dict[str, int]:
    """Partitions by topic, once each of them has a leader."""
    end = time.monotonic() + patience
    while True:
        described = await client.describe_topics(names)
        ready = [
            each
            for each in described
            if each["error_code"] == 0 and all(part["leader"] >= 0 for part in each["partitions"])
        ]
        if len(ready) == len(names):
            return {each["topic"]: len(each["partitions"]) for each in ready}
        if time.monotonic() > end:
            missing = sorted(set(names) - {each["topic"] for each in ready})
            raise Misconfigured(f"Kafka did not bring up the topics {', '.join(missing)}")
        await asyncio.sleep(0.05)

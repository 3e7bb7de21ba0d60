"""The actual state of a Kafka broker: partitions, settings, messages, lag of each group. Read-only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import GroupCoordinatorNotAvailableError

from deploy.local.servers.topics import admin
from shared.contracts.catalogue import Topic


@dataclass(frozen=True)
class Found:
    """One topic as it is. `messages` are those still kept; `lag` by consumer, None where its group has read nothing."""

    exists: bool
    partitions: int = 0
    messages: int = 0
    config: dict[str, str] = field(default_factory=dict)
    lag: dict[str, int | None] = field(default_factory=dict)

    def differences(self, topic: Topic) -> list[str]:
        """Where it is not what the catalogue says, in French."""
        if not self.exists:
            return ["ce sujet n’existe pas ; « convergence topics --create » le crée"]
        told = []
        if self.partitions != topic.partitions:
            told.append(f"{self.partitions} partitions au lieu de {topic.partitions}")
        told += [
            f"{name} vaut {self.config.get(name, 'rien')} au lieu de {wanted}"
            for name, wanted in topic.config.items()
            if self.config.get(name) != wanted
        ]
        return told


async def look(bootstrap: str, prefix: str, topics: Sequence[Topic], patience: float) -> dict[str, Found]:
    """Each topic of the catalogue as the broker has it; raises `KafkaError` when it does not answer in time."""
    async with admin(bootstrap, patience) as client:
        described = await client.describe_topics([prefix + topic.name for topic in topics])
        counts = {each["topic"]: len(each["partitions"]) for each in described if each["error_code"] == 0}
        configs = await _configs(client, sorted(counts))
        groups = sorted({consumer for topic in topics for consumer in topic.consumers})
        read = {group: await _read_by(client, prefix + group) for group in groups}
    places = [TopicPartition(name, number) for name, count in counts.items() for number in range(count)]
    begin, end = await _offsets(bootstrap, places)
    found = {}
    for topic in topics:
        name = prefix + topic.name
        own = [place for place in places if place.topic == name]
        found[topic.name] = Found(
            exists=name in counts,
            partitions=counts.get(name, 0),
            messages=sum(end[place] - begin[place] for place in own),
            config={key: value for key, value in configs.get(name, {}).items() if key in topic.config},
            lag={group: _lag(read[group], own, begin, end) for group in topic.consumers},
        )
    return found


async def _read_by(client: Any, group: str) -> dict[TopicPartition, Any]:
    try:
        offsets: dict[TopicPartition, Any] = await client.list_consumer_group_offsets(group)
    except GroupCoordinatorNotAvailableError:  # a broker on which no group has ever read anything
        return {}
    return offsets


def _lag(
    read: dict[TopicPartition, Any],
    places: list[TopicPartition],
    begin: dict[TopicPartition, int],
    end: dict[TopicPartition, int],
) -> int | None:
    """How many messages the group has not consumed yet."""
    at: dict[TopicPartition, int] = {
        place: read[place].offset for place in places if place in read and read[place].offset >= 0
    }
    if not at:
        return None
    return sum(end[place] - max(at.get(place, 0), begin[place]) for place in places)


async def _configs(client: Any, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    answers = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }


async def _offsets(
    bootstrap: str, places: list[TopicPartition]
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        return await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    finally:
        await consumer.stop()

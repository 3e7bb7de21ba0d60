"""Topics of one run, apart from those of the runs before it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from deploy.local.topics import Topic, ensure_topics
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

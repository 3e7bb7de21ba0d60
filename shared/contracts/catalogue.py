"""Every topic, with its producer, its consumers, its events and its settings.

The topics, the AsyncAPI documents, the JSON Schemas and `docs/events.md` are all made from this list.
"""

from dataclasses import dataclass, field

from shared.contracts.event import Event
from shared.contracts.events import catalogue_entries, purchases, replaced, requests, reviews

FOREVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}


@dataclass(frozen=True)
class Topic:
    """One Kafka topic. `purpose` is a sentence; `config` are Kafka's own topic settings."""

    name: str
    purpose: str
    producer: str
    consumers: tuple[str, ...]
    events: tuple[type[Event], ...]
    partitions: int = 6
    config: dict[str, str] = field(default_factory=lambda: dict(FOREVER))

    @property
    def types(self) -> dict[str, type[Event]]:
        """The events of the topic by CloudEvents type."""
        return {event.type: event for event in self.events}


TOPICS: tuple[Topic, ...] = (
    Topic(
        name=requests.TOPIC,
        purpose="What requesters do with their requests.",
        producer="request",
        consumers=("review", "purchasing"),
        events=(
            requests.RequestSubmittedV2,
            replaced.RequestSubmittedV1,
            requests.RequestWithdrawnV1,
            requests.QuestionAnsweredV1,
        ),
    ),
    Topic(
        name=reviews.TOPIC,
        purpose="How the DSI's review of a case goes, and what it decides.",
        producer="review",
        consumers=("request", "purchasing"),
        events=(
            reviews.ReviewOpenedV1,
            reviews.CheckTakenV1,
            reviews.QuestionAskedV1,
            reviews.OpinionGivenV1,
            reviews.ReviewDecidedV1,
            reviews.ReviewLateV1,
        ),
    ),
    Topic(
        name=purchases.TOPIC,
        purpose="Which purchase route a case takes, and why.",
        producer="purchasing",
        consumers=("request",),
        events=(
            purchases.RouteProposedV1,
            purchases.RouteDecidedV1,
            purchases.CensusOpenedV1,
            purchases.CensusClosedV1,
            purchases.PurchaseLateV1,
        ),
    ),
    Topic(
        name=catalogue_entries.TOPIC,
        purpose="The software in service in the GHT, by business domain.",
        producer="lifecycle",
        consumers=("request",),
        events=(catalogue_entries.CatalogueEntryPublishedV1, catalogue_entries.CatalogueEntryRetiredV1),
        partitions=3,
    ),
)

BY_NAME: dict[str, Topic] = {topic.name: topic for topic in TOPICS}


def consumed_by(service: str) -> tuple[Topic, ...]:
    """The topics that a service reads."""
    return tuple(topic for topic in TOPICS if service in topic.consumers)

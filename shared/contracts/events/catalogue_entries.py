"""The GHT's catalogue of software in service, as events keyed by entry. A lifecycle service will own it."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Fact

TOPIC = "catalogue.entries"


class Deployment(Fact):
    """Where a software is in service: FINESS of the legal entity, and since when (None: unknown)."""

    establishment: str
    since: date | None = None


class CatalogueEntryPublishedV1(Event):
    """A software of the GHT was entered in the catalogue, or its entry changed: the latest event holds the whole entry."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.catalogue-entry-published.v1"

    entry_id: UUID
    product: str
    vendor: str
    domain: str
    description: str = ""
    version: str = ""
    deployments: tuple[Deployment, ...]
    example: bool = False

    @property
    def key(self) -> UUID:
        """All events of an entry share a partition, which keeps them in order; the topic keeps them for ever."""
        return self.entry_id


class CatalogueEntryRetiredV1(Event):
    """A software left the catalogue. It carries data: a tombstone would erase the fact itself."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.catalogue-entry-retired.v1"

    entry_id: UUID
    reason: str

    @property
    def key(self) -> UUID:
        """The key of the entry that is retired."""
        return self.entry_id

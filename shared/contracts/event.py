"""What an event is: frozen data about one case, in the past tense, with its version in its name."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """A part of an event. Fields that a reader does not know are ignored, so that producers may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Fact):
    """One thing that happened. `topic` and `type` never change for a class: a breaking change is a new class."""

    topic: ClassVar[str]
    type: ClassVar[str]
    may_wait: ClassVar[bool] = False
    """Whether it only reports progress, which no rule waits for: the relay may hold it for a moment to fill a batch."""

    def upcast(self) -> "Event":
        """The same fact in the present version of its type: itself, unless the class says otherwise."""
        return self

    @property
    def key(self) -> UUID:
        """The Kafka key: events with the same key are read in order."""
        raise TypeError(f"{type(self).__name__} has no key")


def family(event_type: str) -> str:
    """The name of an event type without its version: `convergence.request-submitted`."""
    return event_type.rpartition(".v")[0]


class CaseEvent(Event):
    """Something that happened to a case: ordered by case."""

    case_id: UUID

    @property
    def key(self) -> UUID:
        """All events of a case share a partition."""
        return self.case_id


class Origin(msgspec.Struct, frozen=True):
    """The CloudEvents attributes of an event: where it comes from and what caused it."""

    event_id: UUID
    source: str
    time: datetime
    correlation_id: UUID
    causation_id: UUID
    sequence: int

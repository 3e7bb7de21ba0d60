"""What an event is: frozen data about one subject (a case, a catalogue entry), in the past tense, its version in its name."""

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
    """Progress that people look at now and then, which no rule waits for: it leaves together with what comes next."""

    def upcast(self) -> "Event":
        """The same fact in the present version of its type: itself, unless the class says otherwise."""
        return self

    @property
    def key(self) -> UUID:
        """The Kafka key: the id of the subject, whose events must be read in order."""
        raise TypeError(f"{type(self).__name__} must say what orders it")


class Origin(msgspec.Struct, frozen=True):
    """The CloudEvents attributes of an event: where it comes from and what caused it."""

    event_id: UUID
    source: str
    time: datetime
    correlation_id: UUID
    causation_id: UUID
    sequence: int

"""Topics in memory, as Kafka gives them: in order per case, delivered at least once, in no order between topics."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from jsonschema import Draft202012Validator

from shared.basics.ids import new_id
from shared.contracts.case import CaseEvent
from shared.contracts.catalogue import BY_NAME, consumed_by
from shared.contracts.documents import SCHEMAS
from shared.contracts.envelope import Headers, headers_of, read
from shared.contracts.event import Origin
from shared.program.registry import SERVICES


@dataclass(frozen=True, slots=True)
class Lane:
    """What one service has still to read about one case on one topic."""

    consumer: str
    topic: str
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as its reader finds it."""

    event: CaseEvent
    event_id: UUID


@dataclass
class Bus:
    """Everything that was said, and how far each reader has come."""

    said: dict[tuple[str, UUID], list[tuple[Headers, bytes]]] = field(default_factory=lambda: defaultdict(list))
    read_up_to: dict[Lane, int] = field(default_factory=lambda: defaultdict(int))

    def say(self, service: str, event: CaseEvent, at: datetime) -> None:
        """Put an event on its topic; it must be the service's to say, and follow its published schema."""
        topic = BY_NAME[event.topic]
        assert topic.producer == service, f"{service} said {event.type}"
        key = (event.topic, event.case_id)
        origin = Origin(
            event_id=new_id(), source=f"/services/{service}", time=at, correlation_id=new_id(), causation_id=new_id(),
            sequence=len(self.said[key]) + 1,
        )  # fmt: skip
        value = event.model_dump_json().encode()
        _schema(event.type).validate(orjson.loads(value))
        headers = headers_of(event.type, str(event.key), origin)
        understood, _ = read(topic.types, headers, value)
        assert understood.model_dump() == event.model_dump(), "an event must come back as it was said"
        self.said[key].append((headers, value))

    def lanes(self) -> list[Lane]:
        """The lanes on which something waits."""
        return [lane for lane in self._all() if self.read_up_to[lane] < len(self.said[lane.topic, lane.case_id])]

    def next(self, lane: Lane) -> Delivery:
        """The next event of a lane, read from its bytes."""
        headers, value = self.said[lane.topic, lane.case_id][self.read_up_to[lane]]
        self.read_up_to[lane] += 1
        event, origin = read(BY_NAME[lane.topic].types, headers, value)
        assert isinstance(event, CaseEvent)
        return Delivery(event, origin.event_id)

    def rewind(self, lane: Lane, by: int) -> None:
        """Deliver the last ones again, as after a crash before the offsets were committed."""
        self.read_up_to[lane] = max(0, self.read_up_to[lane] - by)

    def history(self, topic: str, case_id: UUID) -> list[CaseEvent]:
        """Everything that a topic says about a case, in order."""
        found: list[Any] = [read(BY_NAME[topic].types, *message)[0] for message in self.said[topic, case_id]]
        return found

    def _all(self) -> Iterator[Lane]:
        for topic, case_id in list(self.said):
            for consumer in SERVICES:
                if any(topic == consumed.name for consumed in consumed_by(consumer)):
                    yield Lane(consumer, topic, case_id)


@lru_cache(maxsize=64)
def _schema(event_type: str) -> Draft202012Validator:
    document = orjson.loads((SCHEMAS / f"{event_type}.json").read_bytes())
    return Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)

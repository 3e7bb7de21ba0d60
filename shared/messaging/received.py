"""From messages to events: which ones this service acts on, in the present version of their type, and which it cannot read.

An event type that the service does not act on passes by; one that the catalogue of its topic does not even list is
counted, because a later version of its producer may have it. Only an unknown version of a type that the service acts on
is set aside: it can be replayed after the upgrade.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
import structlog

from shared.basics.ids import own
from shared.contracts.envelope import Unreadable, content, kind, unknown_version
from shared.contracts.event import CaseEvent, Event, Origin, family
from shared.messaging.parked import Message, Parked

log = structlog.get_logger()

MOST_TYPES = 50
"""Different types that are counted apart: what a sender writes there must not fill the memory."""
LONGEST_TYPE = 100
OTHERS = "others"


class Received(msgspec.Struct, frozen=True):
    """A message that was read."""

    message: Message
    event: Event
    origin: Origin
    event_id: UUID
    case_id: UUID | None
    """The case that the event is about, if it is about one."""


class Reader:
    """Reads the messages of one service. `types`: the catalogue by topic; `handled`: the classes that it acts on."""

    def __init__(self, types: Mapping[str, Mapping[str, type[Event]]], handled: Iterable[type[Event]]) -> None:
        self._types = types
        self._handled = frozenset(handled)
        self._families = {(event.topic, family(event.type)) for event in self._handled}
        self.passed_by: dict[str, int] = {}
        """How many messages passed by since the start, by event types that the catalogue does not list."""

    def read(self, messages: Sequence[Message]) -> tuple[list[Received], list[Parked]]:
        """The events to act on, in their order, and the messages to set aside with their reasons."""
        received: list[Received] = []
        unreadable: list[Parked] = []
        for message in messages:
            try:
                found = self._read(message)
            except Unreadable as why:
                log.warning("message_parked", slug=why.slug, topic=message.topic, offset=message.offset)
                unreadable.append(Parked(message, why.slug, why.reason))
            else:
                if found is not None:
                    received.append(found)
        return received, unreadable

    def _read(self, message: Message) -> Received | None:
        name, attributes = kind(message.headers)
        known = self._types[message.topic].get(name)
        if (message.topic, family(name)) not in self._families:
            if known is None:
                self._count(message, name)
            return None
        if known is None:
            raise unknown_version(name)
        event, origin = content(known, attributes, message.value)
        if type(event) not in self._handled:
            raise unknown_version(name)
        case_id = own(event.case_id) if isinstance(event, CaseEvent) else None
        return Received(message, event, origin, own(origin.event_id), case_id)

    def _count(self, message: Message, name: str) -> None:
        name = name[:LONGEST_TYPE]
        if name not in self.passed_by:
            if len(self.passed_by) >= MOST_TYPES:
                name = OTHERS
            log.info("event_type_unknown", type=name, topic=message.topic, offset=message.offset)
        self.passed_by[name] = self.passed_by.get(name, 0) + 1

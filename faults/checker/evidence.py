"""Everything that the checker looks at, as plain data: what people were told, and what stands in databases and topics."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from faults.ledger import Line

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that struck: when (Unix seconds), and what was under way at that moment."""

    fault: str
    target: str
    began: float
    ended: float
    commands: int
    events: int
    cases: int
    missed: str = ""

    def __str__(self) -> str:
        under_way = f"{self.commands} commands, {self.events} events, {self.cases} cases under way"
        how = f"missed: {self.missed}" if self.missed else f"{self.ended - self.began:.1f} s, {under_way}"
        return f"{self.fault} on {self.target}: {how}"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a topic, read by the official CloudEvents SDK. `written` is Kafka's time in Unix seconds."""

    topic: str
    partition: int
    offset: int
    written: float
    event_id: str
    source: str
    type: str
    case: str
    sequence: int
    data: Row

    @property
    def kind(self) -> str:
        """The type without its family and version: `request-submitted`."""
        return self.type.removeprefix("convergence.").rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Database:
    """What stands in the database of one service. Rows by case id where there is one per case."""

    heads: Mapping[str, Row]
    trail: Mapping[str, tuple[Row, ...]]
    outbox: tuple[Row, ...]
    inbox: frozenset[str]
    parked: tuple[Row, ...]
    cases: Mapping[str, Row]
    checks: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    catalogue: Mapping[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """All of it. `messages` are first deliveries and repetitions, without what the campaign itself repeated."""

    ledger: tuple[Line, ...]
    strikes: tuple[Struck, ...]
    messages: tuple[Message, ...]
    databases: Mapping[str, Database]
    poison: frozenset[tuple[str, int, int]] = frozenset()

    @cached_property
    def firsts(self) -> tuple[Message, ...]:
        """The first occurrence of each event, partition by partition."""
        seen: set[str] = set()
        firsts = []
        for message in self.messages:
            if message.event_id not in seen:
                seen.add(message.event_id)
                firsts.append(message)
        return tuple(firsts)

    @cached_property
    def by_case(self) -> Mapping[str, tuple[Message, ...]]:
        """First occurrences by case, those of one topic in their order."""
        found: dict[str, list[Message]] = defaultdict(list)
        for message in self.firsts:
            found[message.case].append(message)
        return {case: tuple(messages) for case, messages in found.items()}

    def of(self, case: str, kind: str) -> tuple[Message, ...]:
        """The events of one kind of a case."""
        return tuple(message for message in self.by_case.get(case, ()) if message.kind == kind)

    def repetitions(self) -> int:
        """How many messages repeat one that stands before them."""
        return len(self.messages) - len(self.firsts)

    def lines(self, kind: str, *acts: str) -> Iterable[Line]:
        """The lines of the ledger of a kind, in their order."""
        return (line for line in self.ledger if line.kind == kind and (not acts or line.act in acts))

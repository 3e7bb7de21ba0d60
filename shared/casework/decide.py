"""How a case changes: one statement reads it, one writes its state, its trail and its events; the decision is in between.

A decision is a pure function of the state. Many of them share a write: the commands of many people (`shared.casework.desk`) or
a batch of messages (`shared.messaging.inbox`); each is answered only after the commit. No lock is held meanwhile:
what was read carries a version, the whole write fails if a case has moved on, and the decisions are taken again. So
a decision may even start from what this process remembers of the case (`shared.casework.memory`) without reading it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

import msgspec
import structlog

from shared.basics.correlation import correlation
from shared.basics.errors import Refusal, TooMuchText
from shared.basics.ids import new_id
from shared.casework.memory import Head, Memory, Written
from shared.casework.outcome import Outcome
from shared.casework.trail import chain
from shared.casework.writes import Write, columns
from shared.contracts.event import CaseEvent
from shared.database.postgres import Db

log = structlog.get_logger()

S = TypeVar("S")

__all__ = [
    "Answer",
    "Change",
    "Decided",
    "Head",
    "Memory",
    "Outcome",
    "Outgoing",
    "Store",
    "Work",
    "Write",
    "Written",
    "columns",
    "decide_all",
]


class Work(msgspec.Struct, Generic[S], frozen=True):
    """One decision to take on one case, in the scope `establishments`; `opens` if the case should be new."""

    case_id: UUID
    establishments: str
    decide: Callable[[S], Outcome[S]]
    now: datetime
    correlation_id: UUID = msgspec.field(default_factory=correlation)
    causation_id: UUID | None = None
    opens: bool = False


class Change(msgspec.Struct, Generic[S], frozen=True):
    """A case before and after the decisions of one write."""

    case_id: UUID
    before: S
    after: S


class Outgoing(msgspec.Struct):
    """Whether a commit has events to send, and whether one of them is urgent."""

    any: bool = False
    urgent: bool = False

    def add(self, events: Sequence[CaseEvent]) -> None:
        """Count these events in."""
        for event in events:
            self.any = True
            self.urgent = self.urgent or not event.may_wait

    def join(self, other: "Outgoing") -> None:
        """Count in what another part of the same commit has to send."""
        self.any = self.any or other.any
        self.urgent = self.urgent or other.urgent


class Store(Protocol[S]):
    """How a service stores its cases: the SQL is its own, the sequence of steps is `decide_all`'s."""

    async def read(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Head, S]]:
        """The head and the state of each of these cases, from one snapshot: `Head()` where there is no case yet."""

    def writes(self, changes: Sequence[Change[S]]) -> Iterable[Write]:
        """The writes that store the changed states."""

    def establishment(self, state: S) -> str:
        """The FINESS code of the establishment that a case belongs to."""


Answer = Any | Exception


class Decided(NamedTuple):
    """The result of some decisions: the answers in their order, and what must be written before they are sent.

    `written` are the changed cases as the writes leave them.
    """

    answers: list[Answer]
    writes: list[Write]
    outgoing: Outgoing
    written: list[Written[Any]]


LARGEST_EVENT = 900_000
"""Bytes: Kafka takes 1 MiB with the headers. A larger event would block all later ones of its service."""

# The guard is the version: of two decisions on the same state, the second changes no row, and its whole write fails.
OPEN = """
INSERT INTO case_head (case_id, establishment, version, trail_count, trail_head, event_count)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::bytea[], $6::int[]) ON CONFLICT DO NOTHING
"""
MOVE = """
UPDATE case_head h
SET version = n.version, trail_count = n.trail_count, trail_head = n.trail_head, event_count = n.event_count
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bytea[], $5::int[])
    AS n (case_id, version, trail_count, trail_head, event_count)
WHERE h.case_id = n.case_id AND h.version = n.version - 1
"""
TRAIL = """
INSERT INTO trail (case_id, n, establishment, at, entry, hash)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::bytea[])
"""
# Written after the heads, whose row locks it waits for: events of a case join the outbox in the order of its changes.
OUTBOX = """
INSERT INTO outbox (event_id, topic, type, key, occurred_at, correlation_id, causation_id, sequence, data)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::uuid[], $7::uuid[],
    $8::int[], $9::text[])
"""


async def decide_all(db: Db, store: Store[S], works: Sequence[Work[S]], memory: Memory[S] | None = None) -> Decided:
    """Take these decisions in their order, on remembered states or else on what is read; nothing is written yet.

    A refusal or a failure of one decision is the answer to that decision and changes nothing; the others continue.
    The scope of row-level security must be set before.
    """
    guessed = _guessed(works, memory)
    before = dict(guessed)
    if unknown := sorted({work.case_id for work in works if work.case_id not in guessed}):
        before.update(await store.read(db, unknown))
    decided = _decide(store, works, before)
    if doubtful := sorted(guessed.keys() - {case.case_id for case in decided.written}):
        before.update(await store.read(db, doubtful))
        decided = _decide(store, works, before)
    return decided


def _guessed(works: Sequence[Work[S]], memory: Memory[S] | None) -> dict[UUID, tuple[Head, S]]:
    guessed: dict[UUID, tuple[Head, S]] = {}
    if memory is not None and not memory.doubted:
        for work in works:
            guess = memory.of(work.case_id, work.establishments) or (memory.new if work.opens else None)
            if guess is not None and work.case_id not in guessed:
                guessed[work.case_id] = guess
    return guessed


def _decide(store: Store[S], works: Sequence[Work[S]], before: Mapping[UUID, tuple[Head, S]]) -> Decided:
    now = dict(before)
    answers: list[Answer] = []
    trail_rows: list[tuple[Any, ...]] = []
    outbox_rows: list[tuple[Any, ...]] = []
    outgoing = Outgoing()
    for work in works:
        head, state = now[work.case_id]
        try:
            outcome = work.decide(state)
            entries = chain(head.trail_head, head.trail_count, work.case_id, work.now, outcome.trail)
            sent = _outbox_rows(work, outcome.events, head.event_count)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        except Exception as fault:
            log.exception("decision_failed", case_id=str(work.case_id))
            answers.append(fault)
            continue
        answers.append(outcome.result)
        if outcome.state is state and not outcome.events and not outcome.trail:
            continue
        establishment = store.establishment(outcome.state)
        trail_rows += [(work.case_id, e.n, establishment, work.now, e.text, e.hash) for e in entries]
        outbox_rows += sent
        outgoing.add(outcome.events)
        moved = Head(
            before[work.case_id][0].version + 1,
            head.trail_count + len(entries),
            entries[-1].hash if entries else head.trail_head,
            head.event_count + len(outcome.events),
        )
        now[work.case_id] = moved, outcome.state
    written = [Written(i, store.establishment(now[i][1]), *now[i]) for i in sorted(before) if now[i] is not before[i]]
    writes: list[Write] = []
    if written:
        writes += _head_writes(written)
        states = [Change(case.case_id, before[case.case_id][1], case.state) for case in written]
        writes += store.writes([change for change in states if change.after is not change.before])
    if trail_rows:
        writes.append(Write(TRAIL, columns(trail_rows)))
    if outbox_rows:
        writes.append(Write(OUTBOX, columns(outbox_rows)))
    return Decided(answers, writes, outgoing, written)


def _outbox_rows(work: Work[Any], events: Sequence[CaseEvent], count: int) -> list[tuple[Any, ...]]:
    causation = work.causation_id or work.correlation_id
    rows = [
        (new_id(), e.topic, e.type, e.key, work.now, work.correlation_id, causation, n, e.model_dump_json())
        for n, e in enumerate(events, start=count + 1)
    ]
    for row in rows:
        # A character is four bytes at most: most events are known to be small without encoding them.
        if len(row[-1]) * 4 > LARGEST_EVENT and len(row[-1].encode()) > LARGEST_EVENT:
            raise TooMuchText
    return rows


def _head_writes(written: Sequence[Written[Any]]) -> Iterable[Write]:
    new = [(case.case_id, case.establishment, *case.head) for case in written if case.head.version == 1]
    moved = [(case.case_id, *case.head) for case in written if case.head.version > 1]
    if new:
        yield Write(OPEN, columns(new), expected=len(new))
    if moved:
        yield Write(MOVE, columns(moved), expected=len(moved))

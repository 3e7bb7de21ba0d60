"""How a case changes: lock it, decide, write its state, its trail and its events in one transaction.

A decision is a pure function of the state. Many of them share one transaction: the commands of many people
(`shared.desk`) or a batch of messages (`shared.inbox`); each is answered only after the commit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import structlog

from shared.contracts.event import CaseEvent
from shared.errors import Refusal
from shared.ids import new_id
from shared.outcome import Outcome
from shared.postgres import Db
from shared.trail import GENESIS, chain

log = structlog.get_logger()

S = TypeVar("S")

__all__ = ["Answer", "Change", "News", "Outcome", "Store", "Work", "apply"]


@dataclass(frozen=True, slots=True)
class Work(Generic[S]):
    """One decision to take on one case, for somebody who may see `establishments`."""

    case_id: UUID
    establishments: str
    decide: Callable[[S], Outcome[S]]
    now: datetime
    correlation_id: UUID = field(default_factory=new_id)
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Change(Generic[S]):
    """A case before and after the decisions of one transaction."""

    case_id: UUID
    before: S
    after: S


@dataclass(slots=True)
class News:
    """What a transaction has to tell the other services once it is committed: nothing, or something, maybe at once."""

    any: bool = False
    urgent: bool = False

    def add(self, events: Sequence[CaseEvent]) -> None:
        """These events joined the outbox."""
        for event in events:
            self.any = True
            self.urgent = self.urgent or not event.may_wait


class Store(Protocol[S]):
    """Where a service keeps its side of the cases. The SQL is the service's; the order of things is not."""

    async def load(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, S]:
        """The state of each of these cases, whether it exists or not; their rows are locked already."""

    async def save(self, db: Db, changes: Sequence[Change[S]]) -> None:
        """Write the states that changed."""

    def establishment(self, state: S) -> str:
        """The FINESS code of the establishment that a case belongs to."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The locked row of a case: how long its trail and its stream of events are."""

    trail_count: int = 0
    trail_head: bytes = GENESIS
    event_count: int = 0


Answer = Any | Exception

LOCK = """
SELECT case_id, trail_count, trail_head, event_count
FROM case_head WHERE case_id = ANY($1::uuid[]) ORDER BY case_id FOR UPDATE
"""

# Existing heads are locked already; of two transactions that both write a new one, one fails whole on the store's own
# key. So no event joins the outbox before its case is locked, in one statement.
WRITE = """
WITH heads AS (
    INSERT INTO case_head (case_id, establishment, trail_count, trail_head, event_count)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bytea[], $5::int[])
    ON CONFLICT (case_id) DO UPDATE SET trail_count = excluded.trail_count, trail_head = excluded.trail_head,
        event_count = excluded.event_count
), kept AS (
    INSERT INTO trail (case_id, n, establishment, at, entry, hash)
    SELECT * FROM unnest($6::uuid[], $7::int[], $8::text[], $9::timestamptz[], $10::text[], $11::bytea[])
)
INSERT INTO outbox (event_id, topic, type, key, occurred_at, correlation_id, causation_id, sequence, data)
SELECT * FROM unnest($12::uuid[], $13::text[], $14::text[], $15::uuid[], $16::timestamptz[], $17::uuid[], $18::uuid[],
    $19::int[], $20::text[])
"""


async def apply(db: Db, store: Store[S], works: Sequence[Work[S]], news: News | None = None) -> list[Answer]:
    """Take these decisions in their order, inside the caller's transaction; answers stand in the same order.

    A refusal, or a fault of one decision, is that decision's answer and changes nothing; the others go on.
    The scope of row-level security must be set already.
    """
    case_ids = sorted({work.case_id for work in works})
    heads = {row[0]: _Head(row[1], row[2], row[3]) for row in await db.fetch(LOCK, case_ids)}
    written = dict(heads)
    before = await store.load(db, case_ids)
    state = dict(before)
    touched: set[UUID] = set()
    answers: list[Answer] = []
    trail_rows: list[tuple[Any, ...]] = []
    outbox_rows: list[tuple[Any, ...]] = []
    for work in works:
        head = heads.get(work.case_id, _Head())
        try:
            outcome = work.decide(state[work.case_id])
            entries = chain(head.trail_head, head.trail_count, work.case_id, work.now, outcome.trail)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        except Exception as fault:
            log.exception("decision_failed", case_id=str(work.case_id))
            answers.append(fault)
            continue
        answers.append(outcome.result)
        if outcome.state is state[work.case_id] and not outcome.events and not outcome.trail:
            continue
        state[work.case_id] = outcome.state
        touched.add(work.case_id)
        establishment = store.establishment(outcome.state)
        trail_rows += [(work.case_id, e.n, establishment, work.now, e.text, e.hash) for e in entries]
        if news is not None:
            news.add(outcome.events)
        causation = work.causation_id or work.correlation_id
        for sequence, event in enumerate(outcome.events, start=head.event_count + 1):
            data = event.model_dump_json()
            outbox_rows.append(
                (new_id(), event.topic, event.type, event.key, work.now, work.correlation_id, causation, sequence, data)
            )
        heads[work.case_id] = _Head(
            trail_count=head.trail_count + len(entries),
            trail_head=entries[-1].hash if entries else head.trail_head,
            event_count=head.event_count + len(outcome.events),
        )
    if touched:
        await store.save(db, [Change(i, before[i], state[i]) for i in case_ids if state[i] is not before[i]])
    # A case that only took note of something keeps its head: the row is locked, and says the same as before.
    moved = [case_id for case_id in case_ids if case_id in touched and heads[case_id] != written.get(case_id)]
    if moved:
        rows = [_head_row(case_id, store.establishment(state[case_id]), heads[case_id]) for case_id in moved]
        await db.execute(WRITE, *_columns(rows, 5), *_columns(trail_rows, 6), *_columns(outbox_rows, 9))
    return answers


def _head_row(case_id: UUID, establishment: str, head: _Head) -> tuple[Any, ...]:
    return case_id, establishment, head.trail_count, head.trail_head, head.event_count


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]

"""A service with next to nothing in it, so that the plumbing is tested by its own promises.

Its state is a tally per case; its events are real ones of the catalogue.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.basics import clock
from shared.basics.errors import NotFound, Refusal
from shared.casework.decide import Change, Head, Memory, Outcome, Work, Write, columns
from shared.casework.trail import TrailEntry
from shared.contracts.catalogue import BY_NAME
from shared.contracts.events.requests import TOPIC, RequestSubmittedV2, RequestWithdrawnV1
from shared.database.postgres import Db, Pool
from shared.messaging.inbox import Inbox
from tests.helpers.servers import Database

HERE = "420780033"
ELSEWHERE = "420784878"

SCHEMA = """
CREATE TABLE tally (case_id uuid PRIMARY KEY, establishment text NOT NULL, words text[] NOT NULL);
ALTER TABLE tally ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON tally USING (
    current_setting('app.establishments', true) = '*'
    OR establishment = ANY (string_to_array(current_setting('app.establishments', true), ','))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON tally TO PUBLIC;
"""
READ = """
SELECT h.case_id, h.version, h.trail_count, h.trail_head, h.event_count, t.establishment, t.words
FROM case_head h LEFT JOIN tally t USING (case_id) WHERE h.case_id = ANY($1::uuid[])
"""
SAVE = """
INSERT INTO tally SELECT n.case_id, n.establishment, string_to_array(n.words, ' ')
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n (case_id, establishment, words)
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words
"""
DIE = "INSERT INTO tally SELECT gen_random_uuid(), '', '{}' WHERE NOT pg_terminate_backend(pg_backend_pid())"


@dataclass(frozen=True, slots=True)
class Tally:
    """The words said about a case, in order; None in the store's mapping where nothing was said yet."""

    establishment: str
    words: tuple[str, ...]


class TallyStore:
    """The store of the toy."""

    def __init__(self) -> None:
        self.transactions = 0
        self.died = False

    async def read(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Head, Tally | None]]:
        self.transactions += 1
        found: dict[UUID, tuple[Head, Tally | None]] = dict.fromkeys(case_ids, (Head(), None))
        for row in await db.fetch(READ, case_ids):
            found[row[0]] = Head(*row[1:5]), Tally(row[5], tuple(row[6])) if row[5] else None
        return found

    def writes(self, changes: Sequence[Change[Tally | None]]) -> Iterator[Write]:
        rows = [(c.case_id, c.after.establishment, " ".join(c.after.words)) for c in changes if c.after is not None]
        yield Write(SAVE, columns(rows))
        if not self.died and any("die" in words for _, __, words in rows):
            self.died = True
            yield Write(DIE, ())

    def establishment(self, state: Tally | None) -> str:
        assert state is not None
        return state.establishment


class NotSo(Refusal):
    """A rule of the toy."""

    slug = "not-so"


def say(word: str, case_id: UUID, establishment: str = HERE, scope: str | None = None) -> Work[Tally | None]:
    """The command of the toy: say a word about a case.

    The word "no" is refused, "bug" fails, "nul" breaks the row, "die" the connection, once.
    """
    now = clock.now()

    def decide(state: Tally | None) -> Outcome[Tally | None]:
        return outcome(state, word, case_id, establishment, now)

    return Work(case_id=case_id, establishments=scope or establishment, decide=decide, now=now)


def outcome(state: Tally | None, word: str, case_id: UUID, establishment: str, now: datetime) -> Outcome[Tally | None]:
    """What a word does."""
    if word == "no":
        raise NotSo("Non.")
    if word == "bug":
        raise ZeroDivisionError("a fault of the decision")
    said = "a\x00b" if word == "nul" else word
    before = state or Tally(establishment, ())
    return Outcome(
        state=replace(before, words=(*before.words, said)),
        events=(RequestWithdrawnV1(case_id=case_id, withdrawn_at=now, reason=word),),
        trail=(TrailEntry(action="word_said", actor="somebody", actor_title="Agent", detail={"word": word}),),
        result=len(before.words) + 1,
    )


def on_withdrawn(state: Tally | None, event: RequestWithdrawnV1, now: datetime) -> Outcome[Tally | None]:
    """The consumer of the toy: the reason of each withdrawal is a word."""
    return outcome(state, event.reason, event.case_id, HERE, now)


def on_submitted(state: Tally | None, event: RequestSubmittedV2, now: datetime) -> Outcome[Tally | None]:
    """A second kind of event, refused where the case is not known."""
    if state is None:
        raise NotFound
    return outcome(state, "submitted", event.case_id, HERE, now)


def remembering() -> Memory[Tally | None]:
    """What a process with the toy remembers."""
    return Memory(as_read=lambda state: state, nothing=None)


def inbox_of(pool: Pool, store: TallyStore, memory: Memory[Tally | None], attempts: int = 5) -> Inbox[Tally | None]:
    """The inbox of a process with the toy."""
    return Inbox(
        consumer="toy",
        pool=pool,
        store=store,
        types={TOPIC: BY_NAME[TOPIC].types},
        casework={RequestWithdrawnV1: on_withdrawn, RequestSubmittedV2: on_submitted},
        projections={},
        committed=lambda _: None,
        memory=memory,
        opened_by=frozenset({RequestWithdrawnV1}),
        attempts=attempts,
    )


async def until(true: Callable[[], Awaitable[Any]], seconds: float = 30) -> None:
    """Poll until it holds, or fail."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - what is awaited happens on servers
            await asyncio.sleep(0.02)


async def prepare(database: Database) -> None:
    """Add the toy's table to a migrated database."""
    db = await asyncpg.connect(database.owner)
    try:
        await db.execute(SCHEMA)
    finally:
        await db.close()


async def words_of(database: Database, case_id: UUID) -> list[str]:
    """What was said about a case, as the superuser sees it."""
    db = await asyncpg.connect(database.admin)
    try:
        return list(await db.fetchval("SELECT words FROM tally WHERE case_id = $1", case_id) or [])
    finally:
        await db.close()

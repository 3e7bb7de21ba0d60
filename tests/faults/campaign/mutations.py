"""Mistakes put back on purpose, in the campaign's child processes only: each must make the checker object.

They are the mistakes that the design names (`docs/adr/0001` to `0003`), as somebody would make them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

BEFORE_OUTBOX, OUTBOX_COLUMNS = 11, 9
"""Parameters of `shared.casework.WRITE`: those of the heads and the trail, then those of the outbox."""


@dataclass(frozen=True)
class Mutation:
    """A mistake: what it is, how it is put into a running service, and the faults under which it shows."""

    what: str
    install: Callable[[], None]


def _put(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)


def _acknowledge_first() -> None:
    from shared.broker import Consumer

    handle = Consumer.on_messages

    async def on_messages(self: Any, batch: Any) -> None:
        for record in batch:
            self._done[_partition(record)] = record.offset + 1
        await self._commit_offsets()
        await handle(self, batch)

    def _partition(record: Any) -> Any:
        from aiokafka import TopicPartition

        return TopicPartition(record.topic, record.partition)

    _put(Consumer, "on_messages", on_messages)


def _inbox_apart() -> None:
    from shared import inbox
    from shared.postgres import EVERYTHING, transaction

    effects = inbox.Inbox._effects

    class Remembering:
        """A connection that commits inbox rows by themselves, before the effect."""

        def __init__(self, db: Any, pool: Any) -> None:
            self._db, self._pool = db, pool

        def __getattr__(self, name: str) -> Any:
            return getattr(self._db, name)

        async def fetch(self, sql: str, *values: Any) -> Any:
            if sql is not inbox.REMEMBER:
                return await self._db.fetch(sql, *values)
            async with transaction(self._pool, EVERYTHING) as other:
                return await other.fetch(sql, *values)

    async def remembered_first(self: Any, db: Any, received: Any, hold: bool = True) -> Any:
        return await effects(self, Remembering(db, self._pool), received, hold)  # type: ignore[arg-type]

    _put(inbox.Inbox, "_effects", remembered_first)


def _no_leader() -> None:
    from shared import outbox

    _put(outbox, "LEADER_LOCK", os.getpid())


def _cursor() -> None:
    from shared import outbox

    lead = outbox.Relay._lead
    after = outbox.NEXT.replace("position <> ALL ($1::bigint[])", "position > $3")

    class Following:
        """A session on which the outbox is read from where the last reading ended."""

        def __init__(self, session: Any) -> None:
            self._session, self._read_up_to = session, 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self._session, name)

        async def fetch(self, _: str, sent: Any, most: int) -> Any:
            rows = await self._session.fetch(after, sent, most, self._read_up_to)
            self._read_up_to = max([self._read_up_to, *(row["position"] for row in rows)])
            return rows

    async def lead_by_cursor(self: Any, session: Any) -> None:
        await lead(self, Following(session))  # type: ignore[arg-type]

    _put(outbox.Relay, "_lead", lead_by_cursor)


def _outbox_before_lock() -> None:
    from shared import casework, desk, inbox

    lock, write, apply = casework.LOCK, casework.WRITE, casework.apply
    to_outbox = write[write.index("INSERT INTO outbox") :]
    for place in range(1, OUTBOX_COLUMNS + 1):
        to_outbox = to_outbox.replace(f"${BEFORE_OUTBOX + place}::", f"${place}::")

    class LockingLate:
        """A connection on which the case is read without its lock, and locked after its outbox row was written."""

        def __init__(self, db: Any) -> None:
            self._db = db

        def __getattr__(self, name: str) -> Any:
            return getattr(self._db, name)

        async def fetch(self, sql: str, *values: Any) -> Any:
            return await self._db.fetch(lock.replace("FOR UPDATE", "") if sql is lock else sql, *values)

        async def execute(self, sql: str, *values: Any) -> Any:
            if sql is not write:
                return await self._db.execute(sql, *values)
            await self._db.execute(to_outbox, *values[BEFORE_OUTBOX:])
            await self._db.fetch(lock, values[0])
            nothing: list[list[Any]] = [[] for _ in range(OUTBOX_COLUMNS)]
            return await self._db.execute(write, *values[:BEFORE_OUTBOX], *nothing)

    async def apply_late(db: Any, store: Any, works: Any, news: Any = None) -> Any:
        return await apply(LockingLate(db), store, works, news)  # type: ignore[arg-type]

    for module in (casework, desk, inbox):
        _put(module, "apply", apply_late)


def _answer_before_commit() -> None:
    from shared import desk
    from shared.casework import apply
    from shared.postgres import set_scope

    waiting: dict[int, Any] = {}
    flush = desk.Desk._flush

    async def remembered(self: Any, batch: Any) -> None:
        waiting.update({id(work): answer for work, answer in batch})
        try:
            await flush(self, batch)
        finally:
            for work, _ in batch:
                waiting.pop(id(work), None)

    async def commit(self: Any, works: Any) -> Any:
        answers: dict[int, Any] = {}
        async with self._pool.acquire() as db, db.transaction():
            for scope in sorted({work.establishments for work in works}):
                await set_scope(db, scope)
                mine = [work for work in works if work.establishments == scope]
                for work, answer in zip(mine, await apply(db, self._store, mine, self._news), strict=True):
                    answers[id(work)] = answer
                    future = waiting.get(id(work))
                    if future is not None and not future.done() and not isinstance(answer, Exception):
                        future.set_result(answer)
        return [answers[id(work)] for work in works]

    _put(desk.Desk, "_flush", remembered)
    _put(desk.Desk, "_commit", commit)


MUTATIONS: dict[str, Mutation] = {
    "acknowledge-first": Mutation("offsets are committed before the batch is on disk", _acknowledge_first),
    "inbox-apart": Mutation("the inbox row is written outside the transaction of the effect", _inbox_apart),
    "no-leader": Mutation("every process of a service relays, without a leader", _no_leader),
    "cursor": Mutation("the relay follows a cursor over the sequence of the outbox", _cursor),
    "outbox-before-lock": Mutation("the outbox row is written before the case is locked", _outbox_before_lock),
    "answer-before-commit": Mutation("callers are answered before the commit", _answer_before_commit),
}

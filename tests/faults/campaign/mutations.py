"""Mistakes put back on purpose, in the campaign's child processes only: each must make the checker object.

They are the mistakes that the design names (`docs/adr/0001` to `0003`), as somebody would make them.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


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

    after = "coalesce(nullif(current_setting('campaign.cursor', true), ''), '0')::bigint"
    last = "(SELECT coalesce(max(p), 0)::text FROM unnest($1::bigint[]) AS p)"
    moved = f"moved AS (SELECT set_config('campaign.cursor', {last}, false) WHERE cardinality($1::bigint[]) > 0)"
    sql = outbox.NEXT.replace("WITH gone AS", f"WITH {moved}, gone AS").replace(
        "FROM outbox WHERE position <>",
        f"FROM outbox WHERE (SELECT count(*) FROM moved) >= 0 AND position > {after} AND position <>",  # noqa: S608
    )
    _put(outbox, "NEXT", sql)


def _outbox_before_lock() -> None:
    from shared import casework, desk, inbox

    lock, write, apply = casework.LOCK, casework.WRITE, casework.apply
    first = 12
    """The place of the outbox's first column among the values of the statement."""
    outbox = re.sub(
        r"\$(\d+)", lambda place: f"${int(place[1]) - first + 1}", write[write.index("INSERT INTO outbox") :]
    )

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
            await self._db.execute(outbox, *values[first - 1 :])
            await self._db.fetch(lock, values[0])
            return await self._db.execute(write, *values[: first - 1], *[[] for _ in values[first - 1 :]])

    async def apply_late(db: Any, store: Any, works: Any) -> Any:
        return await apply(LockingLate(db), store, works)  # type: ignore[arg-type]

    for module in (casework, desk, inbox):
        _put(module, "apply", apply_late)


def _answer_before_commit() -> None:
    from shared import casework, desk
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
                for work, answer in zip(mine, await casework.apply(db, self._store, mine), strict=True):
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

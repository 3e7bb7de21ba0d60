"""Mistakes put back on purpose, in the campaign's child processes only: each must make the checker object.

They are the mistakes that the design names (`docs/adr/0001` to `0003`), as somebody would make them.
"""

import os
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
    from shared.messaging.consumer import Consumer

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
    from shared.basics import clock
    from shared.casework import writes
    from shared.database.postgres import EVERYTHING, reading
    from shared.messaging import inbox, parked

    async def kept_apart(self: Any, received: Any, park: Any, memory: Any = None) -> None:
        """Remembers the messages in a commit of their own, before their effect."""
        if received:
            async with reading(self._pool, EVERYTHING) as db:
                await writes.keep(db, [self._remembering(received)])
        async with reading(self._pool, EVERYTHING) as db:
            effects = await self._effects(db, received, memory)
            async with db.transaction():
                await self._project(db, effects.projected)
                await parked.parked_insert(db, self._consumer, [*park, *effects.refused.values()], clock.now())
                if effects.writes:
                    await writes.keep(db, effects.writes)
        self._done(effects)

    _put(inbox.Inbox, "_keep", kept_apart)


def _no_leader() -> None:
    from shared.messaging import relay as outbox

    _put(outbox, "LEADER_LOCK", os.getpid())


def _cursor() -> None:
    from shared.messaging import relay as outbox

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
    from shared.casework import decide as casework
    from shared.casework import desk, writes
    from shared.messaging import inbox

    keep = writes.keep

    async def outbox_first(db: Any, all_writes: Any) -> None:
        """In a transaction, the events join the outbox before the case is claimed; and nobody looks at its version."""
        events = [write for write in all_writes if write.sql is casework.OUTBOX]
        others = [
            write._replace(sql=write.sql.replace("AND h.version = n.version - 1", ""))
            for write in all_writes
            if write.sql is not casework.OUTBOX
        ]
        async with db.transaction():
            for some in (events, others):
                if some:
                    await keep(db, some)

    for module in (desk, inbox):
        _put(module, "keep", outbox_first)


def _answer_before_commit() -> None:
    from shared.casework import desk
    from shared.casework.decide import decide_all

    waiting: dict[int, Any] = {}
    flush = desk.Desk._flush

    async def remembered(self: Any, batch: Any) -> None:
        waiting.update({id(work): answer for work, answer in batch})
        try:
            await flush(self, batch)
        finally:
            for work, _ in batch:
                waiting.pop(id(work), None)

    async def decide_and_tell(db: Any, store: Any, works: Any, memory: Any) -> Any:
        """Everybody hears the result of the decision; then it is written."""
        decided = await decide_all(db, store, works, memory)
        for work, answer in zip(works, decided.answers, strict=True):
            future = waiting.get(id(work))
            if future is not None and not future.done() and not isinstance(answer, Exception):
                future.set_result(answer)
        return decided

    _put(desk.Desk, "_flush", remembered)
    _put(desk, "decide_all", decide_and_tell)


MUTATIONS: dict[str, Mutation] = {
    "acknowledge-first": Mutation("offsets are committed before the batch is on disk", _acknowledge_first),
    "inbox-apart": Mutation("the inbox row is written outside the transaction of the effect", _inbox_apart),
    "no-leader": Mutation("every process of a service relays, without a leader", _no_leader),
    "cursor": Mutation("the relay follows a cursor over the sequence of the outbox", _cursor),
    "outbox-before-lock": Mutation("the outbox row is written before the case is claimed", _outbox_before_lock),
    "answer-before-commit": Mutation("callers are answered before the commit", _answer_before_commit),
}

"""The desk: commands that arrive together share one durable commit, and each caller is answered after it.

While one commit is under way the next commands queue; so a quiet service answers at once, and a busy one pays for one
commit instead of many. The cost of a command falls as the load rises.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog

from shared.basics.errors import Unavailable
from shared.casework.decide import Answer, Memory, Outgoing, Store, Work, Written, decide_all
from shared.casework.writes import keep
from shared.database.postgres import CONFLICT, TRANSIENT, Pool, reading, set_scope, transaction

log = structlog.get_logger()
S = TypeVar("S")

BUSY = 8
LINGER_SECONDS = 0.004
FLUSHERS = 2
TRIES = 5
PAUSE_SECONDS = 0.02

Waiting = tuple[Work[S], "asyncio.Future[Any]"]


class Desk(Generic[S]):
    """Takes commands. Commands on one case keep their order; conflicts with other processes are detected by versions.

    Two flushers alternate: while PostgreSQL writes for one, the other decides.
    """

    def __init__(
        self,
        pool: Pool,
        store: Store[S],
        committed: Callable[[Outgoing], None],
        memory: Memory[S] | None = None,
        most: int = 256,
    ) -> None:
        self._pool = pool
        self._store = store
        self._committed = committed
        self._memory = memory
        self._most = most
        self._waiting: list[Waiting[S]] = []
        self._in_hand: set[UUID] = set()
        self._kick = asyncio.Event()

    async def run(self, work: Work[S]) -> Any:
        """The result of this decision once it is on disk; raises its refusal, or `Unavailable` if the outcome is unknown."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        self._kick.set()
        return await answer

    async def serve(self) -> None:
        """Flush until cancelled."""
        async with asyncio.TaskGroup() as flushers:
            for _ in range(FLUSHERS):
                flushers.create_task(self._serve())

    async def _serve(self) -> None:
        while True:
            await self._kick.wait()
            batch = self._taken()
            if not batch:
                self._kick.clear()
                continue
            cases = {work.case_id for work, _ in batch}
            self._in_hand |= cases
            try:
                await self._flush(batch)
            finally:
                self._in_hand -= cases
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(Unavailable())
                self._kick.set()
            if len(batch) > BUSY:
                # Busy: callers that were just answered send their next command at once; let them share the next commit.
                await asyncio.sleep(LINGER_SECONDS)

    def _taken(self) -> list[Waiting[S]]:
        """The commands to decide now; those on cases that the other flusher is working on stay queued."""
        batch: list[Waiting[S]] = []
        left: list[Waiting[S]] = []
        for one in self._waiting:
            (left if one[0].case_id in self._in_hand or len(batch) == self._most else batch).append(one)
        self._waiting = left
        return batch

    async def _flush(self, batch: list[Waiting[S]]) -> None:
        answers = await self._answers([work for work, _ in batch])
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def _answers(self, works: list[Work[S]]) -> list[Answer]:
        """The answer to each caller: a result that is on disk, or the error."""
        for again in range(TRIES):
            try:
                return await self._commit(works, None if again else self._memory)
            except CONFLICT as overtaken:
                # Another process changed one of these cases: read all of them and decide again.
                self._doubt()
                log.info("commands_overtaken", commands=len(works), error=repr(overtaken))
                await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * again))  # noqa: S311 -- jitter
            except TRANSIENT as error:
                self._doubt()
                return [_unknown(error)] * len(works)
            except Exception as error:  # noqa: BLE001 - answered to the command that caused it
                if len(works) == 1:
                    return [error]
                log.info("shared_write_failed", commands=len(works), error=repr(error))
                break
        else:
            if len(works) == 1:
                return [Unavailable(cause="overtaken too often")]
        # One command makes the shared write fail: bisect the batch to isolate it.
        half = len(works) // 2
        return [*await self._answers(works[:half]), *await self._answers(works[half:])]

    async def _commit(self, works: list[Work[S]], memory: Memory[S] | None) -> list[Answer]:
        """One durable commit; the decisions of each scope run under that scope of row-level security."""
        places: dict[str, list[int]] = {}
        for place, work in enumerate(works):
            places.setdefault(work.establishments, []).append(place)
        # A single statement is its own commit; only several scopes need a transaction.
        connection = reading if len(places) == 1 else transaction
        answers: list[Answer] = [None] * len(works)
        outgoing = Outgoing()
        written: list[Written[S]] = []
        async with connection(self._pool, min(places)) as db:
            for establishments, where in sorted(places.items()):
                await set_scope(db, establishments)
                decided = await decide_all(db, self._store, [works[place] for place in where], memory)
                if decided.writes:
                    await keep(db, decided.writes)
                outgoing.join(decided.outgoing)
                written += decided.written
                for place, answer in zip(where, decided.answers, strict=True):
                    answers[place] = answer
        if self._memory is not None:
            self._memory.remember(written)
        self._committed(outgoing)
        return answers

    def _doubt(self) -> None:
        if self._memory is not None:
            self._memory.doubt()


def _unknown(error: BaseException) -> Unavailable:
    return Unavailable(cause=repr(error))

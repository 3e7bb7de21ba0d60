"""The desk: commands that arrive together share one durable transaction, and each caller is answered after its commit.

While one transaction is under way the next commands gather; so a quiet service answers at once, and a busy one pays
for one commit where it would have paid for many. The price of a command falls as the load rises.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import structlog

from shared.casework import Answer, News, Store, Work, apply
from shared.errors import Unavailable
from shared.postgres import CONFLICT, TRANSIENT, Pool, set_scope, transaction

log = structlog.get_logger()
S = TypeVar("S")

BUSY = 8
LINGER_SECONDS = 0.004

Waiting = tuple[Work[S], "asyncio.Future[Any]"]


class Desk(Generic[S]):
    """Where commands are brought. One flusher per process keeps their order; other processes are kept apart by row locks."""

    def __init__(self, pool: Pool, store: Store[S], committed: Callable[[News], None], most: int = 256) -> None:
        self._pool = pool
        self._store = store
        self._committed = committed
        self._most = most
        self._waiting: list[Waiting[S]] = []
        self._kick = asyncio.Event()
        self._news = News()

    async def run(self, work: Work[S]) -> Any:
        """The result of this decision once it is on disk; raises its refusal, or `Unavailable` if the outcome is unknown."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        self._kick.set()
        return await answer

    async def serve(self) -> None:
        """Flush for as long as the service lives."""
        while True:
            await self._kick.wait()
            self._kick.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                try:
                    await self._flush(batch)
                finally:
                    for _, answer in batch:
                        if not answer.done():
                            answer.set_exception(Unavailable())
                if len(batch) > BUSY:
                    # A busy moment: those who were just answered come again at once, and share the next transaction.
                    await asyncio.sleep(LINGER_SECONDS)

    async def _flush(self, batch: list[Waiting[S]]) -> None:
        self._news = News()
        try:
            answers = await self._commit([work for work, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered to whoever caused it
            if len(batch) > 1 and not isinstance(error, TRANSIENT):
                # One of them breaks the transaction of all: each gets its own.
                log.warning("shared_transaction_failed", commands=len(batch), error=repr(error))
                for one in batch:
                    await self._flush([one])
                return
            answers = [await self._alone(batch[0][0], error)] if len(batch) == 1 else [_unknown(error)] * len(batch)
        self._committed(self._news)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def _alone(self, work: Work[S], error: Exception) -> Answer:
        """A single command met a conflict: it runs once more. Anything else is told to the caller."""
        if not isinstance(error, CONFLICT):
            return _unknown(error) if isinstance(error, TRANSIENT) else error
        try:
            return (await self._commit([work]))[0]
        except Exception as again:  # noqa: BLE001 - answered to the caller
            return _unknown(again) if isinstance(again, (*TRANSIENT, *CONFLICT)) else again

    async def _commit(self, works: list[Work[S]]) -> list[Answer]:
        """One transaction; each run of the same scope is decided under that scope of row-level security."""
        places: dict[str, list[int]] = {}
        for place, work in enumerate(works):
            places.setdefault(work.establishments, []).append(place)
        answers: list[Answer] = [None] * len(works)
        first, *others = sorted(places)
        async with transaction(self._pool, first) as db:
            for establishments in (first, *others):
                if establishments is not first:
                    await set_scope(db, establishments)
                where = places[establishments]
                for place, answer in zip(
                    where, await apply(db, self._store, [works[i] for i in where], self._news), strict=True
                ):
                    answers[place] = answer
        return answers


def _unknown(error: Exception) -> Unavailable:
    return Unavailable(cause=repr(error))

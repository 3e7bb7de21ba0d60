"""Replay: a parked message is tried again, and the messages of its case that wait behind it follow in their order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from shared.database.postgres import CONFLICT, EVERYTHING, TRANSIENT, Pool, reading, transaction
from shared.messaging import parked
from shared.messaging.parked import Parked, handler_failed
from shared.messaging.received import Reader, Received

CONTENTION_PAUSES = (0.01, 0.03, 0.1, 0.3, 1.0)

Take = Callable[[Parked, Sequence[Received], str], Awaitable[Parked | None]]
"""Takes effect and resolves the parked message in one commit; answers it with its reason where a rule refused it."""


class Replay:
    """Replays the parked messages of one service; `take` gives one of them its effect."""

    def __init__(self, pool: Pool, reader: Reader, take: Take) -> None:
        self._pool = pool
        self._reader = reader
        self._take = take

    async def replay(self, parked_id: int, by: str) -> Parked | None:
        """Try a parked message again; None when it took effect, else the message with its new reason.

        Where it holds a case, the messages behind it follow, in their order.
        """
        async with reading(self._pool, EVERYTHING) as db:
            first = await parked.parked_get(db, parked_id)
        if first is None or first.resolved_at is not None:
            return None
        if first.holds_case is not None:
            return await self.release(first.holds_case, by)
        return await self._replay_one(first, by)

    async def release(self, case_id: UUID, by: str) -> Parked | None:
        """Replay the messages of a case that were set aside, in their order, those that join them meanwhile included.

        None when none is left, else the one that fails.
        """
        while True:
            async with reading(self._pool, EVERYTHING) as db:
                queue = await parked.parked_behind(db, case_id)
            if not queue:
                return None
            for one in queue:
                failure = await self._replay_one(one, by)
                if failure is not None:
                    return failure

    async def _replay_one(self, one: Parked, by: str) -> Parked | None:
        received, unreadable = self._reader.read([one.message])
        failed = unreadable[0] if unreadable else None
        if failed is None:
            try:
                failed = await self._retry_on_contention(lambda: self._take(one, received, by))
            except Exception as error:
                if isinstance(error, TRANSIENT):
                    raise
                case_id = received[0].case_id if received else None
                failed = handler_failed(one.message, case_id, error, one.attempts + 1)
        if failed is not None:
            async with transaction(self._pool, EVERYTHING) as db:
                await parked.parked_failed_again(db, one.parked_id, failed.slug, failed.reason)
        return failed

    async def _retry_on_contention(self, take: Callable[[], Awaitable[Parked | None]]) -> Parked | None:
        """Others may be writing to the same case: that is no failure of the message."""
        for pause in CONTENTION_PAUSES:
            try:
                return await take()
            except CONFLICT:
                await asyncio.sleep(pause)
        return await take()

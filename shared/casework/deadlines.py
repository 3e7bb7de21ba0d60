"""Deadlines: every waiting case has one, and somebody is notified when it passes.

A service knows which of its cases are past their deadline and what happens to them. The sweep polls it every few seconds
and sends each decision through the desk, like any other command.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog

from shared.basics import clock
from shared.basics.errors import Refusal, Unavailable
from shared.database.postgres import EVERYTHING, TRANSIENT, Db, Pool, reading

log = structlog.get_logger()
AT_ONCE = 100
AWAY: tuple[type[BaseException], ...] = (*TRANSIENT, Unavailable)
"""The database is unavailable: no case is at fault."""


class Deadlines(Protocol):
    """What the sweep needs of a service."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Cases whose deadline passed and has not been acted on, oldest first."""


async def sweep(
    pool: Pool,
    deadlines: Deadlines,
    act: Callable[[UUID, datetime], Awaitable[Any]],
    now: datetime,
    stuck: set[UUID] | None = None,
) -> int:
    """Act on deadlines that have passed at `now`, a hundred at most; returns how many cases it tried.

    Cases in `stuck` failed earlier in this round and are skipped; cases that fail now are added to it.
    """
    stuck = set() if stuck is None else stuck
    async with reading(pool, EVERYTHING) as db:
        passed = await deadlines.passed(db, now, AT_ONCE + len(stuck))
    late = [case_id for case_id in passed if case_id not in stuck]
    answers = await asyncio.gather(*[act(case_id, now) for case_id in late], return_exceptions=True)
    for case_id, answer in zip(late, answers, strict=True):
        if isinstance(answer, AWAY) or (isinstance(answer, BaseException) and not isinstance(answer, Exception)):
            raise answer
        if isinstance(answer, Refusal):
            log.warning("deadline_refused", case_id=str(case_id), slug=answer.slug)
            stuck.add(case_id)
        elif isinstance(answer, Exception):
            log.error("deadline_failed", case_id=str(case_id), exc_info=answer)
            stuck.add(case_id)
    return len(late)


async def serve(
    pool: Pool, deadlines: Deadlines, act: Callable[[UUID, datetime], Awaitable[Any]], every_seconds: float
) -> None:
    """Sweep until cancelled. A case that fails does not block the others."""
    while True:
        stuck: set[UUID] = set()
        try:
            while await sweep(pool, deadlines, act, clock.now(), stuck) >= AT_ONCE:
                pass
        except AWAY as error:
            log.warning("sweep_waits", error=repr(error))
        await asyncio.sleep(every_seconds)

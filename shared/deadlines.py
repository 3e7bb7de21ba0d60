"""Deadlines: every waiting case has one, and somebody is told when it passes.

The service says which of its cases are past their deadline, and what that does to them; the sweep asks every few
seconds and takes each decision through the desk, as any other command.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog

from shared import clock
from shared.errors import Refusal
from shared.postgres import EVERYTHING, TRANSIENT, Db, Pool, reading

log = structlog.get_logger()
AT_ONCE = 100


class Deadlines(Protocol):
    """What a service answers to the sweep."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Cases whose deadline passed and has not been acted on, oldest first."""


async def sweep(
    pool: Pool, deadlines: Deadlines, act: Callable[[UUID, datetime], Awaitable[Any]], now: datetime
) -> int:
    """Act on the deadlines that have passed at `now`; answers how many."""
    async with reading(pool, EVERYTHING) as db:
        late = await deadlines.passed(db, now, AT_ONCE)
    answers = await asyncio.gather(*[act(case_id, now) for case_id in late], return_exceptions=True)
    for case_id, answer in zip(late, answers, strict=True):
        if isinstance(answer, Refusal):
            log.warning("deadline_refused", case_id=str(case_id), slug=answer.slug)
        elif isinstance(answer, BaseException):
            raise answer
    return len(late)


async def serve(
    pool: Pool, deadlines: Deadlines, act: Callable[[UUID, datetime], Awaitable[Any]], every_seconds: float
) -> None:
    """Sweep for as long as the service lives."""
    while True:
        try:
            busy = await sweep(pool, deadlines, act, clock.now()) == AT_ONCE
        except TRANSIENT as error:
            log.warning("sweep_waits", error=repr(error))
            busy = False
        if not busy:
            await asyncio.sleep(every_seconds)

"""Retries: waits while PostgreSQL is away, takes a failing batch one message at a time, parks the one that keeps failing."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from shared.basics import clock
from shared.database.postgres import CONFLICT, TRANSIENT
from shared.messaging.parked import Parked, handler_failed
from shared.messaging.received import Received

log = structlog.get_logger()

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0


class Commit(Protocol):
    """Brings messages to disk: the effects of `received`, and `park` set aside."""

    async def __call__(self, received: Sequence[Received], park: Sequence[Parked], guess: bool = False) -> None:
        """One commit. With `guess`, decisions may start from remembered states."""


class Retry:
    """Calls `commit` until everything is on disk; `doubt` is called when remembered states may be the cause of a failure."""

    def __init__(self, consumer: str, commit: Commit, doubt: Callable[[], None], attempts: int) -> None:
        self._consumer = consumer
        self._commit = commit
        self._doubt = doubt
        self._attempts = attempts
        self.stalled_since: datetime | None = None
        """Since when PostgreSQL has refused what is under way."""

    async def until_done(self, received: Sequence[Received], park: Sequence[Parked]) -> None:
        """Returns when each message has had its effect or is parked."""
        pause, guess = FIRST_PAUSE, True
        while True:
            try:
                await self._commit(received, park, guess=guess)
                break
            except (*TRANSIENT, *CONFLICT) as error:
                # A wrong guess may be the cause: read everything from here on.
                pause, guess = await self._wait(error, pause), False
            except Exception as error:  # noqa: BLE001 - one by one, each failure is attributed to its message
                log.warning("batch_failed", consumer=self._consumer, messages=len(received), error=repr(error))
                await self._one_by_one(received, park)
                break
        self.stalled_since = None

    async def _one_by_one(self, received: Sequence[Received], park: Sequence[Parked]) -> None:
        await self._alone([], park)
        for one in received:
            await self._alone([one], [])

    async def _alone(self, received: Sequence[Received], park: Sequence[Parked]) -> None:
        pause, attempt = FIRST_PAUSE, 1
        while True:
            try:
                return await self._commit(received, park)
            except (*TRANSIENT, *CONFLICT) as error:
                pause = await self._wait(error, pause)
            except Exception as error:
                if not received:
                    raise
                if attempt >= self._attempts:
                    [one] = received
                    log.exception("message_parked", slug="handler-failed", offset=one.message.offset)
                    park, received = [handler_failed(one.message, one.case_id, error, attempt)], []
                    continue
                attempt += 1
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _wait(self, error: BaseException, pause: float) -> float:
        """Sleep for `pause` seconds; the next pause."""
        self._doubt()
        self.stalled_since = self.stalled_since or clock.now()
        log.warning("consumer_waits", consumer=self._consumer, error=repr(error), pause_s=pause)
        await asyncio.sleep(pause)
        return min(pause * 2, LONGEST_PAUSE)

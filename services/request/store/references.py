"""Human references such as D-2026-000147, numbered from a sequence in blocks: a command does not wait for one."""

import asyncio
from datetime import datetime

from shared.basics.calendar import today
from shared.database.postgres import EVERYTHING, Pool, reading

BLOCK = 50
"""INCREMENT BY of the sequence. A process that stops leaves a gap: numbers are unique, not complete."""


class References:
    """The numbers that this process may give."""

    def __init__(self) -> None:
        self._numbers = iter(range(0))
        self._lock = asyncio.Lock()

    async def next(self, pool: Pool, now: datetime) -> str:
        """A reference that nobody has; its year is the one that it is in France."""
        number = next(self._numbers, None)
        while number is None:
            async with self._lock:
                number = next(self._numbers, None)
                if number is None:
                    async with reading(pool, EVERYTHING) as db:
                        first = int(await db.fetchval("SELECT nextval('request_number')"))
                    self._numbers = iter(range(first, first + BLOCK))
        return f"D-{today(now).year}-{number:06}"

"""The sweep: a case that cannot be acted on keeps no other from being told, and stops no service."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.basics.errors import NotFound, Unavailable
from shared.casework import deadlines


class Late:
    """Cases past their deadline, oldest first, until somebody is told."""

    def __init__(self, count: int) -> None:
        self.cases = [uuid4() for _ in range(count)]
        self.told: list[UUID] = []
        self.looks = 0

    async def passed(self, _db: Any, _now: datetime, limit: int) -> Sequence[UUID]:
        self.looks += 1
        return [case_id for case_id in self.cases if case_id not in self.told][:limit]


@asynccontextmanager
async def nothing_to_read(*_: Any) -> AsyncIterator[None]:
    yield None


@asynccontextmanager
async def serving(late: Late, act: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["asyncio.Task[None]"]:
    monkeypatch.setattr(deadlines, "reading", nothing_to_read)
    monkeypatch.setattr(deadlines, "log", SimpleNamespace(warning=silent, error=silent))
    pool: Any = None
    task = asyncio.create_task(deadlines.serve(pool, late, act, 3600))
    yield task
    task.cancel()


def silent(*_: Any, **__: Any) -> None:
    pass


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_hundred_cases_that_fail_hide_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(250)
    faults = [NotFound(), ZeroDivisionError("a fault of one decision")]

    async def act(case_id: UUID, _: datetime) -> None:
        place = late.cases.index(case_id)
        if place < 120:
            raise faults[place % 2]
        late.told.append(case_id)

    async with serving(late, act, monkeypatch) as task:
        await until(lambda: len(late.told) == 130)
        assert not task.done()
    assert late.told == late.cases[120:]
    assert late.looks < 10


async def test_it_rests_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late(250)

    async def act(case_id: UUID, _: datetime) -> None:
        raise Unavailable

    async with serving(late, act, monkeypatch) as task:
        await until(lambda: late.looks == 1)
        await asyncio.sleep(0.05)
        assert not task.done()
    assert late.looks == 1

"""Decisions on what a process remembers: they read nothing, and nothing is believed that the database does not confirm."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest

from shared.basics import clock
from shared.basics.errors import Unavailable
from shared.basics.ids import new_id
from shared.casework import memory as memory_module
from shared.casework.decide import Outcome, Work
from shared.casework.desk import Desk
from shared.database.postgres import Pool, open_pool
from shared.messaging.inbox import Inbox
from tests.helpers.servers import Database
from tests.integration.test_inbox import message, said
from tests.integration.toy import (
    ELSEWHERE,
    HERE,
    NotSo,
    Tally,
    TallyStore,
    inbox_of,
    prepare,
    remembering,
    say,
    words_of,
)


@dataclass
class Process:
    """A desk and an inbox with a memory of their own."""

    desk: Desk[Tally | None]
    inbox: Inbox[Tally | None]
    store: TallyStore

    @property
    def read(self) -> int:
        """How often it read cases."""
        return self.store.transactions


@asynccontextmanager
async def process(pool: Pool) -> AsyncIterator[Process]:
    store, memory = TallyStore(), remembering()
    desk = Desk[Tally | None](pool, store, lambda _: None, memory)
    inbox = inbox_of(pool, store, memory)
    serving = asyncio.create_task(desk.serve())
    try:
        yield Process(desk, inbox, store)
    finally:
        serving.cancel()


@asynccontextmanager
async def two_processes(database: Database) -> AsyncIterator[tuple[Process, Process]]:
    await prepare(database)
    pool = await open_pool(database.app, 4, "toy")
    try:
        async with process(pool) as one, process(pool) as other:
            yield one, other
    finally:
        pool.terminate()


def count(case_id: UUID, scope: str = HERE) -> Work[Tally | None]:
    """A question: how many words were said; refused where nothing was, or nothing that one may see. It writes nothing."""

    def decide(state: Tally | None) -> Outcome[Tally | None]:
        if state is None:
            raise NotSo
        return Outcome(state, result=len(state.words))

    return Work(case_id=case_id, establishments=scope, decide=decide, now=clock.now())


async def test_a_case_that_was_just_written_is_decided_on_without_reading(request_database: Database) -> None:
    async with two_processes(request_database) as (one, _):
        case_id = new_id()
        assert [await one.desk.run(say(word, case_id)) for word in "abc"] == [1, 2, 3]
        await one.inbox.receive([message(said("d", case_id))])
        assert one.read == 1
        assert await words_of(request_database, case_id) == [*"abcd"]


async def test_a_case_that_is_new_is_not_looked_for(request_database: Database) -> None:
    async with two_processes(request_database) as (one, _):
        case_ids = [new_id() for _ in range(5)]
        await one.inbox.receive([message(said("new", case_id)) for case_id in case_ids])
        assert one.read == 0
        assert [await words_of(request_database, case_id) for case_id in case_ids] == [["new"]] * 5


async def test_of_two_processes_that_remember_the_same_case_none_overwrites_the_other(
    request_database: Database,
) -> None:
    async with two_processes(request_database) as (one, other):
        case_id = new_id()
        answers = [await process.desk.run(say(f"{n}", case_id)) for n in range(10) for process in (one, other)]
        assert answers == list(range(1, 21))
        assert await words_of(request_database, case_id) == [f"{n}" for n in range(10) for _ in "ab"]
        await one.inbox.receive([message(said("last", case_id))])
        await other.inbox.receive([message(said("end", case_id))])
        assert (await words_of(request_database, case_id))[-2:] == ["last", "end"]


async def test_an_event_that_opens_a_known_case_is_decided_on_what_is_there(request_database: Database) -> None:
    async with two_processes(request_database) as (one, other):
        case_id = new_id()
        await other.desk.run(say("known", case_id))
        await one.inbox.receive([message(said("again", case_id)), message(said("more", case_id))])
        assert await words_of(request_database, case_id) == ["known", "again", "more"]


async def test_a_wrong_guess_is_made_once_however_long_the_pause_after_it(
    request_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "DOUBT_SECONDS", 0)
    async with two_processes(request_database) as (one, other), asyncio.timeout(10):
        case_id = new_id()
        await one.desk.run(say("mine", case_id))
        await other.desk.run(say("theirs", case_id))
        once = message(said("heard", case_id))
        await one.inbox.receive([once])
        await other.inbox.receive([once])
        await one.inbox.receive([once])
        assert await other.desk.run(say("answered", case_id)) == 4
        assert await words_of(request_database, case_id) == ["mine", "theirs", "heard", "answered"]


async def test_an_answer_that_writes_nothing_is_never_taken_from_memory(request_database: Database) -> None:
    async with two_processes(request_database) as (one, other):
        case_id = new_id()
        await one.desk.run(say("here", case_id))
        await other.desk.run(say("there", case_id))
        assert await one.desk.run(count(case_id)) == 2, "what it remembered was one word"


async def test_who_may_not_see_a_case_learns_nothing_from_what_is_remembered(request_database: Database) -> None:
    async with two_processes(request_database) as (one, _):
        case_id = new_id()
        await one.desk.run(say("secret", case_id, ELSEWHERE))
        with pytest.raises(NotSo):
            await one.desk.run(count(case_id, HERE))
        with pytest.raises(Unavailable):
            await one.desk.run(say("intrusion", case_id, HERE))
        assert await words_of(request_database, case_id) == ["secret"]


async def test_a_process_whose_connection_broke_believes_nothing_that_it_remembered(request_database: Database) -> None:
    async with two_processes(request_database) as (one, _):
        case_id = new_id()
        await one.desk.run(say("before", case_id))
        with pytest.raises(Unavailable):
            await one.desk.run(say("die", case_id))
        before = one.read
        assert await one.desk.run(say("after", case_id)) == 2
        assert one.read == before + 1

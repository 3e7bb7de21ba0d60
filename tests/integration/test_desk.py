"""Commands: answered after their commit, alone in their faults, together in their transactions."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.basics.errors import Refusal, TooMuchText, Unavailable
from shared.basics.ids import new_id
from shared.casework.desk import Desk
from shared.database.postgres import EVERYTHING, Pool, open_pool, reading
from shared.operations.story import verify_page
from tests.helpers.servers import Database
from tests.integration.toy import ELSEWHERE, HERE, Tally, TallyStore, prepare, remembering, say, words_of


@asynccontextmanager
async def at_desk(
    database: Database, *, remembers: bool = True
) -> AsyncIterator[tuple[Desk[Tally | None], TallyStore, Pool]]:
    await prepare(database)
    pool = await open_pool(database.app, 4, "toy")
    store = TallyStore()
    memory = remembering() if remembers else None
    desk = Desk[Tally | None](pool, store, lambda _: None, memory)
    serving = asyncio.create_task(desk.serve())
    try:
        yield desk, store, pool
    finally:
        serving.cancel()
        pool.terminate()


async def outbox_of(database: Database) -> list[asyncpg.Record]:
    db = await asyncpg.connect(database.admin)
    try:
        return await db.fetch("SELECT * FROM outbox ORDER BY position")
    finally:
        await db.close()


async def test_a_command_answered_with_success_is_on_disk_with_its_event_and_its_trail(
    request_database: Database,
) -> None:
    async with at_desk(request_database) as (desk, _, pool):
        case_id = new_id()
        assert await desk.run(say("hello", case_id)) == 1
        assert await words_of(request_database, case_id) == ["hello"]
        [event] = await outbox_of(request_database)
        assert (event["key"], event["sequence"]) == (case_id, 1)
        page = await verify_page(pool, "request", None, 10)
        assert (page.checked, page.entries, page.breaks) == (1, 1, [])


async def test_commands_that_arrive_together_share_a_transaction_and_keep_their_order(
    request_database: Database,
) -> None:
    async with at_desk(request_database) as (desk, store, _):
        case_id = new_id()
        answers = await asyncio.gather(*[desk.run(say(str(i), case_id)) for i in range(100)])
        assert answers == list(range(1, 101))
        assert await words_of(request_database, case_id) == [str(i) for i in range(100)]
        assert [e["sequence"] for e in await outbox_of(request_database)] == list(range(1, 101))
        assert store.transactions < 10


@pytest.mark.parametrize(("word", "error"), [("no", Refusal), ("bug", ZeroDivisionError), ("nul", asyncpg.DataError)])
async def test_the_fault_of_one_command_is_answered_to_it_alone(
    request_database: Database, word: str, error: type[Exception]
) -> None:
    async with at_desk(request_database) as (desk, _, __):
        good = [new_id() for _ in range(5)]
        bad = new_id()
        answers = await asyncio.gather(
            *[desk.run(say("yes", case_id)) for case_id in good[:3]],
            desk.run(say(word, bad)),
            *[desk.run(say("yes", case_id)) for case_id in good[3:]],
            return_exceptions=True,
        )
        assert isinstance(answers.pop(3), error)
        assert answers == [1] * 5
        assert await words_of(request_database, bad) == []
        assert [e["key"] for e in await outbox_of(request_database)] == good


async def test_what_kafka_would_not_take_is_refused_before_it_stands_in_the_way_of_others(
    request_database: Database,
) -> None:
    async with at_desk(request_database) as (desk, _, __):
        case_id = new_id()
        with pytest.raises(TooMuchText):
            await desk.run(say("é" * 450_000, case_id))
        assert await outbox_of(request_database) == []
        assert await words_of(request_database, case_id) == []
        assert await desk.run(say("é" * 400_000, case_id)) == 1


async def test_a_case_of_another_establishment_cannot_be_read_or_changed(request_database: Database) -> None:
    async with at_desk(request_database) as (desk, _, pool):
        theirs = new_id()
        await desk.run(say("secret", theirs, ELSEWHERE))
        with pytest.raises(Unavailable):
            await desk.run(say("intrusion", theirs, HERE))
        assert await words_of(request_database, theirs) == ["secret"]
        async with reading(pool, HERE) as db:
            assert await db.fetch("SELECT * FROM tally") == []
            assert await db.fetch("SELECT * FROM trail") == []
        async with reading(pool, EVERYTHING) as db:
            assert len(await db.fetch("SELECT * FROM tally")) == 1


async def test_an_unset_scope_shows_nothing(request_database: Database) -> None:
    async with at_desk(request_database) as (desk, _, __):
        await desk.run(say("secret", new_id()))
        db = await asyncpg.connect(request_database.app)
        try:
            assert await db.fetch("SELECT * FROM tally") == []
            assert await db.fetch("SELECT * FROM case_head") == []
        finally:
            await db.close()


async def test_the_trail_cannot_be_changed_by_the_service_and_a_change_by_others_is_found(
    request_database: Database,
) -> None:
    async with at_desk(request_database) as (desk, _, pool):
        case_id, other = new_id(), new_id()
        for word in ("one", "two", "three"):
            await desk.run(say(word, case_id))
            await desk.run(say(word, other))
        async with reading(pool, EVERYTHING) as db:
            for forbidden in ("UPDATE trail SET entry = ''", "DELETE FROM trail", "TRUNCATE trail"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await db.execute(forbidden)
        admin = await asyncpg.connect(request_database.admin)
        try:
            await admin.execute("SET session_replication_role = replica")
            await admin.execute("UPDATE trail SET entry = replace(entry, 'two', '2') WHERE case_id = $1", case_id)
            await admin.execute("DELETE FROM trail WHERE case_id = $1 AND n = 3", other)
        finally:
            await admin.close()
        page = await verify_page(pool, "request", None, 10)
        assert {(b.case_id, b.n) for b in page.breaks} == {(case_id, 2), (other, 3)}


async def test_a_command_whose_connection_broke_is_told_that_its_outcome_is_unknown(request_database: Database) -> None:
    async with at_desk(request_database) as (desk, _, __):
        case_id = new_id()
        with pytest.raises(Unavailable):
            await desk.run(say("die", case_id))
        assert await words_of(request_database, case_id) == []
        assert await desk.run(say("again", case_id)) == 1


async def test_two_processes_on_one_case_decide_anew_where_they_overtake_each_other(request_database: Database) -> None:
    async with at_desk(request_database, remembers=False) as (desk, store, pool):
        other_store = TallyStore()
        other = Desk[Tally | None](pool, other_store, lambda _: None)
        serving = asyncio.create_task(other.serve())
        case_id = new_id()
        words = [f"{who}{i}" for i in range(20) for who in "ab"]
        answers: list[int] = []
        for here, there in zip(words[::2], words[1::2], strict=True):
            answers += await asyncio.gather(desk.run(say(here, case_id)), other.run(say(there, case_id)))
        serving.cancel()
        assert sorted(answers) == list(range(1, 41))
        assert sorted(await words_of(request_database, case_id)) == sorted(words)
        events = await outbox_of(request_database)
        assert [event["sequence"] for event in events] == list(range(1, 41))
        assert [json.loads(event["data"])["reason"] for event in events] == await words_of(request_database, case_id)
        page = await verify_page(pool, "request", None, 10)
        assert (page.entries, page.breaks) == (40, [])
        assert store.transactions + other_store.transactions > 40, "nobody was overtaken: nothing was shown"

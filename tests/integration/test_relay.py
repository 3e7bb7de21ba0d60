"""The relay: every committed event reaches Kafka, in order, from one leader; a crash sends again rather than never."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from shared.basics.ids import new_id
from shared.casework.decide import Outgoing
from shared.casework.desk import Desk
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import read
from shared.contracts.events.requests import TOPIC, RequestWithdrawnV1
from shared.database.postgres import Pool, open_pool
from shared.messaging import relay as outbox
from shared.messaging.relay import Relay
from tests.helpers.servers import Database
from tests.integration.toy import Tally, TallyStore, prepare, say, until

Until = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]


class Setting:
    """A database with the toy, a prefix of its own on Kafka, and a reader of what arrives there."""

    def __init__(self, database: Database, kafka: str, prefix: str, pool: Pool) -> None:
        self.database, self.kafka, self.prefix, self.pool = database, kafka, prefix, pool
        self.relays: list[Relay] = []
        self.desk = Desk[Tally | None](pool, TallyStore(), self.wake)
        self.tasks: list[asyncio.Task[None]] = [asyncio.create_task(self.desk.serve())]

    def wake(self, outgoing: Outgoing) -> None:
        for relay in self.relays:
            relay.wake(outgoing)

    def relay(self) -> tuple[Relay, "asyncio.Task[None]"]:
        relay = Relay(self.database.app, self.kafka, "request", self.prefix)
        self.relays.append(relay)
        task = asyncio.create_task(relay.serve())
        self.tasks.append(task)
        return relay, task

    async def empty(self) -> bool:
        db = await asyncpg.connect(self.database.admin)
        try:
            return not await db.fetchval("SELECT count(*) FROM outbox")
        finally:
            await db.close()

    async def arrived(self) -> list[ConsumerRecord[bytes, bytes]]:
        """Everything on the topic, from its start."""
        consumer = AIOKafkaConsumer(
            self.prefix + TOPIC, bootstrap_servers=self.kafka, auto_offset_reset="earliest", enable_auto_commit=False
        )
        await consumer.start()
        try:
            ends = await consumer.end_offsets(consumer.assignment())
            records: list[ConsumerRecord[bytes, bytes]] = []
            while len(records) < sum(ends.values()):
                for batch in (await consumer.getmany(timeout_ms=500)).values():
                    records += batch
            return sorted(records, key=lambda r: r.offset)
        finally:
            await consumer.stop()

    async def words(self, case_id: UUID) -> list[str]:
        """The words of a case as they stand on the topic."""
        return [
            event.reason
            for event, _ in [read(BY_NAME[TOPIC].types, r.headers, r.value) for r in await self.arrived()]
            if isinstance(event, RequestWithdrawnV1) and event.case_id == case_id
        ]


@asynccontextmanager
async def setting(database: Database, kafka: str, prefix: str, topics: Callable[..., None]) -> AsyncIterator[Setting]:
    await prepare(database)
    await asyncio.to_thread(topics, prefix + TOPIC)
    pool = await open_pool(database.app, 4, "toy")
    here = Setting(database, kafka, prefix, pool)
    try:
        yield here
    finally:
        for task in here.tasks:
            task.cancel()
        await asyncio.wait(here.tasks)
        pool.terminate()


@pytest.fixture
def at_relay(
    request_database: Database, kafka_server: str, topic_prefix: str, create_topics: Callable[..., None]
) -> Callable[[], Any]:
    return lambda: setting(request_database, kafka_server, topic_prefix + ".", create_topics)


def held_up(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """It stands still before it sends: the first event says that it does, the second lets it go on."""
    held, go_on, publish = asyncio.Event(), asyncio.Event(), relay._publish

    async def held_publish(producer: AIOKafkaProducer, rows: list[asyncpg.Record], asked: float) -> None:
        held.set()
        await go_on.wait()
        await publish(producer, rows, asked)

    monkeypatch.setattr(relay, "_publish", held_publish)
    return held, go_on


async def test_each_committed_event_reaches_kafka_once_and_in_order(at_relay: Callable[[], Any]) -> None:
    async with at_relay() as here:
        here.relay()
        cases = [new_id() for _ in range(5)]
        await asyncio.gather(*[here.desk.run(say(f"{n}", cases[n % 5])) for n in range(500)])
        await until(here.empty)
        for i, case_id in enumerate(cases):
            assert await here.words(case_id) == [str(n) for n in range(i, 500, 5)]


async def test_a_crash_between_send_and_mark_sends_again(
    at_relay: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_relay() as here:
        monkeypatch.setattr(outbox, "NEXT", outbox.NEXT + " OFFSET 0 / (1 - least(cardinality($1::bigint[]), 1))")
        monkeypatch.setattr(outbox, "DONE", "SELECT $1::bigint[]")
        relay, crashed = here.relay()
        case_id = new_id()
        await here.desk.run(say("once more", case_id))
        await until(lambda: _says("DivisionByZero" in str(relay.last_error)))
        crashed.cancel()
        monkeypatch.undo()
        here.relay()
        await until(here.empty)
        words = await here.words(case_id)
        assert len(words) >= 2
        assert set(words) == {"once more"}
        assert len({dict(r.headers)["ce_id"] for r in await here.arrived()}) == 1


async def test_an_orderly_end_leaves_nothing_to_send_twice(
    at_relay: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BUSY", 0)
    monkeypatch.setattr(outbox, "LINGER_PER_EVENT", 60)
    monkeypatch.setattr(outbox, "LONGEST_LINGER", 60)
    async with at_relay() as here:
        relay, ending = here.relay()
        await here.desk.run(say("once", new_id()))
        await until(lambda: _says(relay.published == 1))
        assert not await here.empty()
        ending.cancel()
        await asyncio.wait({ending})
        assert await here.empty()


async def test_an_orderly_end_waits_for_what_is_on_its_way(
    at_relay: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_relay() as here:
        relay, ending = here.relay()
        await until(lambda: _says(relay.leads))
        on_its_way, go_on = held_up(relay, monkeypatch)
        case_id = new_id()
        await here.desk.run(say("once", case_id))
        await asyncio.wait_for(on_its_way.wait(), 30)
        ending.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait({ending})
        assert await here.empty()
        assert await here.words(case_id) == ["once"]


async def test_a_transaction_that_commits_late_is_not_overtaken_for_good(at_relay: Callable[[], Any]) -> None:
    """Positions are given before the commit: a cursor over them would lose the late one."""
    async with at_relay() as here:
        here.relay()
        late, early = new_id(), new_id()
        async with here.pool.acquire() as db:
            transaction = db.transaction()
            await transaction.start()
            await db.execute(
                "INSERT INTO outbox (event_id, topic, type, key, occurred_at, correlation_id, causation_id, sequence, data)"
                " VALUES ($1, $2, $3, $4, now(), $1, $1, 1, $5)",
                new_id(), TOPIC, RequestWithdrawnV1.type, late,
                f'{{"case_id": "{late}", "withdrawn_at": "2026-11-22T09:00:00Z", "reason": "late"}}',
            )  # fmt: skip
            await here.desk.run(say("early", early))
            await until(lambda: _published(here, early))
            await transaction.commit()
        await until(here.empty)
        assert await here.words(late) == ["late"]


async def test_of_two_relays_one_leads_and_the_other_takes_over(at_relay: Callable[[], Any]) -> None:
    async with at_relay() as here:
        first, leading = here.relay()
        await until(lambda: _says(first.leads))
        second, _ = here.relay()
        case_id = new_id()
        await here.desk.run(say("by the first", case_id))
        await until(here.empty)
        assert (first.published, second.published) == (1, 0)
        leading.cancel()
        await here.desk.run(say("by the second", case_id))
        await until(here.empty)
        assert await here.words(case_id) == ["by the first", "by the second"]


async def test_a_paused_leader_publishes_nothing_after_its_successor(
    at_relay: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE_SECONDS", 2.0)
    async with at_relay() as here:
        first, _ = here.relay()
        await until(lambda: _says(first.leads))
        paused, resume = held_up(first, monkeypatch)
        case_id = new_id()
        await here.desk.run(say("one", case_id))
        await paused.wait()
        second, _ = here.relay()
        await until(lambda: _says(second.leads))
        await here.desk.run(say("two", case_id))
        await until(here.empty)
        resume.set()
        await until(lambda: _says("LeadLost" in str(first.last_error)))
        assert first.published == 0
        # With so short a lease its successor may lose the lead as well, and send again.
        assert list(dict.fromkeys(await here.words(case_id))) == ["one", "two"]


async def test_while_kafka_is_away_commands_are_accepted_and_leave_when_it_returns(
    request_database: Database, kafka_server: str, topic_prefix: str, create_topics: Callable[..., None]
) -> None:
    prefix = topic_prefix + "."
    async with setting(request_database, "127.0.0.1:1", prefix, lambda _: None) as away:
        away.relay()
        case_id = new_id()
        assert await away.desk.run(say("kept", case_id)) == 1
        assert not await away.empty()
        away.tasks[-1].cancel()
        await asyncio.to_thread(create_topics, prefix + TOPIC)
        away.kafka = kafka_server
        away.relay()
        await until(away.empty)
        assert await away.words(case_id) == ["kept"]


async def _says(value: bool) -> bool:
    return value


async def _published(here: Setting, case_id: UUID) -> bool:
    return bool(await here.words(case_id))


async def test_progress_waits_a_moment_for_company_and_an_urgent_event_takes_it_along() -> None:
    relay = Relay("", "", "request")
    patient, urgent = Outgoing(any=True), Outgoing(any=True, urgent=True)
    relay.wake(Outgoing())
    assert not _has_patience(relay)
    relay.wake(patient)
    assert _has_patience(relay)
    assert not relay._woken.is_set()
    relay.wake(urgent)
    assert relay._woken.is_set()
    relay._woken.clear()
    assert await relay._woken_within(10), "what waited leaves all the same"
    assert not _has_patience(relay)


def _has_patience(relay: Relay) -> bool:
    return relay._later is not None

"""Messages: one effect each, in order; what cannot be read is set aside with its reason, and the rest goes on."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec import structs

from shared.basics.ids import new_id
from shared.casework.writes import Overtaken
from shared.contracts import documents
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import headers_of
from shared.contracts.event import CaseEvent, Origin
from shared.contracts.events.replaced import RequestSubmittedV1
from shared.contracts.events.requests import TOPIC, QuestionAnsweredV1, RequestSubmittedV2, RequestWithdrawnV1
from shared.database.postgres import EVERYTHING, Pool, open_pool, reading
from shared.messaging import retry
from shared.messaging.inbox import Inbox
from shared.messaging.parked import Message, Parked, parked_heads
from shared.messaging.received import Received
from tests.helpers.servers import Database
from tests.integration.toy import Tally, TallyStore, inbox_of, on_withdrawn, prepare, remembering, words_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WHOLE = 10**9
"""Bytes of a value that are read: all of them."""


@asynccontextmanager
async def at_inbox(database: Database, attempts: int = 2) -> AsyncIterator[tuple[Inbox[Tally | None], Pool]]:
    await prepare(database)
    pool = await open_pool(database.app, 4, "toy")
    try:
        yield inbox_of(pool, TallyStore(), remembering(), attempts), pool
    finally:
        pool.terminate()


def said(word: str, case_id: UUID) -> CaseEvent:
    return RequestWithdrawnV1(case_id=case_id, withdrawn_at=NOW, reason=word)


def counter() -> Callable[[], int]:
    offsets = iter(range(1_000_000))
    return lambda: next(offsets)


OFFSET = counter()


def message(event: CaseEvent, event_id: UUID | None = None) -> Message:
    origin = Origin(
        event_id=event_id or new_id(),
        source="/services/request",
        time=NOW,
        correlation_id=new_id(),
        causation_id=new_id(),
        sequence=1,
    )
    headers = tuple(headers_of(event.type, str(event.case_id), origin))
    return Message(TOPIC, 0, OFFSET(), str(event.case_id).encode(), headers, event.model_dump_json().encode())


async def waiting(pool: Pool) -> list[Parked]:
    async with reading(pool, EVERYTHING) as db:
        return [parked for parked, _ in await parked_heads(db, 0, 50, WHOLE)]


async def test_an_event_delivered_twice_has_its_effect_once(request_database: Database) -> None:
    async with at_inbox(request_database) as (inbox, _):
        case_id = new_id()
        once = message(said("once", case_id), new_id())
        await inbox.receive([once, once])
        await inbox.receive([once])
        assert await words_of(request_database, case_id) == ["once"]


async def test_events_of_a_case_take_effect_in_their_order(request_database: Database) -> None:
    async with at_inbox(request_database) as (inbox, _):
        case_id, other = new_id(), new_id()
        batch = [message(said(str(i), case_id if i % 2 else other)) for i in range(60)]
        await inbox.receive(batch[:40])
        await inbox.receive(batch[40:])
        assert await words_of(request_database, case_id) == [str(i) for i in range(1, 60, 2)]


@pytest.mark.parametrize(
    ("spoil", "slug"),
    [
        (
            lambda m: Message(m.topic, m.partition, m.offset, b"\xff\xfe", ((" \xff", b"\xff\xfe"),), b"\x00\xff\x80"),
            "unreadable-headers",
        ),
        (lambda m: Message(m.topic, m.partition, m.offset, None, (), b"\x8f\x00random"), "not-a-cloudevent"),
        (lambda m: Message(m.topic, m.partition, m.offset, m.key, m.headers, None), "no-data"),
        (lambda m: Message(m.topic, m.partition, m.offset, m.key, m.headers, b"{"), "invalid-data"),
        (
            lambda m: Message(m.topic, m.partition, m.offset, m.key, renamed(m, ".v1", ".v9"), m.value),
            "unknown-version",
        ),
        (lambda m: Message(m.topic, m.partition, m.offset, m.key, m.headers[2:], m.value), "not-a-cloudevent"),
    ],
)
async def test_a_message_that_cannot_be_read_is_parked_with_its_reason_and_the_rest_goes_on(
    request_database: Database, spoil: Callable[[Message], Message], slug: str
) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        case_id = new_id()
        bad = spoil(message(said("lost", case_id)))
        await inbox.receive([message(said("before", case_id)), bad, message(said("after", case_id))])
        assert await words_of(request_database, case_id) == ["before", "after"]
        [parked] = await waiting(pool)
        assert (parked.slug, parked.message) == (slug, bad)
        await inbox.receive([bad])
        assert len(await waiting(pool)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        (("ce_specversion", b"1.0"), ("ce_type", b"convergence.request-withdrawn.v9\x00")),
        (("ce_specversion", b"1.0"), ("ce_type", b"convergence.request-withdrawn.v" + b"9" * 900_000)),
        (("a\x00b", b"\x00"),),
        (("\ufffd", b"\xff"),),
    ],
)
async def test_whatever_a_message_holds_it_can_be_set_aside(
    request_database: Database, headers: tuple[tuple[str, bytes | None], ...]
) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        case_id = new_id()
        bad = Message(TOPIC, 0, OFFSET(), None, headers, None)
        await inbox.receive([bad, message(said("after", case_id))])
        assert await words_of(request_database, case_id) == ["after"]
        [parked] = await waiting(pool)
        assert len(parked.reason) <= 500
        assert [value for _, value in parked.message.headers] == [value for _, value in headers]
        assert (await inbox.replay(parked.parked_id, "operator")) is not None


async def test_an_event_type_that_nobody_knows_here_passes_by_and_is_counted(request_database: Database) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        case_id = new_id()
        tomorrow = message(said("tomorrow", case_id))
        tomorrow = structs.replace(tomorrow, headers=renamed(tomorrow, "request-withdrawn", "request-split"))
        known = message(answered(case_id))
        await inbox.receive(
            [message(said("before", case_id)), tomorrow, known, tomorrow, message(said("after", case_id))]
        )
        assert await words_of(request_database, case_id) == ["before", "after"]
        assert await waiting(pool) == []
        assert inbox.passed_by == {"convergence.request-split.v1": 2}


async def test_a_former_version_has_the_effect_of_the_present_one(request_database: Database) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        [example, *_] = documents.examples(RequestSubmittedV1)
        former = RequestSubmittedV1.model_validate(example)
        await inbox.receive([message(said("known", former.case_id)), message(former)])
        assert await words_of(request_database, former.case_id) == ["known", "submitted"]
        assert await waiting(pool) == []


async def test_an_unknown_version_is_parked_and_takes_effect_after_the_upgrade(
    request_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        case_id = new_id()
        newer = message(said("newer", case_id))
        newer = structs.replace(newer, headers=renamed(newer, ".v1", ".v9"))
        await inbox.receive([newer, message(said("after", case_id))])
        [parked] = await waiting(pool)
        assert parked.slug == "unknown-version"
        types = {TOPIC: BY_NAME[TOPIC].types | {"convergence.request-withdrawn.v9": RequestWithdrawnV1}}
        monkeypatch.setattr(inbox._reader, "_types", types)
        assert await inbox.replay(parked.parked_id, "operator") is None
        assert await words_of(request_database, case_id) == ["after", "newer"]


def answered(case_id: UUID) -> CaseEvent:
    """An event that the catalogue lists and the toy does not act on."""
    return QuestionAnsweredV1(
        case_id=case_id, question_id=new_id(), check="security", answer="a", answered_at=NOW, answered_by="r"
    )


def renamed(m: Message, old: str, new: str) -> tuple[tuple[str, bytes | None], ...]:
    return tuple((n, v.replace(old.encode(), new.encode()) if n == "ce_type" and v else v) for n, v in m.headers)


async def test_a_refused_event_is_parked_and_can_be_replayed_once_its_case_is_known(request_database: Database) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        case_id = new_id()
        need = {
            "reference": "D-2026-1", "kind": "new", "title": "t", "description": "d", "requester": "r",
            "requester_title": "t", "establishment": "420780033", "department": "d", "domain": "x", "data": "none",
            "care_stops": False,
        }  # fmt: skip
        early = message(RequestSubmittedV2.model_validate({"case_id": case_id, "submitted_at": NOW, "need": need}))
        await inbox.receive([early])
        [parked] = await waiting(pool)
        assert parked.slug == "not-found"
        assert (await inbox.replay(parked.parked_id, "operator")) is not None
        await inbox.receive([message(said("known", case_id))])
        assert await inbox.replay(parked.parked_id, "operator") is None
        assert await waiting(pool) == []
        assert await words_of(request_database, case_id) == ["known", "submitted"]


async def test_a_message_whose_effect_fails_is_parked_and_its_case_waits_behind_it(
    request_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "LONGEST_PAUSE", 0.05)
    async with at_inbox(request_database) as (inbox, pool):
        case_id, other = new_id(), new_id()
        await inbox.receive(
            [message(said(w, i)) for w, i in [("a", case_id), ("bug", case_id), ("c", case_id), ("x", other)]]
        )
        await inbox.receive([message(said("d", case_id)), message(said("y", other))])
        assert await words_of(request_database, case_id) == ["a"]
        assert await words_of(request_database, other) == ["x", "y"]
        parked = await waiting(pool)
        assert [p.slug for p in parked] == ["handler-failed", "behind", "behind"]

        monkeypatch.setattr(inbox, "_casework", {RequestWithdrawnV1: mended})
        assert await inbox.replay(parked[0].parked_id, "operator") is None
        assert await words_of(request_database, case_id) == ["a", "mended", "c", "d"]
        assert await waiting(pool) == []


async def mended_since(inbox: Inbox[Tally | None], monkeypatch: pytest.MonkeyPatch, *words: str) -> UUID:
    """A case that heard these words, of which "bug" failed; the same would take effect now."""
    case_id = new_id()
    await inbox.receive([message(said(word, case_id)) for word in words])
    monkeypatch.setattr(inbox, "_casework", {RequestWithdrawnV1: mended})
    return case_id


async def test_what_comes_behind_a_replay_that_is_under_way_is_not_left_there(
    request_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_inbox(request_database, attempts=1) as (inbox, pool):
        case_id = await mended_since(inbox, monkeypatch, "a", "bug", "c")
        replay_one = inbox._replay._replay_one

        async def as_another_arrives(one: Parked, by: str) -> Parked | None:
            if one.slug == "handler-failed":
                await inbox.receive([message(said("d", case_id))])
            return await replay_one(one, by)

        monkeypatch.setattr(inbox._replay, "_replay_one", as_another_arrives)
        parked = await waiting(pool)
        assert await inbox.replay(parked[0].parked_id, "operator") is None
        assert await words_of(request_database, case_id) == ["a", "mended", "c", "d"]
        assert await waiting(pool) == []


async def test_a_message_is_not_set_aside_behind_one_that_has_just_left(
    request_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_inbox(request_database, attempts=1) as (inbox, pool):
        case_id = await mended_since(inbox, monkeypatch, "a", "bug")
        [parked] = await waiting(pool)
        new_among = inbox._new_among

        async def while_it_is_replayed(received: Sequence[Received]) -> tuple[list[Received], list[Parked]]:
            found = await new_among(received)
            await inbox.replay(parked.parked_id, "operator")
            return found

        monkeypatch.setattr(inbox, "_new_among", while_it_is_replayed)
        await inbox.receive([message(said("c", case_id))])
        assert await words_of(request_database, case_id) == ["a", "mended", "c"]
        assert await waiting(pool) == []


async def test_a_replay_waits_for_somebody_who_acts_on_the_case(
    request_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_inbox(request_database, attempts=1) as (inbox, pool):
        case_id = await mended_since(inbox, monkeypatch, "bug")
        [parked] = await waiting(pool)
        take, overtaken = inbox._replay._take, [Overtaken(), Overtaken()]

        async def contested(one: Parked, received: Sequence[Received], by: str) -> Parked | None:
            if overtaken:
                raise overtaken.pop()
            return await take(one, received, by)

        monkeypatch.setattr(inbox._replay, "_take", contested)
        assert await inbox.replay(parked.parked_id, "operator") is None
        assert await words_of(request_database, case_id) == ["mended"]


def mended(state: Tally | None, event: RequestWithdrawnV1, now: datetime) -> object:
    mended_event = event.model_copy(update={"reason": "mended"}) if event.reason == "bug" else event
    return on_withdrawn(state, mended_event, now)


async def test_a_batch_whose_connection_broke_takes_effect_all_the_same(request_database: Database) -> None:
    async with at_inbox(request_database) as (inbox, pool):
        case_id, other = new_id(), new_id()
        await inbox.receive([message(said("kept", other)), message(said("die", case_id))])
        assert await words_of(request_database, other) == ["kept"]
        assert await words_of(request_database, case_id) == ["die"]
        assert await waiting(pool) == []

"""The inbox: what messages do to a service, once, in order, one transaction for a batch.

A message has one of three fates. It takes effect, and its id joins the inbox in the transaction of the effect. Or it
cannot be read, or is refused by a rule: it is parked with the reason. Or its effect fails: the batch is taken one
message at a time, the failing one is tried again with growing pauses and parked in the end, and the later events of
its case wait behind it. While PostgreSQL is away nothing is given up: the consumer waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog

from shared import clock, parked
from shared.casework import News, Outcome, Store, Work, apply
from shared.contracts.envelope import Unreadable, content, kind
from shared.contracts.event import CaseEvent, Event, Origin
from shared.errors import Refusal
from shared.parked import Message, Parked
from shared.postgres import CONFLICT, EVERYTHING, TRANSIENT, Db, Pool, transaction

log = structlog.get_logger()
S = TypeVar("S")

Casework = Mapping[type[Any], Callable[[S, Any, datetime], Outcome[S]]]
Projections = Mapping[type[Any], Callable[[Db, Sequence[Any]], Awaitable[None]]]

# What is new, and which cases wait behind a parked message: those are not remembered, they have no effect yet.
REMEMBER = """
WITH held AS (
    SELECT DISTINCT holds_case FROM parked_message WHERE resolved_at IS NULL AND holds_case = ANY($3::uuid[])
), new AS (
    INSERT INTO inbox (consumer, event_id)
    SELECT $1, event_id FROM unnest($2::uuid[], $3::uuid[]) AS received (event_id, case_id)
    WHERE case_id IS NULL OR NOT EXISTS (SELECT 1 FROM held WHERE holds_case = case_id)
    ON CONFLICT DO NOTHING RETURNING event_id
)
SELECT event_id, NULL::uuid AS held FROM new UNION ALL SELECT NULL, holds_case FROM held
"""
FORGET = "DELETE FROM inbox WHERE consumer = $1 AND event_id = ANY($2::uuid[])"
LONGEST_PAUSE = 5.0
BEHIND = "Ce message attend derrière un message précédent du même dossier, mis de côté."


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was read."""

    message: Message
    event: Event
    origin: Origin

    @property
    def case_id(self) -> UUID | None:
        """The case that the event is about, if it is about one."""
        return self.event.case_id if isinstance(self.event, CaseEvent) else None


class Inbox(Generic[S]):
    """The consumer of one service. `casework` and `projections` say what each event does; other known events pass by."""

    def __init__(
        self,
        consumer: str,
        pool: Pool,
        store: Store[S],
        types: Mapping[str, Mapping[str, type[Event]]],
        casework: Casework[S],
        projections: Projections,
        committed: Callable[[News], None],
        attempts: int = 5,
    ) -> None:
        self._consumer = consumer
        self._pool = pool
        self._store = store
        self._types = types
        self._casework = casework
        self._projections = projections
        self._committed = committed
        self._attempts = attempts
        self._news = News()
        self.stalled_since: datetime | None = None

    async def receive(self, messages: Sequence[Message]) -> None:
        """Returns when every message has its fate on disk: only then may their offsets be committed."""
        received, unreadable = self._read(messages)
        pause = 0.05
        while True:
            try:
                await self._commit(received, unreadable)
                break
            except (*TRANSIENT, *CONFLICT) as error:
                pause = await self._wait_out(error, pause)
            except Exception as error:  # noqa: BLE001 - one by one finds whose it is
                log.warning("batch_failed", consumer=self._consumer, messages=len(received), error=repr(error))
                await self._one_by_one(received, unreadable)
                break
        self.stalled_since = None
        self._wake()

    async def replay(self, parked_id: int, by: str) -> Parked | None:
        """Try a parked message again; None when it took effect, else the message with its new reason.

        Where it held a case, the messages that wait behind it follow, up to the first that fails.
        """
        async with transaction(self._pool, EVERYTHING) as db:
            first = await parked.parked_get(db, parked_id)
            if first is None or first.resolved_at is not None:
                return None
            queue = await parked.parked_behind(db, first.holds_case) if first.holds_case else [first]
        for one in queue:
            failure = await self._replay_one(one, by)
            if failure is not None:
                return failure
        self._wake()
        return None

    async def _replay_one(self, one: Parked, by: str) -> Parked | None:
        received, unreadable = self._read([one.message])
        failed = unreadable[0] if unreadable else None
        if received:
            try:
                async with transaction(self._pool, EVERYTHING) as db:
                    refused = await self._effects(db, received, hold=False)
                    if not refused:
                        await parked.parked_resolve(db, one.parked_id, by, "replayed", clock.now())
                        return None
                    failed = refused[0]
            except Exception as error:
                if isinstance(error, TRANSIENT):
                    raise
                failed = _failed(received[0], error, one.attempts + 1)
        assert failed is not None  # noqa: S101 - what was not received is unreadable
        async with transaction(self._pool, EVERYTHING) as db:
            await parked.parked_failed_again(db, one.parked_id, failed.slug, failed.reason)
        return failed

    def _read(self, messages: Sequence[Message]) -> tuple[list[Received], list[Parked]]:
        received: list[Received] = []
        unreadable: list[Parked] = []
        for message in messages:
            try:
                known, attributes = kind(self._types[message.topic], message.headers)
                if known not in self._casework and known not in self._projections:
                    continue
                event, origin = content(known, attributes, message.value)
            except Unreadable as why:
                log.warning("message_parked", slug=why.slug, topic=message.topic, offset=message.offset)
                unreadable.append(Parked(message, why.slug, why.reason))
                continue
            received.append(Received(message, event, origin))
        return received, unreadable

    async def _commit(self, received: Sequence[Received], park: Sequence[Parked]) -> None:
        if not received and not park:
            return
        async with transaction(self._pool, EVERYTHING) as db:
            aside = await self._effects(db, received) if received else []
            if park or aside:
                await parked.parked_insert(db, self._consumer, [*park, *aside], clock.now())

    async def _effects(self, db: Db, received: Sequence[Received], hold: bool = True) -> list[Parked]:
        """Apply what is new among these messages; answers those to set aside. A fault is raised.

        Events of a case that waits behind a parked message are set aside behind it, unless this is its replay.
        """
        todo, aside = await self._new_among(db, received, hold)
        works = [r for r in todo if type(r.event) in self._casework]
        refused: dict[UUID, Parked] = {}
        if works:
            answers = await apply(db, self._store, [self._work(r) for r in works], self._news)
            for one, answer in zip(works, answers, strict=True):
                if isinstance(answer, Refusal):
                    refused[one.origin.event_id] = Parked(one.message, answer.slug, f"Refusé : {answer.public}")
                elif isinstance(answer, Exception):
                    raise answer
        # Events that share a projection reach it in their order: published, then retired, then published again.
        for project in dict.fromkeys(self._projections.values()):
            events = [r.event for r in todo if self._projections.get(type(r.event)) is project]
            if events:
                await project(db, events)
        if refused:
            # It had no effect yet: a replay must not be taken for a repetition.
            await db.execute(FORGET, self._consumer, list(refused))
        return [*aside, *refused.values()]

    async def _new_among(self, db: Db, received: Sequence[Received], hold: bool) -> tuple[list[Received], list[Parked]]:
        """What has no effect yet, each once and remembered from now on; and what waits behind a parked message."""
        cases = [r.case_id if hold else None for r in received]
        new: set[UUID] = set()
        held: set[UUID] = set()
        for event_id, case_id in await db.fetch(REMEMBER, self._consumer, [r.origin.event_id for r in received], cases):
            (new if event_id is not None else held).add(event_id or case_id)
        aside = [
            Parked(r.message, "behind", BEHIND, holds_case=r.case_id) for r in received if hold and r.case_id in held
        ]
        todo: list[Received] = []
        for one in received:
            if one.origin.event_id in new:
                new.discard(one.origin.event_id)
                todo.append(one)
        return todo, aside

    def _work(self, received: Received) -> Work[S]:
        event, now = received.event, clock.now()
        effect = self._casework[type(event)]

        return Work(
            case_id=event.key,
            establishments=EVERYTHING,
            decide=lambda state: effect(state, event, now),
            now=now,
            correlation_id=received.origin.correlation_id,
            causation_id=received.origin.event_id,
        )

    def _wake(self) -> None:
        """Most messages have an effect and cause no event: then the relay has nothing to look for."""
        news, self._news = self._news, News()
        if news.any:
            self._committed(news)

    async def _one_by_one(self, received: Sequence[Received], unreadable: Sequence[Parked]) -> None:
        await self._patiently([], unreadable)
        for one in received:
            await self._patiently([one], [])

    async def _patiently(self, received: Sequence[Received], park: Sequence[Parked]) -> None:
        pause, attempt = 0.05, 1
        while True:
            try:
                return await self._commit(received, park)
            except (*TRANSIENT, *CONFLICT) as error:
                pause = await self._wait_out(error, pause)
            except Exception as error:
                if attempt >= self._attempts and received:
                    log.exception("message_parked", slug="handler-failed", offset=received[0].message.offset)
                    park, received = [_failed(received[0], error, attempt)], []
                    continue
                if not received:
                    raise
                attempt += 1
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _wait_out(self, error: BaseException, pause: float) -> float:
        self.stalled_since = self.stalled_since or clock.now()
        log.warning("consumer_waits", consumer=self._consumer, error=repr(error), pause_s=pause)
        await asyncio.sleep(pause)
        return min(pause * 2, LONGEST_PAUSE)


def _failed(received: Received, error: Exception, attempts: int) -> Parked:
    reason = f"Le traitement a échoué {attempts} fois : {type(error).__name__}."
    return Parked(received.message, "handler-failed", reason, attempts, holds_case=received.case_id)

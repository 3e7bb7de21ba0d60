"""The inbox: what messages do to a service, once, in order, one commit for a batch.

A message has one of three fates. It takes effect, and its id joins the inbox in the write of the effect. Or it
cannot be read, or is refused by a rule: it is parked with the reason. Or its effect fails: the batch is taken one
message at a time, the failing one is tried again with growing pauses and parked in the end, and the later events of
its case wait behind it. While PostgreSQL is away nothing is given up: the consumer waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec
import structlog

from shared.basics import clock
from shared.basics.errors import Refusal
from shared.basics.ids import own
from shared.casework.decide import Kept, Memory, News, Outcome, Store, Work, decide_all
from shared.casework.writes import Overtaken, Write, keep
from shared.contracts.case import CaseEvent
from shared.contracts.envelope import Unreadable, content, kind
from shared.contracts.event import Event, Origin
from shared.database.postgres import CONFLICT, EVERYTHING, TRANSIENT, Db, Pool, reading, transaction
from shared.messaging import parked
from shared.messaging.parked import Message, Parked

log = structlog.get_logger()
S = TypeVar("S")

Casework = Mapping[type[Any], Callable[[S, Any, datetime], Outcome[S]]]
Projections = Mapping[type[Any], Callable[[Db, Sequence[Any]], Awaitable[None]]]

# Nothing joins while its case waits behind a parked message: it has no effect yet.
REMEMBER = """
INSERT INTO inbox (consumer, event_id)
SELECT $1, event_id FROM unnest($2::uuid[], $3::uuid[]) AS received (event_id, case_id)
WHERE NOT EXISTS (SELECT FROM parked_message p WHERE p.resolved_at IS NULL AND p.holds_case = received.case_id)
ON CONFLICT DO NOTHING
"""
KNOWN = """
SELECT event_id, NULL::uuid AS held FROM inbox WHERE consumer = $1 AND event_id = ANY($2::uuid[])
UNION ALL
SELECT NULL, holds_case FROM parked_message WHERE resolved_at IS NULL AND holds_case = ANY($3::uuid[])
"""
LONGEST_PAUSE = 5.0
CONTEST_PAUSES = (0.01, 0.03, 0.1, 0.3, 1.0)
BEHIND = "Ce message attend derrière un message précédent du même dossier, mis de côté."


class NotAllNew(Exception):
    """Some of these messages had their effect before, or must wait behind a parked one: nothing was written."""


class Received(msgspec.Struct, frozen=True):
    """A message that was read."""

    message: Message
    event: Event
    origin: Origin
    event_id: UUID
    case_id: UUID | None
    """The case that the event is about, if it is about one."""


class Effects(NamedTuple):
    """What some messages come to: the writes and the news of their decisions, those refused, those for read models."""

    writes: list[Write]
    news: News
    left: list[Kept[Any]]
    refused: dict[UUID, Parked]
    projected: list[Received]


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
        memory: Memory[S] | None = None,
        opened_by: frozenset[type[Event]] = frozenset(),
        attempts: int = 5,
    ) -> None:
        self._consumer = consumer
        self._pool = pool
        self._store = store
        self._types = types
        self._casework = casework
        self._projections = projections
        self._committed = committed
        self._memory = memory
        self._opened_by = opened_by
        self._attempts = attempts
        self._news = News()
        self.stalled_since: datetime | None = None

    async def receive(self, messages: Sequence[Message]) -> None:
        """Returns when every message has its fate on disk: only then may their offsets be committed."""
        received, unreadable = self._read(messages)
        pause, memory = 0.05, self._memory
        while True:
            try:
                await self._commit(received, unreadable, memory)
                break
            except (*TRANSIENT, *CONFLICT) as error:
                # What was remembered may be why: from here on everything is read.
                pause, memory = await self._wait_out(error, pause), None
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
        async with reading(self._pool, EVERYTHING) as db:
            first = await parked.parked_get(db, parked_id)
        if first is None or first.resolved_at is not None:
            return None
        if first.holds_case is not None:
            return await self.release(first.holds_case, by)
        failure = await self._replay_one(first, by)
        self._wake()
        return failure

    async def release(self, case_id: UUID, by: str) -> Parked | None:
        """Take the messages of a case that were set aside, in their order; None when none is left, else the one that
        fails. Those that join the queue meanwhile are taken, too.
        """
        while True:
            async with reading(self._pool, EVERYTHING) as db:
                queue = await parked.parked_behind(db, case_id)
            if not queue:
                return None
            for one in queue:
                failure = await self._replay_one(one, by)
                self._wake()
                if failure is not None:
                    return failure

    async def _replay_one(self, one: Parked, by: str) -> Parked | None:
        received, unreadable = self._read([one.message])
        failed = unreadable[0] if unreadable else None
        if failed is None:
            try:
                failed = await self._uncontested(lambda: self._replayed(one, received, by))
            except Exception as error:
                if isinstance(error, TRANSIENT):
                    raise
                failed = _failed(received[0], error, one.attempts + 1)
        if failed is not None:
            async with transaction(self._pool, EVERYTHING) as db:
                await parked.parked_failed_again(db, one.parked_id, failed.slug, failed.reason)
        return failed

    async def _uncontested(self, replay: Callable[[], Awaitable[Parked | None]]) -> Parked | None:
        """Somebody who acts on the case at this moment is no reason to fail."""
        for pause in CONTEST_PAUSES:
            try:
                return await replay()
            except CONFLICT:
                await asyncio.sleep(pause)
        return await replay()

    async def _replayed(self, one: Parked, received: Sequence[Received], by: str) -> Parked | None:
        """Takes effect and is resolved in one commit; answers the message with its reason where a rule refused it."""
        async with reading(self._pool, EVERYTHING) as db:
            effects = await self._effects(db, received)
            for refused in effects.refused.values():
                return refused
            try:
                async with db.transaction():
                    await self._project(db, effects.projected)
                    await parked.parked_resolve(db, one.parked_id, by, "replayed", clock.now())
                    if received:
                        await keep(db, [*effects.writes, self._remembering(received, hold=False)])
            except NotAllNew:
                # It had its effect before it was set aside.
                await parked.parked_resolve(db, one.parked_id, by, "replayed", clock.now())
            else:
                self._done(effects)
        return None

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
            case_id = own(event.case_id) if isinstance(event, CaseEvent) else None
            received.append(Received(message, event, origin, own(origin.event_id), case_id))
        return received, unreadable

    async def _commit(
        self, received: Sequence[Received], park: Sequence[Parked], memory: Memory[S] | None = None
    ) -> None:
        if not received and not park:
            return
        once = list({one.event_id: one for one in received}.values())
        try:
            await self._keep(once, park, memory)
        except NotAllNew:
            # Some had their effect before, or must wait behind a parked message of their case.
            new, aside = await self._new_among(once)
            if new or park or aside:
                await self._keep(new, [*park, *aside])

    async def _keep(
        self, received: Sequence[Received], park: Sequence[Parked], memory: Memory[S] | None = None
    ) -> None:
        """The effects of new messages, their place in the inbox and what is set aside, in one commit; a fault is raised."""
        async with reading(self._pool, EVERYTHING) as db:
            effects = await self._effects(db, received, memory)
            aside = [*park, *effects.refused.values()]
            if received and not aside and not effects.projected:
                await keep(db, [*effects.writes, self._remembering(received)])
            else:
                # It had no effect yet: a replay must not be taken for a repetition.
                taken = [one for one in received if one.event_id not in effects.refused]
                async with db.transaction():
                    await self._project(db, effects.projected)
                    await self._still_held(db, aside)
                    await parked.parked_insert(db, self._consumer, aside, clock.now())
                    if taken:
                        await keep(db, [*effects.writes, self._remembering(taken)])
        self._done(effects)

    async def _still_held(self, db: Db, aside: Sequence[Parked]) -> None:
        """Nobody would fetch a message from behind one that was replayed meanwhile: then it is not set aside."""
        waiting = {one.holds_case for one in aside if one.slug == "behind" and one.holds_case is not None}
        if waiting - await parked.parked_holding(db, waiting):
            raise Overtaken("what held a case has just left")

    async def _effects(self, db: Db, received: Sequence[Received], memory: Memory[S] | None = None) -> Effects:
        """What these messages do, each new and in their order; nothing is written yet."""
        works = [one for one in received if type(one.event) in self._casework]
        effects = Effects([], News(), [], {}, [one for one in received if type(one.event) in self._projections])
        if works:
            decided = await decide_all(db, self._store, [self._work(one) for one in works], memory)
            for one, answer in zip(works, decided.answers, strict=True):
                if isinstance(answer, Refusal):
                    effects.refused[one.event_id] = Parked(one.message, answer.slug, f"Refusé : {answer.public}")
                elif isinstance(answer, Exception):
                    raise answer
            effects = effects._replace(writes=decided.writes, news=decided.news, left=decided.left)
        return effects

    async def _project(self, db: Db, received: Sequence[Received]) -> None:
        # Events that share a projection reach it in their order: published, then retired, then published again.
        for project in dict.fromkeys(self._projections[type(one.event)] for one in received):
            await project(db, [one.event for one in received if self._projections[type(one.event)] is project])

    def _remembering(self, received: Sequence[Received], hold: bool = True) -> Write:
        """Each of them joins the inbox, or all of the write fails. A replay goes past what holds its case: it is that."""
        ids = [one.event_id for one in received]
        cases = [one.case_id if hold else None for one in received]
        return Write(REMEMBER, (self._consumer, ids, cases), expected=len(ids), otherwise=NotAllNew)

    async def _new_among(self, received: Sequence[Received]) -> tuple[list[Received], list[Parked]]:
        """What has no effect yet; and what must wait behind a parked message of its case."""
        known: set[UUID] = set()
        held: set[UUID] = set()
        async with reading(self._pool, EVERYTHING) as db:
            ids, cases = [one.event_id for one in received], [one.case_id for one in received]
            for event_id, case_id in await db.fetch(KNOWN, self._consumer, ids, cases):
                (known if event_id is not None else held).add(event_id or case_id)
        new = [one for one in received if one.event_id not in known]
        aside = [Parked(r.message, "behind", BEHIND, holds_case=r.case_id) for r in new if r.case_id in held]
        return [one for one in new if one.case_id not in held], aside

    def _work(self, received: Received) -> Work[S]:
        event, now = received.event, clock.now()
        effect = self._casework[type(event)]

        return Work(
            case_id=received.case_id or event.key,
            establishments=EVERYTHING,
            decide=lambda state: effect(state, event, now),
            now=now,
            correlation_id=received.origin.correlation_id,
            causation_id=received.event_id,
            opens=type(event) in self._opened_by,
        )

    def _done(self, effects: Effects) -> None:
        """They are on disk."""
        if self._memory is not None:
            self._memory.keep(effects.left)
        self._news.join(effects.news)

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
        if self._memory is not None:
            self._memory.doubt()
        self.stalled_since = self.stalled_since or clock.now()
        log.warning("consumer_waits", consumer=self._consumer, error=repr(error), pause_s=pause)
        await asyncio.sleep(pause)
        return min(pause * 2, LONGEST_PAUSE)


def _failed(received: Received, error: Exception, attempts: int) -> Parked:
    reason = f"Le traitement a échoué {attempts} fois : {type(error).__name__}."
    return Parked(received.message, "handler-failed", reason, attempts, holds_case=received.case_id)

"""The inbox: each message has its effect once, and a batch of them shares one commit.

A message has one of three fates. It takes effect, and its id joins the inbox in the write of the effect. Or it
cannot be read, or is refused by a rule: it is parked with the reason. Or its effect fails: it is tried again alone and parked
in the end (`shared.messaging.retry`), and the later events of its case wait behind it until it is replayed
(`shared.messaging.replay`). While PostgreSQL is away nothing is parked: the consumer waits.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from shared.basics import clock
from shared.basics.errors import Refusal
from shared.casework.decide import Memory, Outcome, Outgoing, Store, Work, Written, decide_all
from shared.casework.writes import Overtaken, Write, keep
from shared.contracts.event import Event
from shared.database.postgres import EVERYTHING, Db, Pool, reading
from shared.messaging import parked
from shared.messaging.parked import Message, Parked
from shared.messaging.received import Reader, Received
from shared.messaging.replay import Replay
from shared.messaging.retry import Retry

S = TypeVar("S")

Casework = Mapping[type[Any], Callable[[S, Any, datetime], Outcome[S]]]
Projections = Mapping[type[Any], Callable[[Db, Sequence[Any]], Awaitable[None]]]

# A message whose case waits behind a parked one does not join the inbox: it has no effect yet.
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
BEHIND = "Ce message attend derrière un message précédent du même dossier, mis de côté."


class NotAllNew(Exception):
    """Some messages of a batch had their effect before, or must wait behind a parked one: nothing was written."""


class Effects(NamedTuple):
    """What a batch does: the writes and the outgoing of its decisions, its refused messages, those for read models."""

    writes: list[Write]
    outgoing: Outgoing
    written: list[Written[Any]]
    refused: dict[UUID, Parked]
    projected: list[Received]


class Inbox(Generic[S]):
    """The consumer of one service. `casework` and `projections` say what each event does; other events pass by."""

    def __init__(
        self,
        consumer: str,
        pool: Pool,
        store: Store[S],
        types: Mapping[str, Mapping[str, type[Event]]],
        casework: Casework[S],
        projections: Projections,
        committed: Callable[[Outgoing], None],
        memory: Memory[S] | None = None,
        opened_by: frozenset[type[Event]] = frozenset(),
        attempts: int = 5,
    ) -> None:
        self._consumer = consumer
        self._pool = pool
        self._store = store
        self._casework = casework
        self._projections = projections
        self._committed = committed
        self._memory = memory
        self._opened_by = opened_by
        self._reader = Reader(types, [*casework, *projections])
        self._retry = Retry(consumer, self._commit, self._doubt, attempts)
        self._replay = Replay(pool, self._reader, self._take_parked)

    @property
    def stalled_since(self) -> datetime | None:
        """Since when PostgreSQL has refused what is under way, if it does."""
        return self._retry.stalled_since

    @property
    def passed_by(self) -> Mapping[str, int]:
        """Messages of event types that the catalogue does not list, counted by type since the start."""
        return self._reader.passed_by

    async def receive(self, messages: Sequence[Message]) -> None:
        """Returns when every message has its fate on disk: only then may their offsets be committed."""
        await self._retry.until_done(*self._reader.read(messages))

    async def replay(self, parked_id: int, by: str) -> Parked | None:
        """Try a parked message again, then those behind it; None when it took effect, else the message that fails."""
        return await self._replay.replay(parked_id, by)

    async def release(self, case_id: UUID, by: str) -> Parked | None:
        """Replay the messages of a case that were set aside; None when none is left, else the message that fails."""
        return await self._replay.release(case_id, by)

    async def _take_parked(self, one: Parked, received: Sequence[Received], by: str) -> Parked | None:
        """Effect and resolution in one commit; answers the message with its reason where a rule refused it."""
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
                # It had taken effect before it was set aside.
                await parked.parked_resolve(db, one.parked_id, by, "replayed", clock.now())
            else:
                self._done(effects)
        return None

    async def _commit(self, received: Sequence[Received], park: Sequence[Parked], guess: bool = False) -> None:
        """Effects of new messages, and what is set aside, in one commit; repetitions change nothing."""
        if not received and not park:
            return
        once = list({one.event_id: one for one in received}.values())
        try:
            await self._keep(once, park, self._memory if guess else None)
        except NotAllNew:
            # Some had their effect before, or must wait behind a parked message of their case.
            new, aside = await self._new_among(once)
            if new or park or aside:
                await self._keep(new, [*park, *aside])

    async def _keep(
        self, received: Sequence[Received], park: Sequence[Parked], memory: Memory[S] | None = None
    ) -> None:
        """The effects, the inbox rows and what is set aside, in one commit; raises the first failure of an effect."""
        async with reading(self._pool, EVERYTHING) as db:
            effects = await self._effects(db, received, memory)
            aside = [*park, *effects.refused.values()]
            if received and not aside and not effects.projected:
                await keep(db, [*effects.writes, self._remembering(received)])
            else:
                # What was refused stays out of the inbox: its replay must not look like a repetition.
                taken = [one for one in received if one.event_id not in effects.refused]
                async with db.transaction():
                    await self._project(db, effects.projected)
                    await self._still_held(db, aside)
                    await parked.parked_insert(db, self._consumer, aside, clock.now())
                    if taken:
                        await keep(db, [*effects.writes, self._remembering(taken)])
        self._done(effects)

    async def _still_held(self, db: Db, aside: Sequence[Parked]) -> None:
        """Do not park behind a message that was just replayed: nothing would release it."""
        waiting = {one.holds_case for one in aside if one.slug == "behind" and one.holds_case is not None}
        if waiting - await parked.parked_holding(db, waiting):
            raise Overtaken("the message that held a case was just replayed")

    async def _effects(self, db: Db, received: Sequence[Received], memory: Memory[S] | None = None) -> Effects:
        """What these new messages do, in their order; nothing is written yet."""
        works = [one for one in received if type(one.event) in self._casework]
        effects = Effects([], Outgoing(), [], {}, [one for one in received if type(one.event) in self._projections])
        if works:
            decided = await decide_all(db, self._store, [self._work(one) for one in works], memory)
            for one, answer in zip(works, decided.answers, strict=True):
                if isinstance(answer, Refusal):
                    effects.refused[one.event_id] = Parked(one.message, answer.slug, f"Refusé : {answer.public}")
                elif isinstance(answer, Exception):
                    raise answer
            effects = effects._replace(writes=decided.writes, outgoing=decided.outgoing, written=decided.written)
        return effects

    async def _project(self, db: Db, received: Sequence[Received]) -> None:
        # Events that share a projection reach it in their order: published, then retired, then published again.
        for project in dict.fromkeys(self._projections[type(one.event)] for one in received):
            await project(db, [one.event for one in received if self._projections[type(one.event)] is project])

    def _remembering(self, received: Sequence[Received], hold: bool = True) -> Write:
        """Each of them joins the inbox, or the whole write fails. A replay skips the hold on its case: it is the hold."""
        ids = [one.event_id for one in received]
        cases = [one.case_id if hold else None for one in received]
        return Write(REMEMBER, (self._consumer, ids, cases), expected=len(ids), otherwise=NotAllNew)

    async def _new_among(self, received: Sequence[Received]) -> tuple[list[Received], list[Parked]]:
        """The messages that had no effect yet, and those that must wait behind a parked message of their case."""
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
        """After the commit: remember the states, and wake the relay if there is something to send."""
        if self._memory is not None:
            self._memory.remember(effects.written)
        if effects.outgoing.any:
            self._committed(effects.outgoing)

    def _doubt(self) -> None:
        if self._memory is not None:
            self._memory.doubt()

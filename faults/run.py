"""One seed: start the system, let people work, strike, wait until all is drained, read the evidence, check it."""

import asyncio
import json
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import asyncpg
from aiokafka.errors import KafkaError

from faults.catalogue import keep_catalogue
from faults.checker import check
from faults.checker.evidence import Struck
from faults.checker.objection import Objection
from faults.checker.read import drained, read_evidence
from faults.golden import Golden
from faults.http import Http
from faults.ledger import Ledger
from faults.lives import ACCOUNTS, draw, live
from faults.people import People
from faults.phases import Phases
from faults.plan import Round, Strike, seconds
from faults.result import Result, counted_ends
from faults.rig import Rig
from faults.strikes import STRIKES, Missed
from faults.wires import Wires
from shared.program.registry import SERVICES

PEOPLE_END_WITHIN = 90.0
"""Seconds after the last repair in which everybody must have been answered."""
DRAINED_WITHIN = 60.0
"""Seconds after the last repair and the last command in which all events must have had their effect."""

BEFORE = 0.4
"""Seconds between a burst of cases and the strike that meets them."""

FEWER = 10.0
"""How much rarer cases arrive once those of the plan are there, while repairs take their time on a busy machine."""


@dataclass
class Run:
    """A seed under way."""

    rig: Rig
    people: People
    seed: int
    cases: int
    lives: dict[int, "asyncio.Task[str]"] = field(default_factory=dict)
    strikes: list[Struck] = field(default_factory=list)
    say: Callable[[str], None] = print
    _planned: int = 0
    _helpers: list["asyncio.Task[None]"] = field(default_factory=list)

    async def go(self, rounds: tuple[Round, ...]) -> Result:
        """Run the whole seed on a system that is up."""
        self._planned = sum(map(len, rounds))
        try:
            return await self._go(rounds)
        finally:  # stop all work before the system ends
            tasks = [*self._helpers, *self.lives.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _go(self, rounds: tuple[Round, ...]) -> Result:
        clock = Phases()
        await self.people.sign_in(ACCOUNTS)
        struck = asyncio.Event()
        self._helpers = [
            asyncio.create_task(keep_catalogue(self.rig.kafka_address, self.seed, self.people.ledger)),
            asyncio.create_task(self._arrive(seconds(rounds) + 2.0, struck)),
        ]
        for one in rounds:
            await asyncio.gather(*(self._strike(strike) for strike in one))
        struck.set()
        clock.over("strikes")
        self.people.until = time.monotonic() + PEOPLE_END_WITHIN
        await asyncio.gather(*self._helpers)
        ends = await asyncio.gather(*self.lives.values())
        clock.over("people")
        drained_in = await self._drain()
        clock.over("drain")
        evidence = await read_evidence(self.rig, self.people.ledger, self.strikes)
        clock.over("evidence")
        objections = check(evidence)
        clock.over("check")
        if drained_in is None:
            why = f"events still without effect {DRAINED_WITHIN:.0f} s after the last repair"
            objections.append(Objection("all is drained within a minute of the last repair", "", why))
        return Result(
            seed=self.seed,
            cases=self.cases,
            lived=len(self.lives),
            objections=objections,
            strikes=self.strikes,
            ends=counted_ends(ends),
            told=self.people.ledger.told,
            sent_again=self.people.sent_again,
            messages=len(evidence.messages),
            repetitions=evidence.repetitions(),
            drained_in=drained_in,
            phases=clock.phases,
            deaths=self.rig.deaths,
        )

    async def _arrive(self, over: float, struck: asyncio.Event) -> None:
        """Cases come in at random moments, and go on coming until the last strike is repaired."""
        random = Random(f"arrivals {self.seed}")  # noqa: S311 -- repeatable
        apart = self.cases - self._in_bursts * self._planned
        begun, gap = 0, over / apart
        while begun < apart or not struck.is_set():
            self._begin(1)
            begun += 1
            await asyncio.sleep(random.expovariate(1 / gap) * (1 if begun < apart else FEWER))

    def _begin(self, cases: int) -> None:
        for number in range(len(self.lives), len(self.lives) + cases):
            self.lives[number] = asyncio.create_task(live(draw(self.seed, number), self.people))

    @property
    def _in_bursts(self) -> int:
        """Cases that come in just before each strike, all at once: faults must meet work under way."""
        return self.cases // (2 * self._planned) if self._planned else 0

    async def _strike(self, strike: Strike) -> None:
        await asyncio.sleep(max(0.0, strike.after - BEFORE))
        self._begin(self._in_bursts)
        await asyncio.sleep(min(strike.after, BEFORE))
        waiting = await self._waiting_in_outboxes()
        open_cases = sum(not one.done() for one in self.lives.values())
        began, missed = time.time(), ""
        in_flight = self.people.in_flight
        try:
            async with STRIKES[strike.fault](self.rig, strike):
                await asyncio.sleep(strike.lasts)
        except (Missed, KafkaError, OSError, TimeoutError, asyncpg.PostgresError) as error:
            missed = str(error) or repr(error)
        struck = Struck(strike.fault, strike.target, began, time.time(), in_flight, waiting, open_cases, missed)
        self.strikes.append(struck)
        self.say(f"  seed {self.seed}: {struck}")

    async def _waiting_in_outboxes(self) -> int:
        waiting = 0
        for service in SERVICES:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError):
                db = await self.rig.database(service)
                try:
                    waiting += await db.fetchval("SELECT count(*) FROM outbox", timeout=1)
                finally:
                    db.terminate()
        return waiting

    async def _drain(self) -> float | None:
        """Seconds until every event had its effect; none where that did not come."""
        began = time.monotonic()
        while time.monotonic() < began + DRAINED_WITHIN:
            if await drained(self.rig):
                return time.monotonic() - began
            await asyncio.sleep(0.5)
        return None


async def run_seed(
    seed: int,
    rounds: tuple[Round, ...],
    cases: int,
    golden: Golden,
    folder: Path,
    wires: Wires,
    say: Callable[[str], None],
    *,
    mutation: str = "",
) -> Result:
    """Run a seed in its own folder, which keeps the data only where it is not good; a breakdown is a result, too."""
    began = Phases()
    rig = Rig(golden, folder, wires, mutation)
    ledger = Ledger(folder / "ledger.jsonl")
    result: Result | None = None
    try:
        await rig.start()
        began.over("start")
        people = People(Http(), ledger, rig.addresses, Random(f"people {seed}"))  # noqa: S311
        result = await Run(rig, people, seed, cases, say=say).go(rounds)
        people.http.close()
    except Exception:  # noqa: BLE001 -- whatever breaks a run is its result: apart from what the checker says
        result = Result(seed, cases, crash=traceback.format_exc(limit=-4), deaths=rig.deaths)
    finally:
        ledger.close()
        ending = Phases()
        await rig.end(keep=result is not None and not result.good)
        ending.over("end")
    result.phases = {**began.phases, **result.phases, **ending.phases}
    result.took = sum(result.phases.values())
    (folder / "result.json").write_text(json.dumps(result.as_data(), indent=1, ensure_ascii=False, default=str))
    return result

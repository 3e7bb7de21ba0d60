"""What a seed stands for: which faults strike, on what, when, for how long. The same seed is the same plan."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from shared.program.registry import SERVICES


class Fault(StrEnum):
    """The faults of the campaign."""

    KILL_SERVICE = "kill-service"
    PAUSE_SERVICE = "pause-service"
    PAUSE_PAST_SESSION = "pause-past-session"
    PAUSE_LEADER = "pause-leader"
    SECOND_PROCESS = "second-process"
    NEXT_VERSION = "next-version"
    KILL_KAFKA = "kill-kafka"
    KILL_POSTGRES = "kill-postgres"
    CUT_DATABASE = "cut-database"
    CUT_KAFKA = "cut-kafka"
    SLOW_DATABASE = "slow-database"
    SLOW_KAFKA = "slow-kafka"
    DISK_FULL = "disk-full"
    POOL_EXHAUSTED = "pool-exhausted"
    CLOCK_JUMP = "clock-jump"
    REPEATED = "repeated-deliveries"
    READ_AGAIN = "read-again"
    POISON = "poison"


WHAT = {
    Fault.KILL_SERVICE: "kill -9 of a service in the middle of its transactions and batches, its relay leading; started again",
    Fault.PAUSE_SERVICE: "SIGSTOP, then SIGCONT",
    Fault.PAUSE_PAST_SESSION: "SIGSTOP beyond the consumer's session and the relay's lease, then SIGCONT",
    Fault.PAUSE_LEADER: "the same with a second process beside it, which takes the lead meanwhile",
    Fault.SECOND_PROCESS: "two processes of a service: two relays, two rebalances in the middle of batches",
    Fault.NEXT_VERSION: "a schema one step ahead under load, N+1 with new words and events beside N, N gone, N back, N+1 gone",
    Fault.KILL_KAFKA: "kill -9 of Kafka; started again",
    Fault.KILL_POSTGRES: "kill -9 of all of PostgreSQL while commits wait for a slow disk; started again",
    Fault.CUT_DATABASE: "a service's connections to PostgreSQL reset and refused",
    Fault.CUT_KAFKA: "all connections to Kafka reset and refused",
    Fault.SLOW_DATABASE: "a service's connections to PostgreSQL slowed",
    Fault.SLOW_KAFKA: "all connections to Kafka slowed",
    Fault.DISK_FULL: "no byte left on PostgreSQL's disk, its log included",
    Fault.POOL_EXHAUSTED: "every connection of a service's pool held up behind somebody else's lock",
    Fault.CLOCK_JUMP: "the clock of a service a fortnight ahead, or hours behind, then right again",
    Fault.REPEATED: "old messages on the topics once more, in another order",
    Fault.READ_AGAIN: "a service reads its topics again from their start",
    Fault.POISON: "random bytes, an unknown version, no data, headers that are not text, on every topic",
}

LASTS: dict[Fault, tuple[float, float]] = {
    Fault.KILL_SERVICE: (0.2, 2.0),
    Fault.PAUSE_SERVICE: (1.0, 4.0),
    Fault.PAUSE_PAST_SESSION: (12.0, 13.0),
    Fault.PAUSE_LEADER: (12.0, 13.0),
    Fault.SECOND_PROCESS: (4.0, 8.0),
    Fault.NEXT_VERSION: (5.0, 7.0),
    Fault.KILL_KAFKA: (1.0, 4.0),
    Fault.KILL_POSTGRES: (0.1, 2.0),
    Fault.CUT_DATABASE: (0.5, 3.0),
    Fault.CUT_KAFKA: (0.5, 4.0),
    Fault.SLOW_DATABASE: (2.0, 5.0),
    Fault.SLOW_KAFKA: (2.0, 5.0),
    Fault.DISK_FULL: (1.0, 4.0),
    Fault.POOL_EXHAUSTED: (1.0, 4.0),
    Fault.CLOCK_JUMP: (2.0, 5.0),
    Fault.REPEATED: (0.2, 0.5),
    Fault.READ_AGAIN: (0.5, 1.0),
    Fault.POISON: (0.2, 0.5),
}
"""Seconds between a strike and its repair, from and to."""

ON_EVERYTHING = {Fault.KILL_KAFKA, Fault.CUT_KAFKA, Fault.SLOW_KAFKA, Fault.REPEATED, Fault.POISON}
ON_POSTGRES = {Fault.KILL_POSTGRES, Fault.DISK_FULL}
ALONE = {Fault.NEXT_VERSION, Fault.SECOND_PROCESS, Fault.PAUSE_LEADER}
"""Nothing else strikes meanwhile, so that what they do is told apart from failures that explain a repetition."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault: on what, `after` seconds since the round before was repaired, repaired after `lasts` seconds."""

    fault: Fault
    target: str
    after: float
    lasts: float
    draw: int
    """A random number for whatever else the fault leaves open."""


Round = tuple[Strike, ...]
"""Strikes that hit together."""


def plan(seed: int, rounds: int = 5, only: tuple[Fault, ...] = ()) -> tuple[Round, ...]:
    """The strikes of a seed. Consecutive seeds go through the faults in turn, so that a few of them strike each."""
    random = Random(f"plan {seed}")  # noqa: S311 -- a campaign must be repeatable, not secret
    faults = only or tuple(Fault)
    turn = [faults[(seed * rounds + place) % len(faults)] for place in range(rounds)]
    return tuple(_round(random, fault, faults) for fault in turn)


def seconds(rounds: tuple[Round, ...]) -> float:
    """How long the strikes of a plan go on, repairs not counted."""
    return sum(max(strike.after + strike.lasts for strike in one) for one in rounds)


def _round(random: Random, fault: Fault, faults: tuple[Fault, ...]) -> Round:
    first = _strike(random, fault)
    if fault in ALONE or random.random() < 0.6:
        return (first,)
    others = [other for other in faults if other not in ALONE]
    second = _strike(random, random.choice(others)) if others else first
    return (first,) if second.target == first.target else (first, second)


def _strike(random: Random, fault: Fault) -> Strike:
    target = random.choice(SERVICES)
    if fault in ON_EVERYTHING:
        target = "kafka"
    elif fault in ON_POSTGRES:
        target = "postgres"
    return Strike(
        fault=fault,
        target=target,
        after=round(random.uniform(0.5, 2.5), 2),
        lasts=round(random.uniform(*LASTS[fault]), 2),
        draw=random.getrandbits(32),
    )

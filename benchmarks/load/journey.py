"""One run: a subject at work, a load, what it took. The same for the yardstick and for the product."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from benchmarks.load.loadgen import Load, Script
from benchmarks.measures.memory import watched
from benchmarks.measures.meter import Meter
from benchmarks.subjects.servers import Driver, Servers

Measures = dict[str, float]
WARM = Load(cases=60, rate=0)
"""Discarded before each measured load: code is imported, statements are prepared, connections are open."""
PATIENCE = 120.0
"""Seconds for the last cases to be decided, after the last opinion was taken."""


@dataclass(frozen=True)
class Subject:
    """Something that takes cases from form to decision, and the SQL that tells how far they are."""

    name: str
    database: str
    pids: dict[str, int]
    script: Script
    undecided: str
    """How many of the cases since $SINCE are not decided yet."""
    counted: str
    """Of the cases since $SINCE: how many, decided, first created, p50 and p99 in ms from creation to decision."""
    databases: Mapping[str, str]
    ports: Mapping[str, int]
    helpers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Further processes of the same name as one in `pids`, whose cost is added to it."""

    prefix: str = ""
    """Put before the names of its topics."""

    topics: Sequence[str] = ()
    """What it sends on, in full."""

    @property
    def parts(self) -> dict[str, list[int]]:
        """Its processes by name."""
        return {name: [pid, *self.helpers.get(name, ())] for name, pid in self.pids.items()}


@contextmanager
def driver_of(servers: Servers, subject: Subject) -> Iterator[Driver]:
    """The load generator, connected."""
    driver = Driver(msgspec.json.encode(subject.script).decode(), servers.folder / "loadgen.log")
    try:
        driver.expect("READY")
        yield driver
    finally:
        driver.stop()


def measure(servers: Servers, subject: Subject, load: Load) -> Measures:
    """Warm up, run the load, wait until each case is decided; figures per case and per second.

    Time is that of the database's clock; the end is when a query first finds every case decided.
    """
    with driver_of(servers, subject) as driver:
        give(servers, subject, driver, WARM)
        parts = subject.parts | {"postgres": [servers.postgres_pid], "kafka": [servers.kafka_pid]}
        with watched(parts) as memory:
            meter = Meter(parts | {"load": [driver.pid]})
            since = give(servers, subject, driver, load)
            end, spent = _clock(servers, subject), meter.spent()
    row = servers.query(subject.database, _since(subject.counted, since))[0]
    cases, decided, first, p50, p99 = row
    assert cases == decided == load.cases, (
        f"{subject.name}: {decided} decided of {cases} kept of {load.cases} submitted"
    )
    assert isinstance(first, datetime)
    measures: Measures = {"cases": load.cases}
    if load.rate:
        measures |= {"p50_ms": float(str(p50)), "p99_ms": float(str(p99))}
    else:
        measures["journeys_s"] = load.cases / (end - first).total_seconds()
    measures |= {f"{name}_ms_case": 1000 * seconds / load.cases for name, seconds in spent.items()}
    measures["python_ms_case"] = sum(measures[f"{name}_ms_case"] for name in subject.pids)
    return measures | memory.measures()


def give(servers: Servers, subject: Subject, driver: Driver, load: Load) -> datetime:
    """Returns when every case of the load is decided, with the time before the first of them.

    Raises `AssertionError` when they are not decided in time.
    """
    since = _clock(servers, subject)
    driver.tell(msgspec.json.encode(load).decode())
    driver.expect("DONE")
    deadline = time.monotonic() + PATIENCE
    while waiting := servers.query(subject.database, _since(subject.undecided, since))[0][0]:
        assert time.monotonic() < deadline, f"{subject.name}: {waiting} cases are still undecided"
        time.sleep(0.01)
    return since


def _since(sql: str, since: datetime) -> str:
    return sql.replace("$SINCE", f"'{since.isoformat()}'")


def _clock(servers: Servers, subject: Subject) -> datetime:
    now = servers.query(subject.database, "SELECT clock_timestamp()")[0][0]
    assert isinstance(now, datetime)
    return now

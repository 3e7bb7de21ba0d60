"""Where the time of one case goes between its two ends: hop by hop, the product beside the yardstick.

Triggers mark on the database's clock when a row of the journey is written; a message has the time at which the relay
handed it to Kafka's client, whole milliseconds of the same clock. A mark is one commit before anybody can read the row,
so the commit is part of the hop that follows it.
"""

import asyncio
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich.table import Table

from benchmarks.load.journey import WARM, Measures, Subject, driver_of, give
from benchmarks.load.loadgen import Load
from benchmarks.report.summary import CONSOLE, figure
from benchmarks.subjects import topics
from benchmarks.subjects.catalogue import LOW_RATE, Bench
from benchmarks.subjects.servers import Servers
from benchmarks.subjects.yardstick_run import yardstick

NAME = "hops-"
_TABLE = (
    "CREATE TABLE bench_mark (case_id uuid NOT NULL, mark text NOT NULL, at timestamptz NOT NULL)",
    """CREATE FUNCTION bench_mark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO bench_mark VALUES ((to_jsonb(NEW) ->> TG_ARGV[1])::uuid, TG_ARGV[0], clock_timestamp());
    RETURN NULL; END $$""",
)
_MARKED = "SELECT case_id, mark, extract(epoch FROM at)::float8 * 1000 FROM bench_mark ORDER BY at"


class Probe(NamedTuple):
    """Marks a row of the journey: in this service, at this event on this table, for the case in this column."""

    service: str
    mark: str
    event: str
    case_id: str
    only: str = "true"

    def sql(self, number: int) -> str:
        """Its trigger."""
        return (
            f"CREATE TRIGGER bench_mark_{number} AFTER {self.event} FOR EACH ROW WHEN ({self.only})"
            f" EXECUTE FUNCTION bench_mark('{self.mark}', '{self.case_id}')"
        )


PROBES = {
    "product": (
        Probe("request", "submitted", "INSERT ON request", "case_id"),
        Probe("review", "opened", "INSERT ON review", "case_id"),
        Probe("review", "opinion", "INSERT ON outbox", "key", "NEW.type LIKE '%.opinion-given.%'"),
        Probe("purchasing", "routed", "INSERT ON outbox", "key", "NEW.type LIKE '%.route-proposed.%'"),
        Probe("request", "decided", "UPDATE OF stage ON request", "case_id", "NEW.stage = 'route_proposed'"),
    ),
    "yardstick": (
        Probe("request", "submitted", "INSERT ON cases", "id"),
        Probe("review", "opened", "INSERT ON reviews", "case_id"),
        Probe("review", "opinion", "UPDATE ON reviews", "case_id"),
        Probe("purchasing", "routed", "INSERT ON routes", "case_id"),
        Probe("request", "decided", "UPDATE ON cases", "id"),
    ),
}
SENT = {
    "product": {
        "request-submitted": "submitted, sent",
        "review-decided": "verdict, sent",
        "route-proposed": "routed, sent",
    },
    "yardstick": {"submitted": "submitted, sent", "verdict": "verdict, sent", "decided": "routed, sent"},
}
"""What a message marks: by the name in its type, or by its topic where it has no type."""


def hops(opinions: int) -> list[tuple[str, str, str]]:
    """From which mark to which, and what happens meanwhile, where a case has so many opinions."""
    first, last = "opinion 1", f"opinion {opinions}"
    between = [
        (f"opinion {n}", f"opinion {n + 1}", "answered after the commit; the next over HTTP")
        for n in range(1, opinions)
    ]
    return [
        ("submitted", "submitted, sent", "request commits, its relay sends"),
        ("submitted, sent", "opened", "Kafka, review receives and decides"),
        ("opened", first, "review commits; a reviewer finds it on the list and gives the first opinion"),
        *between,
        (last, "verdict, sent", "review commits the last opinion and the verdict, its relay sends"),
        ("verdict, sent", "routed", "Kafka, purchasing receives and routes"),
        ("routed", "routed, sent", "purchasing commits, its relay sends"),
        ("routed, sent", "decided", "Kafka, request receives it for its author"),
    ]


def measure_all(bench: Bench, rounds: int) -> dict[str, list[Measures]]:
    """Both sides in each round, at a low rate."""
    results: dict[str, list[Measures]] = {f"{NAME}yardstick": [], f"{NAME}product": []}
    for _ in range(rounds):
        with yardstick(bench.servers, bench.sizes.callers) as subject:
            results[f"{NAME}yardstick"].append(_measured(bench, subject))
        with bench.product.running(bench.sizes.callers) as subject:
            results[f"{NAME}product"].append(_measured(bench, subject))
    return results


def table(results: Mapping[str, Sequence[Measures]]) -> None:
    """A row per hop, and their sum beside the whole."""
    sides = {side: results[f"{NAME}{side}"] for side in ("yardstick", "product") if f"{NAME}{side}" in results}
    if not sides:
        return
    title = f"Hops of a case at {LOW_RATE:.0f} a second: median ms, by round median (lowest–highest)"
    shown = Table(title=title, title_justify="left")
    for heading in ("until", *sides, "what happens"):
        shown.add_column(heading, justify="right" if heading in sides else "left")
    opinions = max(sum(name.startswith("opinion ") for name in run) for runs in sides.values() for run in runs)
    for _, until, what in hops(opinions):
        shown.add_row(until, *(figure([run[until] for run in runs if until in run]) for runs in sides.values()), what)
    shown.add_section()
    shown.add_row("the whole", *(figure([run["whole"] for run in runs]) for runs in sides.values()), "median of all")
    CONSOLE.print(shown)


def _measured(bench: Bench, subject: Subject) -> Measures:
    """The median of each hop by its end, in ms; `whole` is that of the whole way."""
    servers, probes = bench.servers, PROBES[subject.name]
    with driver_of(servers, subject) as driver:
        give(servers, subject, driver, WARM)
        for service, database in subject.databases.items():
            own = [probe.sql(number) for number, probe in enumerate(probes) if probe.service == service]
            servers.execute(database, *_TABLE, *own)
        cases = bench.sizes.low_rate_cases
        give(servers, subject, driver, Load(cases, LOW_RATE))
    marks = _marked(servers, subject)
    assert len(marks) == cases, f"{subject.name}: {len(marks)} cases were marked of {cases}"
    measures: Measures = {"cases": cases}
    for start, end, _ in hops(len(subject.script.checks)):
        measures[end] = statistics.median(at[end] - at[start] for at in marks.values())
    return measures | {"whole": statistics.median(at["decided"] - at["submitted"] for at in marks.values())}


def _marked(servers: Servers, subject: Subject) -> dict[str, dict[str, float]]:
    """When each case passed each mark, in ms."""
    marks: dict[str, dict[str, float]] = defaultdict(dict)
    opinions: Counter[str] = Counter()
    for database in subject.databases.values():
        for case_id, mark, at in servers.query(database, _MARKED):
            case = str(case_id)
            opinions[case] += mark == "opinion"
            marks[case].setdefault(f"opinion {opinions[case]}" if mark == "opinion" else str(mark), float(str(at)))
    for record in asyncio.run(topics.read(servers.kafka, subject.topics)):
        sent = SENT[subject.name].get(_kind(record))
        if sent is not None and (case := record.key.decode()) in marks:
            marks[case].setdefault(sent, float(record.timestamp))
    return marks


def _kind(record: Any) -> str:
    types = [value.decode() for name, value in record.headers if name == "ce_type"]
    return str(types[0].split(".")[1] if types else record.topic.split("-")[0])

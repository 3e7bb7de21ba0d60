"""How many bytes a case leaves behind: in each table, its large values, its indexes, and on each topic."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from benchmarks.load.journey import WARM, Measures, Subject, driver_of, give
from benchmarks.load.loadgen import Load
from benchmarks.report.summary import CONSOLE
from benchmarks.subjects.catalogue import Bench
from benchmarks.subjects.servers import Servers

NAME = "growth"
PATIENCE = 30.0
"""Seconds for the outboxes to empty after the last case is decided."""
_WAITING = "SELECT count(*) FROM outbox"
_EVENTS = "SELECT coalesce(sum(event_count), 0) FROM case_head"
EVENTS = "events_case"
_KINDS = ("table", "large values", "indexes")
_SIZES = """
SELECT relname, pg_relation_size(c.oid), coalesce(pg_total_relation_size(nullif(reltoastrelid, 0)), 0),
    pg_indexes_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'r'
"""


def measure_growth(bench: Bench) -> Measures:
    """Bytes per case: `<service>/<table>/<what>`, `topic/<name>`, and their sums."""
    cases = bench.sizes.cases
    with bench.product.running(bench.sizes.callers) as subject, driver_of(bench.servers, subject) as driver:
        give(bench.servers, subject, driver, WARM)
        before, events = _bytes(bench.servers, subject), _events(bench.servers, subject)
        give(bench.servers, subject, driver, Load(cases, 0))
        grown = _bytes(bench.servers, subject) - before
        events = _events(bench.servers, subject) - events
    measures: Measures = {"cases": cases, EVENTS: events / cases}
    measures |= {name: size / cases for name, size in sorted(grown.items())}
    topics = sum(size for name, size in grown.items() if name.startswith("topic/"))
    measures |= {"topics_bytes_case": topics / cases, "tables_bytes_case": (grown.total() - topics) / cases}
    return measures


def table(results: Mapping[str, Sequence[Measures]]) -> None:
    """A row per table and per topic."""
    if NAME not in results:
        return
    run = results[NAME][0]
    shown = Table(title=f"What a case leaves behind, in bytes, over {run['cases']:,.0f} cases", title_justify="left")
    for heading in ("where", *_KINDS, "all"):
        shown.add_column(heading, justify="left" if heading == "where" else "right")
    for place in dict.fromkeys(name.rpartition("/")[0] for name in run if name.count("/") == 2):
        sizes = [run.get(f"{place}/{kind}", 0.0) for kind in _KINDS]
        shown.add_row(place, *(f"{size:,.0f}" for size in (*sizes, sum(sizes))))
    for name in (name for name in run if name.startswith("topic/")):
        shown.add_row(name, "", "", "", f"{run[name]:,.0f}")
    shown.add_section()
    shown.add_row("all tables and indexes", "", "", "", f"{run['tables_bytes_case']:,.0f}")
    shown.add_row("all topics, one copy", "", "", "", f"{run['topics_bytes_case']:,.0f}")
    shown.add_row("events, not bytes", "", "", "", f"{run[EVENTS]:,.1f}")
    CONSOLE.print(shown)


def _bytes(servers: Servers, subject: Subject) -> Counter[str]:
    """After everything has left for Kafka, and what is dead was cleared away."""
    deadline = time.monotonic() + PATIENCE
    for database in subject.databases.values():
        while servers.query(database, _WAITING)[0][0]:
            assert time.monotonic() < deadline, f"{database}: its outbox does not empty"
            time.sleep(0.05)
    found: Counter[str] = Counter()
    for service, database in subject.databases.items():
        servers.execute(database, "VACUUM")
        for name, *sizes in servers.query(database, _SIZES):
            for kind, size in zip(_KINDS, sizes, strict=True):
                found[f"{service}/{name}/{kind}"] = int(str(size))
    for folder in (servers.folder / "kafka" / "data").glob(f"{subject.prefix}*-*"):
        found[f"topic/{_topic(folder, subject.prefix)}"] += sum(log.stat().st_size for log in folder.glob("*.log"))
    return found


def _events(servers: Servers, subject: Subject) -> int:
    """How many the services have sent about cases."""
    return sum(int(str(servers.query(name, _EVENTS)[0][0])) for name in subject.databases.values())


def _topic(folder: Path, prefix: str) -> str:
    return folder.name.removeprefix(prefix).rpartition("-")[0]

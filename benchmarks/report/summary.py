"""What a person reads at the end, and the raw results for programs."""

import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.load.journey import Measures
from benchmarks.report.targets import TARGETS, Results
from benchmarks.subjects.peers.install import version
from benchmarks.subjects.peers.run import NAMES
from shared.program.registry import SERVICES

CONSOLE = Console(highlight=False, width=None if sys.stdout.isatty() else 170)
TABLES_OF_THEIR_OWN = ("scale-", "workers-")
COLUMNS = (
    ("journeys_s", "journeys/s"),
    ("p50_ms", "p50 ms"),
    ("p99_ms", "p99 ms"),
    *((f"{service}_ms_case", service) for service in SERVICES),
    ("python_ms_case", "services"),
    ("postgres_ms_case", "PostgreSQL"),
    ("kafka_ms_case", "Kafka"),
    ("load_ms_case", "load"),
)


class Said:
    """Prints each step once, however often it is reported."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, what: str) -> None:
        if what != self._last:
            CONSOLE.print(f"[dim]{what}[/]")
        self._last = what


def machine(about: Mapping[str, str]) -> None:
    """What it ran on."""
    for name, value in about.items():
        CONSOLE.print(f"[dim]{name:>12}[/]  {value}")


def one(name: str, measures: Measures) -> None:
    """A line per run, while it goes on."""
    shown = " · ".join(
        f"{key} {figure([value])}"
        for key, value in measures.items()
        if not key.endswith(("cases", "_end_mb")) and "/" not in key
    )
    CONSOLE.print(f"[bold]{name}[/] {shown}")


def journeys(results: Results) -> None:
    """A table of the runs with a load: processor time is in ms per case."""
    chosen = {
        name: runs
        for name, runs in results.items()
        if "python_ms_case" in runs[0] and not name.startswith(TABLES_OF_THEIR_OWN)
    }
    if not chosen:
        return
    table = Table(title="Journeys; processor time in ms per case; median (lowest–highest)", title_justify="left")
    table.add_column("subject")
    for _, heading in COLUMNS:
        table.add_column(heading, justify="right")
    for name, runs in chosen.items():
        table.add_row(name, *(figure([run[key] for run in runs if key in run]) for key, _ in COLUMNS))
    CONSOLE.print(table)


def idle(results: Results) -> None:
    """A table of what everything costs while nothing happens."""
    runs = results.get("idle")
    if not runs:
        return
    table = Table(title="Idle: processor time in ms per second", title_justify="left")
    table.add_column("process")
    table.add_column("ms/s", justify="right")
    rows = {name: name for name in (*SERVICES, "postgres", "kafka")}
    rows |= {"services": "the services", "everything": "services and PostgreSQL"}
    for name, shown in rows.items():
        table.add_row(shown, figure([run[f"{name}_ms_s"] for run in runs]))
    CONSOLE.print(table)


def memory(results: Results) -> None:
    """A table of the peak and of the end of each run's processes."""
    chosen = {name: runs for name, runs in results.items() if "postgres_peak_mb" in runs[0]}
    if not chosen:
        return
    parts = (*SERVICES, "engine", "postgres", "kafka")
    table = Table(title="Memory in MB: peak, then at the end; shared pages counted once", title_justify="left")
    table.add_column("subject")
    for part in parts:
        table.add_column(part, justify="right")
    for name, runs in chosen.items():
        cells = []
        for part in parts:
            peaks = [run[f"{part}_peak_mb"] for run in runs if f"{part}_peak_mb" in run]
            ends = [run[f"{part}_end_mb"] for run in runs if f"{part}_end_mb" in run]
            cells.append(f"{max(peaks):,.0f}, {statistics.median(ends):,.0f}" if peaks else "")
        table.add_row(name, *cells)
    CONSOLE.print(table)


def peers(results: Results) -> None:
    """A table of the engines that do the same job."""
    chosen = {name: results[name] for name in NAMES if results.get(name)}
    if not chosen:
        return
    table = Table(title="Peers: no HTTP, no Kafka; processor time in ms per case", title_justify="left")
    columns = ("journeys_s", "p50_ms", "p99_ms", "engine_ms_case", "postgres_ms_case")
    for heading in ("peer", "journeys/s", "p50 ms", "p99 ms", "engine", "PostgreSQL"):
        table.add_column(heading, justify="left" if heading == "peer" else "right")
    for name, runs in chosen.items():
        table.add_row(f"{NAMES[name]} {version(name)}", *(figure([run[key] for run in runs]) for key in columns))
    CONSOLE.print(table)


def verdict(results: Results) -> bool:
    """The targets, each beside what was measured; whether all that were measured are met."""
    table = Table(title="Targets; ratios are taken pair by pair", title_justify="left")
    for heading in ("what", "measured", "target", "", "next", ""):
        table.add_column(heading)
    fine = True
    for target in TARGETS:
        values = target.of(results)
        if not values:
            continue
        met = target.met(values, target.limit)
        fine = fine and met
        table.add_row(
            target.name,
            figure(values),
            target.said(target.limit), _mark(met),
            target.said(target.next_limit), _mark(target.met(values, target.next_limit)),
        )  # fmt: skip
    if table.row_count:
        CONSOLE.print(table)
    return fine


def keep(folder: Path, about: Mapping[str, str], results: Mapping[str, Sequence[Measures]]) -> Path:
    """Write everything that was measured; the file's path. Plots lie beside it under its name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / time.strftime("bench-%Y%m%d-%H%M%S.json")
    file.write_text(json.dumps({"machine": about, "results": results}, indent=1))
    return file


def figure(values: Sequence[float]) -> str:
    """Median (lowest–highest) with three figures that count; empty where there is nothing."""
    if not values:
        return ""
    middle = statistics.median(values)
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    if len(values) == 1:
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def _mark(met: bool) -> str:
    return "[green]met[/]" if met else "[red]missed[/]"

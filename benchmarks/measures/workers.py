"""One, two and four consumers of each service beside its web process: what their coordination costs."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from benchmarks.load.journey import Measures, measure
from benchmarks.load.loadgen import Load
from benchmarks.report.summary import CONSOLE, figure, one
from benchmarks.subjects.catalogue import Bench

NAME = "workers-"


def measure_all(bench: Bench, counts: Sequence[int], rounds: int) -> dict[str, list[Measures]]:
    """One subject per number of consumers of each service; 0 is the single process that does all."""
    results: dict[str, list[Measures]] = {f"{NAME}{count}": [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            with bench.product.running(bench.sizes.callers, workers=count) as subject:
                measures = measure(bench.servers, subject, Load(bench.sizes.cases, 0))
            results[f"{NAME}{count}"].append(measures)
            one(f"{NAME}{count}", measures)
    return results


def table(results: Mapping[str, Sequence[Measures]]) -> None:
    """Speed, processor time and memory, beside those of the first."""
    chosen = {name: runs for name, runs in results.items() if name.startswith(NAME)}
    if not chosen:
        return
    shown = Table(title="Consumers of each service: speed, and processor time in ms per case", title_justify="left")
    for heading in ("processes of each service", "journeys/s", "beside the first", "services", "PostgreSQL", "Kafka"):
        shown.add_column(heading, justify="left" if heading.startswith("processes") else "right")
    first = next(iter(chosen.values()))
    for name, runs in chosen.items():
        count = int(name.removeprefix(NAME))
        ratios = [run["journeys_s"] / base["journeys_s"] for run, base in zip(runs, first, strict=True)]
        shown.add_row(
            f"1 web, {count} consumers" if count else "1 that does all",
            figure([run["journeys_s"] for run in runs]),
            figure(ratios),
            *(figure([run[f"{part}_ms_case"] for run in runs]) for part in ("python", "postgres", "kafka")),
        )
    CONSOLE.print(shown)

"""`make bench`: the product beside the yardstick, on servers of their own, in one run.

Exit status 1 when a target is missed. Rounds are interleaved, so that a noisy minute does not hit one subject only.
"""

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks import profile, report, scale
from benchmarks.journey import Measures
from benchmarks.loadgen import Load
from benchmarks.machine import described
from benchmarks.product import Product
from benchmarks.servers import servers
from benchmarks.subjects import LOW_RATE, ONCE, SUBJECTS, Bench, Sizes
from deploy.local.settings import SERVICES

RESULTS = Path(__file__).parent / "results"
QUICK = Sizes(cases=40, low_rate_cases=20, callers=8, idle_seconds=2)


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(SUBJECTS), help=f"some of {','.join(SUBJECTS)}")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (3)")
    parser.add_argument("--cases", type=int, default=3000, help="cases of a run at saturation (3000)")
    parser.add_argument("--callers", type=int, default=48, help="requesters, and as many reviewers, at once (48)")
    parser.add_argument("--quick", action="store_true", help="one small round: shows that it works, not how fast")
    parser.add_argument("--profile", choices=SERVICES, help="where the milliseconds of a case go in this service")
    parser.add_argument(
        "--scale", type=_sizes, help="cost of a case with so many there already, e.g. 1000,10000,100000"
    )
    parser.add_argument("--low-rate", action="store_true", help="with --profile: at 20 cases a second, not saturated")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the raw results")
    return parser.parse_args(words)


def main(asked: argparse.Namespace) -> int:
    """Measure, print, keep; 0 when every target that was measured is met."""
    sizes = QUICK if asked.quick else Sizes(asked.cases, 200, asked.callers, 20)
    with servers(report.Said()) as running:
        about = described(str(running.query("postgres", "SHOW server_version")[0][0]))
        report.machine(about)
        bench = Bench(running, Product(running), sizes)
        if asked.profile:
            asked.results.mkdir(parents=True, exist_ok=True)
            load = Load(sizes.low_rate_cases, LOW_RATE) if asked.low_rate else Load(sizes.cases, 0)
            profile.show(bench, asked.profile, load, asked.results / f"profile-{asked.profile}.json")
            return 0
        if asked.scale:
            results = scale.measure_all(bench, asked.scale)
        else:
            if not asked.quick:
                warm_up(bench)
            results = rounds(bench, asked.only, 1 if asked.quick else asked.repeat)
    file = report.keep(asked.results, about, results)
    if asked.scale:
        fine = scale.verdict(results)
    else:
        report.journeys(results)
        report.idle(results)
        fine = asked.quick or report.verdict(results)
    report.CONSOLE.print(f"raw results: {file}", soft_wrap=True)
    return 0 if fine else 1


def warm_up(bench: Bench) -> None:
    """One discarded run of each side: Java compiles what it uses often, and that is nobody's cost per case."""
    smaller = replace(bench, sizes=replace(bench.sizes, cases=2000))
    for name in ("floor-http", "product"):
        report.CONSOLE.print(f"[dim]discarded, warms Kafka: {name}[/]")
        SUBJECTS[name](smaller)


def rounds(bench: Bench, names: list[str], repeat: int) -> dict[str, list[Measures]]:
    """Every subject in every round."""
    results: dict[str, list[Measures]] = {name: [] for name in names}
    for number in range(repeat):
        for name in names:
            if number and name in ONCE:
                continue
            results[name].append(SUBJECTS[name](bench))
            report.one(name, results[name][-1])
    return results


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(SUBJECTS):
        raise argparse.ArgumentTypeError(f"no such subject: {', '.join(sorted(unknown))}")
    return names


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers and services end in order, folders go
    sys.exit(main(arguments()))

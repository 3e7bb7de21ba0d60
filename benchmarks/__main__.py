"""`make bench`: the product beside the yardstick and its peers, on servers of their own, in one run.

Exit status 1 when a target is missed. Rounds are interleaved, so that a noisy minute does not hit one subject only.
"""

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.load.journey import Measures
from benchmarks.load.loadgen import Load
from benchmarks.measures import growth, hops, profile, scale, workers
from benchmarks.measures.machine import described
from benchmarks.report import plots
from benchmarks.report import summary as report
from benchmarks.subjects.catalogue import LOW_RATE, ONCE, PEERS, SUBJECTS, Bench, Sizes
from benchmarks.subjects.peers.install import Missing
from benchmarks.subjects.product import Product
from benchmarks.subjects.servers import servers
from shared.program.registry import SERVICES

RESULTS = Path(__file__).parent / "results"
QUICK = Sizes(cases=40, low_rate_cases=20, callers=8, idle_seconds=2, peer_cases=10)


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--only", type=_names, help=f"some of {','.join(SUBJECTS)}")
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, help="with the peers (where this machine can run them)"
    )
    parser.add_argument("--repeat", type=int, default=3, help="rounds (3)")
    parser.add_argument("--cases", type=int, default=3000, help="cases of a run at saturation (3000)")
    parser.add_argument("--callers", type=int, default=48, help="requesters, and as many reviewers, at once (48)")
    parser.add_argument("--quick", action="store_true", help="one small round: shows that it works, not how fast")
    parser.add_argument("--profile", choices=SERVICES, help="where the milliseconds of a case go in this service")
    parser.add_argument("--low-rate", action="store_true", help="with --profile: at 20 cases a second, not saturated")
    parser.add_argument(
        "--scale", type=_sizes, help="cost of a case with so many there, e.g. 1000,10000,100000,1000000"
    )
    parser.add_argument("--workers", type=_sizes, help="with so many consumers of each service, e.g. 0,1,2,4")
    parser.add_argument("--hops", action="store_true", help="where the time of one case goes between its two ends")
    parser.add_argument("--growth", action="store_true", help="bytes that a case leaves in tables, indexes, topics")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the raw results")
    return parser.parse_args(words)


def main(asked: argparse.Namespace) -> int:
    """Measure, print, keep; 0 when every target that was measured is met."""
    sizes = QUICK if asked.quick else Sizes(asked.cases, 200, asked.callers, 20)
    rounds = 1 if asked.quick else asked.repeat
    with servers(report.Said()) as running:
        about = described(str(running.query("postgres", "SHOW server_version")[0][0]))
        report.machine(about)
        bench = Bench(running, Product(running), sizes)
        if asked.profile:
            asked.results.mkdir(parents=True, exist_ok=True)
            load = Load(sizes.low_rate_cases, LOW_RATE) if asked.low_rate else Load(sizes.cases, 0)
            profile.show(bench, asked.profile, load, asked.results / f"profile-{asked.profile}.json")
            return 0
        results, missing = measured(bench, asked, rounds)
    file = report.keep(asked.results, about, results)
    fine = shown(results) or asked.quick
    for drawn in (file, *plots.draw(file, results)):
        report.CONSOLE.print(f"kept: {drawn}", soft_wrap=True)
    return 0 if fine and not missing else 1


def measured(bench: Bench, asked: argparse.Namespace, rounds: int) -> tuple[dict[str, list[Measures]], bool]:
    """Everything that was asked for, and whether something of it could not be run here."""
    names, peers_asked = subjects(asked)
    if not asked.quick and set(names) - ONCE - set(PEERS):
        warm_up(bench)
    results, missing = interleaved(bench, names, rounds)
    if asked.workers:
        results |= workers.measure_all(bench, asked.workers, rounds)
    if asked.hops:
        results |= hops.measure_all(bench, rounds)
    if asked.growth:
        results[growth.NAME] = [growth.measure_growth(bench)]
        report.one(growth.NAME, results[growth.NAME][0])
    if asked.scale:
        results |= scale.measure_all(bench, asked.scale, rounds)
    return results, bool(missing) and peers_asked


def subjects(asked: argparse.Namespace) -> tuple[list[str], bool]:
    """What to run in each round, and whether the peers among it were asked for by name."""
    if asked.only:
        more = [peer for peer in PEERS if asked.peers and peer not in asked.only]
        return [*asked.only, *more], True
    if asked.scale or asked.workers or asked.growth or asked.hops:
        return (["product", *PEERS], True) if asked.peers else ([], False)
    peers_run = asked.peers if asked.peers is not None else not asked.quick
    return [name for name in SUBJECTS if peers_run or name not in PEERS], bool(asked.peers)


def shown(results: dict[str, list[Measures]]) -> bool:
    """Print the tables; whether every target is met."""
    report.journeys(results)
    report.peers(results)
    report.idle(results)
    report.memory(results)
    hops.table(results)
    workers.table(results)
    growth.table(results)
    flat = scale.verdict(results)
    return report.verdict(results) and flat


def warm_up(bench: Bench) -> None:
    """One discarded run of each side: Java compiles what it uses often, and that is nobody's cost per case."""
    smaller = replace(bench, sizes=replace(bench.sizes, cases=2000))
    for name in ("floor-http", "product"):
        report.CONSOLE.print(f"[dim]discarded, warms Kafka: {name}[/]")
        SUBJECTS[name](smaller)


def interleaved(bench: Bench, names: list[str], rounds: int) -> tuple[dict[str, list[Measures]], set[str]]:
    """Every subject in every round; and those that this machine cannot run."""
    results: dict[str, list[Measures]] = {}
    missing: set[str] = set()
    for number in range(rounds):
        for name in names:
            if name in missing or (number and name in ONCE):
                continue
            try:
                measures = SUBJECTS[name](bench)
            except Missing as why:
                missing.add(name)
                report.CONSOLE.print(f"[red]{name} was not run:[/] {why}", soft_wrap=True)
                continue
            results.setdefault(name, []).append(measures)
            report.one(name, measures)
    return results, missing


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

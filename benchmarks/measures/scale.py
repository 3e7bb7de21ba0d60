"""What a case and a page cost with many cases there already: processor time, not duration, must stay flat.

A product per size stands ready, then the sizes take turns, so that a noisy minute does not hit one of them only.
A quarter of the cases there are open, up to `MOST_OPEN`: what waits for people does not grow with the years.
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from uuid import UUID

import httpx
from rich.table import Table

from benchmarks.load.copies import multiply
from benchmarks.load.journey import Measures, Subject, driver_of, give, measure
from benchmarks.load.loadgen import Load
from benchmarks.measures.pages import PAGES, look_at_all
from benchmarks.report.summary import CONSOLE, figure, one
from benchmarks.subjects.catalogue import Bench
from benchmarks.subjects.product import token
from convergence.scenario import cast
from deploy.local.settings import HOST

SEEDS = 100
"""Real cases that are copied: three out of four finished, the others open."""
MOST_OPEN = 2_500
LOAD = 1000
"""Cases of a turn at most: few beside those that are there."""
DECISION = {"route": "no_purchase", "reason": "Le besoin est couvert par un logiciel déjà en service."}
FLAT = 1.15
NAME = "scale-"


def measure_all(bench: Bench, sizes: Sequence[int], rounds: int) -> dict[str, list[Measures]]:
    """One subject per size, smallest first."""
    results: dict[str, list[Measures]] = {f"{NAME}{size}": [] for size in sorted(sizes)}
    load = Load(min(LOAD, bench.sizes.cases), 0)
    with ExitStack() as stack:
        subjects: dict[str, Subject] = {}
        for size in sorted(sizes):
            subject = stack.enter_context(bench.product.running(bench.sizes.callers))
            _fill(bench, subject, size)
            subjects[f"{NAME}{size}"] = subject
        for number in range(rounds):
            # Each size is first in turn once: what the one before left to do is not always the same one's.
            for name in _turned(list(subjects), number):
                measures = measure(bench.servers, subjects[name], load) | look_at_all(bench.servers, subjects[name])
                results[name].append(measures)
                one(name, measures)
    return results


def costs(runs: Sequence[Measures]) -> list[float]:
    """Processor time of a case, services and PostgreSQL, in ms."""
    return [run["python_ms_case"] + run["postgres_ms_case"] for run in runs]


def verdict(results: Mapping[str, Sequence[Measures]]) -> bool:
    """Processor time of a case beside that with the fewest there; whether it is flat."""
    chosen = {name: runs for name, runs in results.items() if name.startswith(NAME)}
    if not chosen:
        return True
    table = Table(
        title=f"Cost with many cases there already: flat is at most {FLAT} times; pages: ms (beside the bare query)",
        title_justify="left",
    )
    for heading in ("cases there", "processor of a case, ms", "beside the fewest", "", *PAGES):
        table.add_column(heading, justify="right")
    fewest = costs(next(iter(chosen.values())))
    fine = True
    for name, runs in chosen.items():
        ratios = [cost / least for cost, least in zip(costs(runs), fewest, strict=True)]
        flat = statistics.median(ratios) <= FLAT
        fine = fine and flat
        pages = [
            f"{figure([run[f'{page}_page_ms'] for run in runs])} · {figure([run[f'{page}_ratio'] for run in runs])}×"
            for page in PAGES
        ]
        mark = "[green]flat[/]" if flat else "[red]grows[/]"
        table.add_row(f"{int(name.removeprefix(NAME)):,}", figure(costs(runs)), figure(ratios), mark, *pages)
    CONSOLE.print(table)
    return fine


def _fill(bench: Bench, subject: Subject, size: int) -> None:
    started = time.monotonic()
    opened = _seed(bench, subject)
    copies = max(1, size // SEEDS) - 1
    open_copies = min(copies, MOST_OPEN // len(opened) - 1)
    multiply(bench.servers.postgres, list(subject.databases.values()), copies, open_copies, opened)
    sizes = [
        bench.servers.query(name, f"SELECT pg_database_size('{name}')")[0][0] for name in subject.databases.values()
    ]
    megabytes = sum(int(str(each)) for each in sizes) / 1e6
    took = time.monotonic() - started
    CONSOLE.print(f"[dim]{size:,} cases there: {megabytes:,.0f} MB of databases, made in {took:.0f} s[/]")


def _seed(bench: Bench, subject: Subject) -> list[UUID]:
    """Real cases; answers those that stay open."""
    finished = SEEDS * 3 // 4
    with driver_of(bench.servers, subject) as driver:
        give(bench.servers, subject, driver, Load(finished, 0))
    _close(bench, subject, finished)
    script = subject.script
    headers = dict(line.split(": ", 1) for line in script.submit_headers.splitlines())
    opened: list[UUID] = []
    with httpx.Client(base_url=f"http://{HOST}:{script.request_port}", headers=headers) as requester:
        for _ in range(SEEDS - finished):
            answer = requester.post("/demandes/api/requests", content=script.submit_bodies[0]).raise_for_status()
            opened.append(UUID(answer.json()["case_id"]))
    _wait(bench, subject.databases["review"], "SELECT count(*) FROM review", SEEDS)
    return opened


def _close(bench: Bench, subject: Subject, finished: int) -> None:
    """The buyer decides: what is over no longer waits for anybody."""
    base = f"http://{HOST}:{subject.ports['purchasing']}"
    headers = {"authorization": f"Bearer {token(subject.ports, cast.BUYER)}"}
    cases = bench.servers.query(subject.database, "SELECT case_id FROM request")
    with httpx.Client(base_url=base, headers=headers) as buyer:
        for (case_id,) in cases:
            buyer.post(f"/achats/api/purchases/{case_id}/decision", json=DECISION).raise_for_status()
    _wait(bench, subject.database, "SELECT count(*) FROM request WHERE stage = 'routed'", finished)


def _wait(bench: Bench, database: str, counted: str, expected: int) -> None:
    deadline = time.monotonic() + 30
    while (count := bench.servers.query(database, counted)[0][0]) != expected:
        assert time.monotonic() < deadline, f"{database}: {count} of {expected} cases are there"
        time.sleep(0.05)


def _turned(names: list[str], number: int) -> list[str]:
    place = number % len(names)
    return names[place:] + names[:place]

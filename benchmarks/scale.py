"""What a case and a page cost with many cases there already: processor time, not duration, must stay flat."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

import httpx
import psycopg
from rich.table import Table

from benchmarks.copies import multiply
from benchmarks.journey import Measures, Subject, driver_of, give, measure
from benchmarks.loadgen import Load
from benchmarks.report import CONSOLE, figure, one
from benchmarks.subjects import Bench
from deploy.local.databases import database_of
from deploy.local.settings import HOST

SEEDS = 100
"""Real cases that are copied: three out of four finished, the others open."""
FLAT = 1.15
LOOKS = 30
PAGES: dict[str, tuple[str, str, str, str]] = {
    "queue": (
        "review", "reviewer-functional", "/instruction/functional",
        ("SELECT c.*, r.title, r.reference FROM review_check c JOIN review r USING (case_id) WHERE c.kind = 'functional' "
        "AND c.status IN ('to_take', 'taken', 'waiting_answer') ORDER BY c.due_on, c.case_id LIMIT 50"),
    ),
    "board": (
        "purchasing", "buyer", "/achats",
        "SELECT * FROM purchase WHERE state IN ('to_qualify', 'to_confirm') ORDER BY case_id LIMIT 50",
    ),
}  # fmt: skip
"""A page, who looks at it in which service, and the bare query of the same rows."""


def measure_all(bench: Bench, sizes: Sequence[int]) -> dict[str, list[Measures]]:
    """One subject per size, smallest first."""
    results: dict[str, list[Measures]] = {}
    for size in sorted(sizes):
        with bench.product.running(bench.sizes.callers) as subject:
            _seed(bench, subject)
            for database in subject.databases.values():
                multiply(bench.servers.postgres, database, max(1, size // SEEDS) - 1)
            measures = measure(bench.servers, subject, Load(bench.sizes.cases, 0)) | _pages(bench, subject)
        results[f"scale-{size}"] = [measures]
        one(f"scale-{size}", measures)
    return results


def verdict(results: Mapping[str, Sequence[Measures]]) -> bool:
    """Processor time of a case beside that with the fewest there; whether it is flat."""
    table = Table(title="Cost with many cases there already", title_justify="left")
    for heading in (
        "cases there",
        "processor of a case, ms",
        "beside the fewest",
        *(f"{page} / bare query" for page in PAGES),
    ):
        table.add_column(heading, justify="right")
    costs = {name: runs[0]["python_ms_case"] + runs[0]["postgres_ms_case"] for name, runs in results.items()}
    fewest = next(iter(costs.values()))
    for name, runs in results.items():
        ratios = [figure([runs[0][f"{page}_ratio"]]) for page in PAGES]
        size = int(name.removeprefix("scale-"))
        table.add_row(f"{size:,}", figure([costs[name]]), f"{costs[name] / fewest:.2f}", *ratios)
    CONSOLE.print(table)
    return all(cost <= FLAT * fewest for cost in costs.values())


def _seed(bench: Bench, subject: Subject) -> None:
    finished = SEEDS * 3 // 4
    with driver_of(bench.servers, subject) as driver:
        give(bench.servers, subject, driver, Load(finished, 0))
    script = subject.script
    headers = dict(line.split(": ", 1) for line in script.submit_headers.splitlines())
    with httpx.Client(base_url=f"http://{HOST}:{script.request_port}", headers=headers) as requester:
        for _ in range(SEEDS - finished):
            requester.post("/api/requests", content=script.submit_bodies[0]).raise_for_status()
    reviews = subject.databases["review"]
    deadline = time.monotonic() + 30
    while bench.servers.query(reviews, "SELECT count(*) FROM review")[0][0] != SEEDS:
        assert time.monotonic() < deadline, "the open cases have not reached the review service"
        time.sleep(0.05)


def _pages(bench: Bench, subject: Subject) -> Measures:
    measures: Measures = {}
    for name, (service, account, path, bare) in PAGES.items():
        base = f"http://{HOST}:{subject.ports[service]}"
        with httpx.Client(base_url=base, cookies=_session(base, account)) as browser:
            page = _median_ms(lambda browser=browser, path=path: browser.get(path).raise_for_status())  # type: ignore[misc]
        with psycopg.connect(database_of(bench.servers.postgres, subject.databases[service])) as db:
            query = _median_ms(lambda db=db, bare=bare: db.execute(bare.encode()).fetchall())  # type: ignore[misc]
        measures |= {f"{name}_page_ms": page, f"{name}_query_ms": query, f"{name}_ratio": page / query}
    return measures


def _median_ms(look: Callable[[], object]) -> float:
    took = []
    for _ in range(LOOKS):
        start = time.perf_counter()
        look()
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took)


def _session(base: str, account: str) -> dict[str, str]:
    answer = httpx.post(f"{base}/api/sessions", json={"account": account}).raise_for_status()
    return {"convergence_session": answer.json()["token"]}

"""What a page costs its reader beside a bare query of the same rows."""

import statistics
import time
from collections.abc import Callable

import httpx
import psycopg

from benchmarks.load.journey import Measures, Subject
from benchmarks.subjects.product import token
from benchmarks.subjects.servers import Servers
from deploy.local.servers.databases import database_of
from deploy.local.settings import HOST

LOOKS, FEWEST_LOOKS, ENOUGH_SECONDS = 30, 5, 5.0
"""Bounds of how often a page is measured: a slow one less often."""
PAGES: dict[str, tuple[str, str, str, str]] = {
    "queue": (
        "review", "reviewer-functional", "/instruction/functional",
        ("SELECT c.*, r.title, r.reference FROM review_check c JOIN review r USING (case_id) WHERE c.kind = 'functional' "
        "AND c.status = 'to_take' ORDER BY c.due_on, c.case_id LIMIT 50"),
    ),
    "board": (
        "purchasing", "buyer", "/achats",
        "SELECT * FROM purchase WHERE state IN ('to_qualify', 'to_confirm') ORDER BY case_id LIMIT 50",
    ),
    "requests": (
        "request", "requester-chu", "/demandes",
        "SELECT * FROM request WHERE author = 'requester-chu' ORDER BY created_at DESC, case_id DESC LIMIT 50",
    ),
}  # fmt: skip
"""A page, who looks at it in which service, and the bare query of the same rows."""


def look_at_all(servers: Servers, subject: Subject) -> Measures:
    """Medians in ms of each page and of its bare query, and their ratio."""
    measures: Measures = {}
    for name, (service, account, path, bare) in PAGES.items():
        base = f"http://{HOST}:{subject.ports[service]}"
        session = {"convergence_session": token(subject.ports, account)}
        with httpx.Client(base_url=base, cookies=session) as browser:
            page = _median_ms(lambda browser=browser, path=path: browser.get(path).raise_for_status())  # type: ignore[misc]
        with psycopg.connect(database_of(servers.postgres, subject.databases[service])) as db:
            query = _median_ms(lambda db=db, bare=bare: db.execute(bare.encode()).fetchall())  # type: ignore[misc]
        measures |= {f"{name}_page_ms": page, f"{name}_query_ms": query, f"{name}_ratio": page / query}
    return measures


def _median_ms(look: Callable[[], object]) -> float:
    took: list[float] = []
    while len(took) < LOOKS and (len(took) < FEWEST_LOOKS or sum(took) < 1000 * ENOUGH_SECONDS):
        start = time.perf_counter()
        look()
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took)

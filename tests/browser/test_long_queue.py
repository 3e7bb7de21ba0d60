"""A queue of ten thousand checks: pages of fifty, in due order, none twice, each read from an index and no further."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

import asyncpg
import psycopg
import pytest
from playwright.sync_api import expect

from services.review.pages.queues import PER_PAGE
from services.review.store.reads import FIRST, OPEN, Wanted, checks_page
from shared.contracts.vocabulary import CheckKind
from shared.database.postgres import EVERYTHING, Db
from shared.identity.demo import DEMO_ACCOUNTS
from tests.browser.agent import Agent
from tests.browser.conftest import Enter
from tests.browser.exhibits import NEED
from tests.helpers.broker import run_apart
from tests.helpers.site import RunningSite
from tests.journey.people import People

MANY = 10_000
SCANS = {"Function Scan", "Index Scan", "Index Only Scan"}
# Copies of a real case, whatever its columns are; positions below zero are nobody else's.
REVIEWS = """
INSERT INTO review OVERRIDING SYSTEM VALUE
SELECT copy.* FROM review r CROSS JOIN generate_series(1, %s) n CROSS JOIN LATERAL jsonb_populate_record(r,
    jsonb_build_object('case_id', gen_random_uuid(), 'position', -n, 'reference', 'D-2025-' || lpad(n::text, 6, '0'),
        'title', 'Dossier de la longue file n° ' || n)) copy
WHERE r.case_id = %s
"""
CHECKS = """
INSERT INTO review_check
SELECT copy.* FROM review r CROSS JOIN review_check c CROSS JOIN LATERAL jsonb_populate_record(c,
    jsonb_build_object('case_id', r.case_id, 'deadline_at', NULL, 'due_on', c.due_on - (r.position %% 90)::int)) copy
WHERE r.position < 0 AND c.case_id = %s AND c.kind = 'skills'
"""
FORGET = (
    "DELETE FROM review_check WHERE case_id IN (SELECT case_id FROM review WHERE position < 0)",
    "DELETE FROM review WHERE position < 0",
)


@pytest.fixture(scope="module")
def long_queue(site: RunningSite, exhibits: dict[str, str]) -> Iterator[None]:
    """The queue of the skills check is long while this module runs."""
    with psycopg.connect(site.databases["review"].admin, autocommit=True) as db:
        db.execute(REVIEWS, (MANY, exhibits["fresh"]))
        db.execute(CHECKS, (exhibits["fresh"],))
        db.execute("ANALYZE review, review_check")
        yield
        for statement in FORGET:
            db.execute(statement)


def test_it_comes_in_pages_in_due_order_none_twice(enter: Enter, long_queue: None) -> None:
    reviewer = enter("reviewer-skills")
    reviewer.open("review", "/instruction/skills")
    tally = reviewer.page.locator("nav.filters [aria-current] .tally").first
    assert int("".join(tally.inner_text().split())) >= MANY
    expect(tally).to_contain_text("10\u202f0")
    seen: list[str] = []
    for _ in range(3):
        shown = _references(reviewer)
        assert len(shown) == PER_PAGE
        assert not set(shown) & set(seen)
        seen += shown
        _turns(reviewer, "Suite")
    _turns(reviewer, "Revenir au début")
    assert _references(reviewer) == seen[:PER_PAGE]


def test_all_of_a_page_are_taken_at_once(enter: Enter, people: People, long_queue: None) -> None:
    for number in range(3):
        made = people.do("requester-gier", "request", "/demandes/api/requests", NEED, key=f"taken-{number}")
        people.see("reviewer-skills", "review", f"/instruction/api/reviews/{made['case_id']}")
    reviewer = enter("reviewer-skills")
    # The copies in the long queue are no cases: what is taken is of another establishment.
    reviewer.open("review", f"/instruction/skills?etablissement={DEMO_ACCOUNTS['requester-gier'].person.establishment}")
    checks = reviewer.page.locator("tbody input[name=volet]")
    count = checks.count()
    assert count >= 3
    reviewer.page.get_by_label("Tout cocher").check()
    reviewer.presses("Prendre les volets cochés")
    reviewer.reads(f"{count} volets pris.")
    expect(checks).to_have_count(0)


@pytest.mark.parametrize("states", [("to_take",), OPEN], ids=["to take", "all that are open"])
def test_a_page_is_read_from_the_index_and_no_further(
    site: RunningSite, long_queue: None, states: Sequence[str]
) -> None:
    plans: list[Any] = []
    run_apart(_explain(site.databases["review"].app, Wanted((CheckKind.SKILLS,), states), plans))
    (plan,) = plans
    parts = list(_parts(plan))
    longest = (PER_PAGE + 1) * len(states)
    assert {part["Node Type"] for part in parts if "Scan" in part["Node Type"]} <= SCANS, plan
    assert "review_check_queue" in {part.get("Index Name") for part in parts}, plan
    for part in parts:
        assert _rows(part) <= longest, part
        assert part.get("Rows Removed by Filter", 0) == 0, part


class _Explaining:
    """A connection that runs EXPLAIN ANALYZE of what the product asks."""

    def __init__(self, db: Db, plans: list[Any]) -> None:
        self._db, self._plans = db, plans

    async def fetch(self, query: str, *values: Any) -> list[Any]:
        told = await self._db.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", *values)
        self._plans.append(json.loads(told)[0]["Plan"])
        return []


async def _explain(dsn: str, wanted: Wanted, plans: list[Any]) -> None:
    db = await asyncpg.connect(dsn)
    try:
        await db.execute("SELECT set_config('app.establishments', $1, false)", EVERYTHING)
        await checks_page(cast("Db", _Explaining(db, plans)), wanted, FIRST, PER_PAGE + 1)
    finally:
        await db.close()


def _parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _parts(part)


def _rows(part: dict[str, Any]) -> float:
    return float(part["Actual Rows"] * part["Actual Loops"])


def _turns(agent: Agent, link: str) -> None:
    """Follow a link and wait for the page."""
    before = agent.page.url
    agent.follows(link)
    agent.page.wait_for_url(lambda url: url != before)


def _references(agent: Agent) -> list[str]:
    agent.page.wait_for_load_state()
    return agent.page.locator("tbody tr small").filter(has_text="D-20").all_inner_texts()

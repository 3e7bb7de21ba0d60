"""A queue of ten thousand checks: pages of fifty, in due order, none twice, and no slower to open than a short one."""

import statistics
import time
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.agent import Agent
from tests.browser.conftest import Enter
from tests.site import RunningSite

MANY = 10_000
PER_PAGE = 50
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
        reviewer.follows("Suite")
    reviewer.follows("Revenir au début")
    assert _references(reviewer) == seen[:PER_PAGE]


def test_all_of_a_page_are_taken_at_once(enter: Enter, long_queue: None) -> None:
    reviewer = enter("reviewer-skills")
    reviewer.open("review", "/instruction/skills")
    reviewer.page.get_by_label("Tout cocher").check()
    assert reviewer.page.locator("tbody input[name=volet]:checked").count() > 1


def test_it_opens_as_fast_as_a_short_one(enter: Enter, long_queue: None) -> None:
    auditor = enter("auditor")
    short, long = _median_seconds(auditor, "privacy"), _median_seconds(auditor, "skills")
    # Fifty rows more to draw and one count over an index, not ten thousand rows to read.
    assert long < 8 * short, (short, long)


def _references(agent: Agent) -> list[str]:
    return agent.page.locator("tbody tr small").filter(has_text="D-20").all_inner_texts()


def _median_seconds(agent: Agent, kind: str) -> float:
    agent.open("review", f"/instruction/{kind}")
    taken = []
    for _ in range(9):
        begun = time.perf_counter()
        assert agent.page.request.get(agent.page.url).status == 200
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)

"""What is late: a reviewer past the due date, or a requester past the date of the answer. Told once per date."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.review.model.review import Check, Review
from shared.basics.calendar import end_of
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import ReviewLateV1
from shared.database.postgres import Db

PASSED = """
SELECT case_id FROM (
    SELECT case_id, deadline_at FROM review_check WHERE deadline_at <= $1 ORDER BY deadline_at LIMIT $2
) late GROUP BY case_id ORDER BY min(deadline_at)
"""


class ReviewDeadlines:
    """The deadlines of the checks."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Reviews that have a check whose awaited day is over and was not told."""
        return [row[0] for row in await db.fetch(PASSED, now, limit)]


def tell_lateness(review: Review | None, now: datetime) -> Outcome[Review | None]:
    """Tell every check of this review whose awaited day is over."""
    if review is None:
        return Outcome(review)
    late = [check for check in review.checks if _is_late(check, now)]
    if not late:
        return Outcome(review)
    for check in late:
        review = review.with_check(replace(check, told_on=check.awaited_on))
    events = tuple(
        ReviewLateV1(
            case_id=review.case_id,
            check=check.kind,
            waiting_for="requester" if check.open_question else "reviewer",
            due_on=check.awaited_on,
            told="requester,coordinator" if check.open_question else "coordinator",
        )
        for check in late
    )
    kept = tuple(
        TrailEntry("check_late", "system", "Échéance passée", detail={"check": check.kind, "due_on": check.awaited_on})
        for check in late
    )
    return Outcome(review, events, kept)


def _is_late(check: Check, now: datetime) -> bool:
    return not check.closed and check.told_on != check.awaited_on and end_of(check.awaited_on) <= now

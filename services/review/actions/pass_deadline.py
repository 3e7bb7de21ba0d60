"""What is late: a reviewer past the due date, or a requester past the date of the answer. Told once per date."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.review.model.review import Check, State
from shared.basics.calendar import end_of
from shared.casework.decide import Work
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import ReviewLateV1
from shared.database.postgres import EVERYTHING
from shared.program.running import Running


async def pass_deadline(running: Running[State], case_id: UUID, now: datetime) -> None:
    """A check of this review is late: those who are waited for, and the coordinator, are told."""
    await running.desk.run(Work(case_id, EVERYTHING, lambda review: decide(review, now), now))


def decide(review: State, now: datetime) -> Outcome[State]:
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
            check_label=check.kind_label,
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

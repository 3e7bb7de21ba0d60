"""A submitted request opens a review: which checks, with which checklists, due when."""

from datetime import datetime

from services.review.model.check_kinds import asked_checks
from services.review.model.checklists import checklist
from services.review.model.policy import due_date
from services.review.model.review import Check, Outlook, Review
from shared.basics.calendar import today
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import RequestSubmittedV2
from shared.contracts.events.reviews import PlannedCheck, ReviewOpenedV1


def open_review(review: Review | None, event: RequestSubmittedV2, now: datetime) -> Outcome[Review | None]:
    """Open the review; a request that already has one changes nothing."""
    if review is not None:
        return Outcome(review)
    need, day = event.need, today(now)
    checks = tuple(
        Check(kind, kind.label, checklist(kind, day).version, due_date(kind, need.urgency, day))
        for kind in asked_checks(need.data)
    )
    opened = Review(
        case_id=event.case_id,
        establishment=need.establishment,
        requester=need.requester,
        request_kind=need.kind,
        data=need.data,
        care_stops=need.care_stops,
        status="open",
        verdict=None,
        opened_at=now,
        decided_at=None,
        outlook=Outlook(),
        need=need.model_dump_json(),
        checks=checks,
    )
    told = ReviewOpenedV1(
        case_id=event.case_id,
        opened_at=now,
        checks=tuple(
            PlannedCheck(kind=check.kind, kind_label=check.kind_label, due_on=check.due_on) for check in checks
        ),
    )
    kept = TrailEntry(
        "review_opened",
        "system",
        "Ouverture automatique",
        detail={"checks": {str(c.kind): {"due_on": c.due_on, "checklist": c.version} for c in checks}},
    )
    return Outcome(opened, (told,), (kept,))

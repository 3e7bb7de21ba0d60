"""The end of a review: the verdict, and the event that carries the need, the opinions and the conditions onward."""

from datetime import datetime

from msgspec.structs import replace

from services.review.model.review import Overruled, Review
from services.review.model.verdict import Sum, add_up
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import Condition, Overruling, ReuseAssessment, ReviewDecidedV1
from shared.contracts.need import Need
from shared.contracts.vocabulary import Verdict


def decided(review: Review, now: datetime) -> Outcome[Review | None]:
    """The last opinion came in: the review is decided by what they add up to."""
    total = add_up(review.checks)
    review = replace(review, status="decided", verdict=total.verdict, decided_at=now)
    event = announcement(review, total, None, now)
    kept = TrailEntry("review_decided", "system", "Somme des avis", detail=total.trace())
    return Outcome(review, (event,), (kept,), result=review)


def announcement(review: Review, total: Sum, overruled: Overruled | None, now: datetime) -> ReviewDecidedV1:
    """What the other services are told of the decision."""
    need = Need.model_validate_json(review.need)
    judged = {reuse.entry_id: reuse for check in review.checks if check.given for reuse in check.given.reuse}
    reuse = tuple(
        ReuseAssessment(
            entry_id=one.entry_id,
            product=one.product,
            fits=judged[one.entry_id].fits if one.entry_id in judged else None,
            reason=judged[one.entry_id].reason if one.entry_id in judged else "",
        )
        for one in need.equipped
    )
    return ReviewDecidedV1(
        case_id=review.case_id,
        decided_at=now,
        verdict=overruled.verdict if overruled else total.verdict,
        opinions=total.opinions,
        conditions=standing_conditions(total, overruled),
        reuse=reuse,
        overruling=_overruling(overruled),
        need=need,
    )


def standing_conditions(total: Sum, overruled: Overruled | None) -> tuple[Condition, ...]:
    """The duties that follow the case: none when the coordinator lifted them, hers beside the reviewers' otherwise."""
    if overruled is None:
        return total.conditions
    if overruled.verdict is Verdict.FAVOURABLE:
        return ()
    return (*total.conditions, *(Condition(check=kind, text=text) for kind, text in overruled.conditions))


def _overruling(overruled: Overruled | None) -> Overruling | None:
    if overruled is None:
        return None
    return Overruling(
        computed=overruled.computed, reason=overruled.reason, coordinator_title=overruled.coordinator_title
    )

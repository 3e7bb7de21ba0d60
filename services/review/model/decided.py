"""The end of a review: the verdict, and the event that carries the need, the opinions and the conditions onward."""

from datetime import datetime

from msgspec.structs import replace

from services.review.model.review import Overruled, Review
from services.review.model.verdict import ComputedVerdict, compute_verdict
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import Condition, Overruling, ReuseAssessment, ReviewDecidedV1
from shared.contracts.need import Need
from shared.contracts.vocabulary import Verdict
from shared.contracts.words import label_of


def decided(review: Review, now: datetime) -> Outcome[Review | None]:
    """The last opinion came in: the review is decided by what they add up to."""
    computed = compute_verdict(review.checks)
    review = replace(review, status="decided", verdict=computed.verdict, decided_at=now)
    kept = TrailEntry("review_decided", "system", "Somme des avis", detail=computed.trace())
    return Outcome(review, (announcement(review, computed, now),), (kept,), result=review)


def announcement(review: Review, computed: ComputedVerdict, now: datetime) -> ReviewDecidedV1:
    """What the other services are told of the decision."""
    need, overruled = Need.model_validate_json(review.need), review.outlook.overruled
    judged = {reuse.entry_id: reuse for check in review.checks if check.given for reuse in check.given.reuse}
    verdict = overruled.verdict if overruled else computed.verdict
    return ReviewDecidedV1(
        case_id=review.case_id,
        decided_at=now,
        verdict=verdict,
        verdict_label=label_of(Verdict, verdict),
        opinions=computed.opinions,
        conditions=standing_conditions(review, computed),
        reuse=tuple(
            ReuseAssessment(
                entry_id=one.entry_id,
                product=one.product,
                fits=judged[one.entry_id].fits if one.entry_id in judged else None,
                reason=judged[one.entry_id].reason if one.entry_id in judged else "",
            )
            for one in need.equipped
        ),
        overruling=_overruling(overruled) if overruled else None,
        need=need,
    )


def standing_conditions(review: Review, computed: ComputedVerdict) -> tuple[Condition, ...]:
    """The duties that follow the case: none where the coordinator lifted them, else the reviewers' and the coordinator's."""
    overruled = review.outlook.overruled
    if overruled is None:
        return computed.conditions
    if overruled.verdict == Verdict.FAVOURABLE:
        return ()
    labels = {check.kind: check.kind_label for check in review.checks}
    own = (Condition(check=kind, check_label=labels[kind], text=text) for kind, text in overruled.conditions)
    return (*computed.conditions, *own)


def _overruling(overruled: Overruled) -> Overruling:
    return Overruling(
        computed=overruled.computed,
        computed_label=label_of(Verdict, overruled.computed),
        reason=overruled.reason,
        coordinator_title=overruled.coordinator_title,
    )

"""A verdict of the review opens a purchase and proposes its route at once; an unfavourable one closes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from services.purchasing.actions.close_purchase import close
from services.purchasing.actions.events import route_proposed
from services.purchasing.actions.propose_route import proposed, proposed_entry
from services.purchasing.model.purchase import Condition, Purchase, PurchaseFile, Review, State
from services.purchasing.model.refusals import UnknownVerdict
from services.purchasing.model.routing.case_facts import WORKING_DAYS_TO_DECIDE, due
from services.purchasing.words import OPENING_RULE, SYSTEM, UNFAVOURABLE, WITHDRAWN
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.event import CaseEvent
from shared.contracts.events.reviews import ReuseAssessment, ReviewDecidedV1
from shared.contracts.vocabulary import CheckKind, Verdict
from shared.contracts.words import label_of

OPENS: Final[Mapping[str, bool]] = {
    Verdict.FAVOURABLE: True,
    Verdict.FAVOURABLE_WITH_CONDITIONS: True,
    Verdict.UNFAVOURABLE: False,
}
"""Whether a verdict opens a purchase. One that is not here is refused: nobody guesses what it means for a purchase."""


def review_decided(file: PurchaseFile, event: ReviewDecidedV1, now: datetime) -> Outcome[PurchaseFile]:
    """What a verdict does, the first one or one that overrules it; raises UnknownVerdict."""
    if event.verdict not in OPENS:
        raise UnknownVerdict(event.verdict, event.verdict_label)
    purchase = _with_review(file.purchase, event)
    before = file.purchase.state if file.purchase else State.CLOSED
    if purchase.review.withdrawn is not None:
        return _noted(file, purchase, "verdict_after_withdrawal", WITHDRAWN)
    if before is State.DECIDED:
        return _noted(file, purchase, "verdict_after_decision")
    if not OPENS[event.verdict]:
        closed, events = close(purchase, UNFAVOURABLE, now)
        return _noted(file, closed, "purchase_not_opened", UNFAVOURABLE, events)
    if before is State.CENSUS:
        return _noted(file, purchase, "verdict_during_census")
    return _open(file, purchase, now)


def _open(file: PurchaseFile, purchase: Purchase, now: datetime) -> Outcome[PurchaseFile]:
    if purchase.opened_at is None or purchase.state is State.CLOSED:
        purchase = replace(
            purchase,
            opened_at=now,
            deadline_at=due(now, WORKING_DAYS_TO_DECIDE),
            work=replace(purchase.work, closed_because="", decision=None, census=None),
        )
    routed, proposal = proposed(purchase, file.market, now)
    entry = proposed_entry(
        proposal,
        verdict=purchase.review.verdict,
        amount_cents=proposal.amount_cents,
        missing_facts=proposal.explanation.missing_facts,
    )
    return Outcome(replace(file, purchase=routed), (route_proposed(routed, proposal),), (entry,))


def _with_review(purchase: Purchase | None, event: ReviewDecidedV1) -> Purchase:
    fits, product = _reuse(event.reuse, equipped=bool(event.need.equipped))
    review = Review(
        verdict=event.verdict,
        verdict_label=label_of(Verdict, event.verdict, event.verdict_label),
        decided_at=event.decided_at,
        conditions=tuple(
            [Condition(c.check, label_of(CheckKind, c.check, c.check_label), c.text) for c in event.conditions]
        ),
        reuse_fit=fits,
        reuse_product=product,
        withdrawn=purchase.review.withdrawn if purchase else None,
    )
    if purchase is None:
        return Purchase(event.case_id, State.CLOSED, event.need, review)
    return replace(purchase, need=event.need, review=review)


def _reuse(assessments: Sequence[ReuseAssessment], equipped: bool) -> tuple[bool | None, str]:
    """What the functional check said of the GHT's own software: one that fits settles it, silence leaves it open."""
    for assessment in assessments:
        if assessment.fits:
            return True, assessment.product
    judged = all(a.fits is not None for a in assessments) if assessments else not equipped
    return (False if judged else None), ""


def _noted(
    file: PurchaseFile, purchase: Purchase, action: str, reason: str = "", events: tuple[CaseEvent, ...] = ()
) -> Outcome[PurchaseFile]:
    entry = TrailEntry(action, SYSTEM, OPENING_RULE, reason, {"verdict": purchase.review.verdict})
    return Outcome(replace(file, purchase=purchase), events, (entry,))

"""From a purchase to its proposed route: what is known becomes facts, and the decision table of the launch date is walked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

from services.purchasing.model.market import Market
from services.purchasing.model.members import others
from services.purchasing.model.purchase import Proposal, Purchase, Review, State
from services.purchasing.model.qualification import ExclusiveRights
from services.purchasing.model.routing.coverage import Coverage, cover
from services.purchasing.model.routing.facts import CensusOutcome, RoutingFacts, thresholds_on
from services.purchasing.model.routing.procedure import procedure_of
from services.purchasing.model.routing.rules import RoutingExplanation, evaluate
from services.purchasing.words import proposed_words
from shared.basics.calendar import PARIS, add_working_days, local
from shared.contracts.events.reviews import ReuseAssessment
from shared.contracts.need import Need
from shared.contracts.vocabulary import Route

WORKING_DAYS_TO_DECIDE = 5
JUSTIFIED_FROM = 20
"""Characters under which a justification of exclusive rights says nothing."""
CENTRAL = frozenset(
    {Route.CENTRAL_BODY_ORDER, Route.CENTRAL_BODY_FURTHER_COMPETITION, Route.CENTRAL_BODY_DYNAMIC_SYSTEM}
)
END_OF_DAY = time(18, 0)


def propose(purchase: Purchase, market: Market, now: datetime) -> Proposal:
    """What the table in force on the launch date answers, with every rule that it tried."""
    facts, coverage = facts_of(purchase, market, local(now).date())
    explanation = evaluate(market.table_on(launch_of(purchase, local(now).date())), facts)
    central = explanation.route in CENTRAL
    if central and coverage.capped and facts.amount_cents is None:
        missing = dict.fromkeys((*explanation.missing_facts, "amount_cents"))
        explanation = replace(explanation, missing_facts=tuple(missing))
    return Proposal(
        at=now,
        route=explanation.route,
        explanation=explanation,
        amount_cents=facts.amount_cents,
        agreement_id=coverage.agreement_id if central else None,
        warnings=coverage.warnings if central else (),
        in_plain_words=proposed_words(explanation, facts),
    )


def proposed(purchase: Purchase, market: Market, now: datetime) -> Purchase:
    """The purchase with a fresh proposal: to confirm once nothing is missing or the buyer has qualified it.

    An order without its amount stays to be qualified: the ceiling of its agreement would refuse it.
    """
    proposal = propose(purchase, market, now)
    missing = proposal.explanation.missing_facts
    unpriced = proposal.route in CENTRAL and "amount_cents" in missing
    ready = not missing or (purchase.work.qualification is not None and not unpriced)
    return replace(
        purchase,
        state=State.TO_CONFIRM if ready else State.TO_QUALIFY,
        work=replace(purchase.work, proposal=proposal),
    )


def explain_outcome(purchase: Purchase, market: Market, now: datetime, outcome: CensusOutcome) -> RoutingExplanation:
    """The table's answer once the members of the GHT have answered."""
    today = local(now).date()
    facts, _ = facts_of(purchase, market, today, outcome)
    return evaluate(market.table_on(launch_of(purchase, today)), facts)


def explain_taken(
    explanation: RoutingExplanation, route: Route, purchase: Purchase, market: Market, now: datetime
) -> RoutingExplanation:
    """What the table said, with the procedure of the route that was taken: another route calls for another one."""
    if route is explanation.route:
        return explanation
    facts, _ = facts_of(purchase, market, local(now).date())
    required = procedure_of(route, facts)
    missing = dict.fromkeys((*explanation.missing_facts, *required.missing))
    return replace(
        explanation,
        procedure=required.procedure,
        procedure_because=required.because,
        missing_facts=tuple(missing),
    )


def facts_of(
    purchase: Purchase, market: Market, today: date, outcome: CensusOutcome | None = None
) -> tuple[RoutingFacts, Coverage]:
    """What the decision table may ask; what nobody said stays unknown."""
    need = known_need(purchase)
    launch = launch_of(purchase, today)
    qualified = purchase.work.qualification
    amount = purchase.own_amount_cents
    if amount is not None and qualified is not None:
        amount += qualified.same_need_cents
    coverage = coverage_of(purchase, market, today, qualified.agreement if qualified else None)
    exclusive, justified = exclusive_rights_of(purchase, need)
    facts = RoutingFacts(
        kind=need.kind,
        thresholds=thresholds_on(launch),
        reuse_fit=purchase.review.reuse_fit,
        agreement_usable=coverage.usable,
        agreement_kind=coverage.kind,
        exclusive_rights=exclusive,
        exclusive_rights_justified=justified,
        amount_cents=amount,
        direct_purchase_allowed=market.direct_purchase_allowed(need.establishment, ordered_on(purchase, today)),
        # Where there is nobody to ask, nobody joins: no census is needed to know it.
        census_outcome=outcome or (None if others(need.establishment, today) else "nobody"),
        reuse_product=purchase.review.reuse_product,
        agreement_title=coverage.title,
        agreement_reason=coverage.reason,
        justification_short=0 < len(justification_of(purchase)) < JUSTIFIED_FROM,
        ordered_on=ordered_on(purchase, today),
    )
    return facts, coverage


def coverage_of(purchase: Purchase, market: Market, today: date, chosen: str | None) -> Coverage:
    """The agreement that covers the need on the day of the order: a chosen one, or the first that the search finds."""
    need = known_need(purchase)
    return cover(
        market,
        establishment=need.establishment,
        domain=need.domain,
        cpv=purchase.cpv,
        amount_cents=purchase.own_amount_cents,
        on=ordered_on(purchase, today),
        chosen=chosen,
        set_aside=purchase.work.qualification.note if purchase.work.qualification else "",
    )


def justification_of(purchase: Purchase) -> str:
    """Why only one supplier can answer, in the buyer's words or, before that, in the requester's."""
    qualified = purchase.work.qualification
    if qualified is not None and qualified.justification:
        return qualified.justification
    return purchase.need.sole_supplier_reason.strip() if purchase.need else ""


def exclusive_rights_of(purchase: Purchase, need: Need) -> tuple[bool | None, bool | None]:
    """Whether exclusive rights are declared, by the buyer or else the requester, and whether that is justified."""
    qualified = purchase.work.qualification
    if qualified is not None:
        if qualified.exclusive_rights is ExclusiveRights.NO:
            return False, None
        if qualified.exclusive_rights is not ExclusiveRights.YES:
            return None, None
    elif not need.sole_supplier_reason.strip():
        return None, None
    return True, True if len(justification_of(purchase)) >= JUSTIFIED_FROM else None


def reuse_of(assessments: Sequence[ReuseAssessment], review: Review, equipped: bool) -> Review:
    """What the functional check said of the GHT's own software: one that fits settles it, silence leaves it open."""
    for assessment in assessments:
        if assessment.fits:
            return replace(review, reuse_fit=True, reuse_product=assessment.product)
    judged = all(a.fits is not None for a in assessments) if assessments else not equipped
    return replace(review, reuse_fit=False if judged else None, reuse_product="")


def launch_of(purchase: Purchase, today: date) -> date:
    """The day the purchase is launched, which decides thresholds and table; today until the buyer says otherwise."""
    return purchase.work.qualification.launch_on if purchase.work.qualification else today


def ordered_on(purchase: Purchase, today: date) -> date:
    """The earliest day of an order: the launch, or today where it has passed. Agreement and policy must hold that day."""
    return max(launch_of(purchase, today), today)


def known_need(purchase: Purchase) -> Need:
    """The need of a purchase that was opened: only a case withdrawn before its verdict has none."""
    if purchase.need is None:
        raise ValueError(f"purchase {purchase.case_id} has no need: it was never opened")
    return purchase.need


def due(now: datetime, working_days: int) -> datetime:
    """The end of the nth working day from now, on French clocks."""
    return _end_of(local(now).date(), working_days)


@lru_cache(maxsize=256)
def _end_of(start: date, working_days: int) -> datetime:
    day = add_working_days(start, working_days)
    return datetime.combine(day, END_OF_DAY, tzinfo=PARIS).astimezone(UTC)

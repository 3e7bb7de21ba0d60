"""From a purchase to the facts that the decision table is asked about; what nobody said stays unknown."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final

import msgspec

from services.purchasing.model.market import Market
from services.purchasing.model.members import others
from services.purchasing.model.purchase import Purchase
from services.purchasing.model.qualification import ExclusiveRights
from services.purchasing.model.routing.coverage import Coverage, cover
from services.purchasing.model.routing.facts import CensusOutcome, RoutingFacts, thresholds_on
from services.purchasing.model.routing.procedure import procedure_of
from services.purchasing.model.routing.rules import RoutingExplanation, evaluate
from shared.basics.calendar import PARIS, add_working_days, local

WORKING_DAYS_TO_DECIDE: Final = 5
WORKING_DAYS_TO_ANSWER: Final = 15
JUSTIFIED_FROM: Final = 20
"""Characters under which a justification of exclusive rights says nothing."""
END_OF_DAY: Final = time(18, 0)


def facts_of(
    purchase: Purchase, market: Market, today: date, outcome: CensusOutcome | None = None
) -> tuple[RoutingFacts, Coverage]:
    """What the decision table may ask."""
    need = purchase.known_need
    qualified = purchase.work.qualification
    ordered_on = purchase.ordered_on(today)
    amount = purchase.own_amount_cents
    if amount is not None and qualified is not None:
        amount += qualified.same_need_cents
    coverage = coverage_of(purchase, market, today, qualified.agreement if qualified else None)
    exclusive, justified = exclusive_rights_of(purchase)
    facts = RoutingFacts(
        kind=need.kind,
        thresholds=thresholds_on(purchase.launch_on(today)),
        reuse_fit=purchase.review.reuse_fit,
        agreement_usable=coverage.usable,
        agreement_kind=coverage.kind,
        exclusive_rights=exclusive,
        exclusive_rights_justified=justified,
        amount_cents=amount,
        direct_purchase_allowed=market.direct_purchase_allowed(need.establishment, ordered_on),
        # Where there is nobody to ask, nobody joins: no census is needed to know it.
        census_outcome=outcome or (None if others(need.establishment, today) else CensusOutcome.NOBODY),
        kind_label=need.kind_label,
        reuse_product=purchase.review.reuse_product,
        agreement_title=coverage.title,
        agreement_reason=coverage.reason,
        justification_short=0 < len(purchase.justification) < JUSTIFIED_FROM,
        ordered_on=ordered_on,
    )
    return facts, coverage


def explain(
    purchase: Purchase, market: Market, now: datetime, outcome: CensusOutcome | None = None
) -> tuple[RoutingExplanation, RoutingFacts, Coverage]:
    """What the table in force on the launch date answers, and what it was told; `outcome`: of a census that was held."""
    today = local(now).date()
    facts, coverage = facts_of(purchase, market, today, outcome)
    return evaluate(market.table_on(purchase.launch_on(today)), facts), facts, coverage


def explain_taken(
    explanation: RoutingExplanation, route: str, purchase: Purchase, market: Market, now: datetime
) -> RoutingExplanation:
    """What the table said, with the procedure of the route that was taken: another route calls for another one."""
    if route == explanation.route:
        return explanation
    facts, _ = facts_of(purchase, market, local(now).date())
    required = procedure_of(route, facts)
    missing = dict.fromkeys((*explanation.missing_facts, *required.missing))
    return msgspec.structs.replace(
        explanation,
        procedure=required.procedure,
        procedure_because=required.because,
        missing_facts=tuple(missing),
    )


def coverage_of(purchase: Purchase, market: Market, today: date, chosen: str | None) -> Coverage:
    """The agreement that covers the need on the day of the order: a chosen one, or the first that the search finds."""
    need = purchase.known_need
    return cover(
        market,
        establishment=need.establishment,
        domain=need.domain,
        cpv=purchase.cpv,
        amount_cents=purchase.own_amount_cents,
        on=purchase.ordered_on(today),
        chosen=chosen,
        set_aside=purchase.work.qualification.note if purchase.work.qualification else "",
    )


def exclusive_rights_of(purchase: Purchase) -> tuple[bool | None, bool | None]:
    """Whether exclusive rights are declared, by the buyer or else the requester, and whether that is justified."""
    qualified = purchase.work.qualification
    if qualified is not None:
        if qualified.exclusive_rights is ExclusiveRights.NO:
            return False, None
        if qualified.exclusive_rights is not ExclusiveRights.YES:
            return None, None
    elif not purchase.known_need.sole_supplier_reason.strip():
        return None, None
    return True, True if len(purchase.justification) >= JUSTIFIED_FROM else None


def due(now: datetime, working_days: int) -> datetime:
    """The end of the nth working day from now, on French clocks."""
    return _end_of(local(now).date(), working_days)


@lru_cache(maxsize=256)
def _end_of(start: date, working_days: int) -> datetime:
    day = add_working_days(start, working_days)
    return datetime.combine(day, END_OF_DAY, tzinfo=PARIS).astimezone(UTC)

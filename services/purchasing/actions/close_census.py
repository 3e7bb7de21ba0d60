"""A census closes when all have answered or its deadline passes: silence is not joining, and the route follows."""

from datetime import datetime

from msgspec.structs import replace

from services.purchasing.actions.events import census_closed, route_decided, route_proposed
from services.purchasing.actions.propose_route import instead_of, proposed
from services.purchasing.model.members import support
from services.purchasing.model.purchase import Census, Purchase, PurchaseFile, RouteDecision, State, with_decision
from services.purchasing.model.refusals import RouteNotAllowed
from services.purchasing.model.routing.case_facts import WORKING_DAYS_TO_DECIDE, due, explain, explain_taken
from services.purchasing.model.routing.facts import CensusOutcome
from services.purchasing.model.routing.limits import check_limits
from services.purchasing.model.routing.routes import implied
from services.purchasing.words import CENSUS_ENDED, CHOSEN_BEFORE, SYSTEM, decided_words, table_title
from shared.basics.calendar import local
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.event import CaseEvent


def close_census(file: PurchaseFile, now: datetime) -> Outcome[PurchaseFile]:
    """Close it and take the route that the answers come to; nothing where no census is open."""
    purchase = file.purchase
    census = purchase.work.census if purchase else None
    if purchase is None or census is None or purchase.state is not State.CENSUS:
        return Outcome(file)
    closed = replace(purchase, work=replace(purchase.work, census=replace(census, closed_at=now)))
    route = _route(census)
    detail = {"route": route, "joined": census.joined, "silent": census.silent}
    entry = TrailEntry("census_closed", SYSTEM, CENSUS_ENDED, "", detail)
    told = census_closed(closed, census, now)
    if implied(route).agreement is not None and not _still_usable(file, closed, census, now):
        return _propose_instead(file, closed, told, entry, now)
    decision = _decision(file, purchase, census, route, now)
    after = with_decision(closed, decision)
    explanation = decision.explanation
    figures = {"route": route, "rule": explanation.rule_id, "table_version": explanation.table_version}
    ruled = TrailEntry("route_decided", SYSTEM, decision.by_title, decision.reason, figures)
    return Outcome(replace(file, purchase=after), (told, route_decided(after, decision)), (entry, ruled), after)


def _decision(file: PurchaseFile, purchase: Purchase, census: Census, route: str, now: datetime) -> RouteDecision:
    outcome = CensusOutcome.JOINED if census.joined else CensusOutcome.NOBODY
    explanation, _, _ = explain(purchase, file.market, now, outcome)
    other = instead_of(purchase.work.proposal, route, census.agreement_id)
    return RouteDecision(
        at=now,
        route=route,
        proposed=explanation.route,
        # Where the table now says otherwise, it is the choice to ask them that stands: its reason is kept.
        reason="" if explanation.route == route and other is None else census.reason or CHOSEN_BEFORE,
        by=SYSTEM,
        by_title=table_title(explanation.table_version),
        explanation=explain_taken(explanation, route, purchase, file.market, now),
        amount_cents=purchase.own_amount_cents,
        agreement_id=census.agreement_id,
        in_plain_words=decided_words(route, census.joined),
        joined=census.joined,
        run_by=support(purchase.establishment, local(now).date()),
        instead_of=other,
    )


def _propose_instead(
    file: PurchaseFile, closed: Purchase, told: CaseEvent, entry: TrailEntry, now: datetime
) -> Outcome[PurchaseFile]:
    """The agreement filled up or ended while the members answered: the buyer chooses again."""
    waiting = replace(closed, deadline_at=due(now, WORKING_DAYS_TO_DECIDE), late_since=None)
    routed, proposal = proposed(waiting, file.market, now)
    return Outcome(replace(file, purchase=routed), (told, route_proposed(routed, proposal)), (entry,), routed)


def _still_usable(file: PurchaseFile, purchase: Purchase, census: Census, now: datetime) -> bool:
    try:
        check_limits(file, purchase, census.route, census.agreement_id, now)
    except RouteNotAllowed:
        return False
    return True


def _route(census: Census) -> str:
    """What follows from the answers: the route that was to be run together, or one of the two that it asks for."""
    asks_for = implied(census.route).asks_for
    if asks_for is None:
        return census.route
    together, alone = asks_for
    return together if census.joined else alone

"""The decision table proposes a route: at the verdict, each time the buyer learnt more, and where a proposal has moved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.purchasing.actions.events import route_proposed
from services.purchasing.model.buyers import purchase_for, still_open
from services.purchasing.model.market import Market
from services.purchasing.model.purchase import Proposal, Purchase, PurchaseFile, State
from services.purchasing.model.routing.case_facts import explain
from services.purchasing.model.routing.routes import implied
from services.purchasing.words import SYSTEM, proposed_words, table_title
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.identity.person import Person


def propose(purchase: Purchase, market: Market, now: datetime) -> Proposal:
    """What the table in force on the launch date answers, with every rule that it tried."""
    explanation, facts, coverage = explain(purchase, market, now)
    orders = implied(explanation.route).agreement is not None
    if orders and coverage.capped and facts.amount_cents is None:
        missing = dict.fromkeys((*explanation.missing_facts, "amount_cents"))
        explanation = replace(explanation, missing_facts=tuple(missing))
    return Proposal(
        at=now,
        route=explanation.route,
        explanation=explanation,
        amount_cents=facts.amount_cents,
        agreement_id=coverage.agreement_id if orders else None,
        warnings=coverage.warnings if orders else (),
        in_plain_words=proposed_words(explanation, facts),
    )


def proposed(purchase: Purchase, market: Market, now: datetime) -> tuple[Purchase, Proposal]:
    """The purchase with a fresh proposal: to confirm once nothing is missing or the buyer has qualified it.

    An order without its amount stays to be qualified: the ceiling of its agreement would refuse it.
    """
    proposal = propose(purchase, market, now)
    missing = proposal.explanation.missing_facts
    unpriced = implied(proposal.route).agreement is not None and "amount_cents" in missing
    ready = not missing or (purchase.work.qualification is not None and not unpriced)
    state = State.TO_CONFIRM if ready else State.TO_QUALIFY
    return replace(purchase, state=state, work=replace(purchase.work, proposal=proposal)), proposal


def proposed_entry(proposal: Proposal, **detail: Any) -> TrailEntry:
    """What the trail keeps of a proposal of the table."""
    explanation = proposal.explanation
    figures = {"route": proposal.route, "rule": explanation.rule_id, "table_version": explanation.table_version}
    return TrailEntry("route_proposed", SYSTEM, table_title(explanation.table_version), "", {**figures, **detail})


def propose_again(file: PurchaseFile, person: Person, now: datetime) -> Outcome[PurchaseFile]:
    """Run the table on what is known now, where the route is still to be chosen."""
    purchase = still_open(purchase_for(file, person, now))
    routed, proposal = proposed(purchase, file.market, now)
    if same_route(purchase.work.proposal, proposal):
        return Outcome(file, result=purchase)
    entry = proposed_entry(proposal, asked_by=person.id)
    return Outcome(replace(file, purchase=routed), (route_proposed(routed, proposal),), (entry,), routed)


def same_route(before: Proposal | None, after: Proposal) -> bool:
    """Whether two proposals come to the same route with the same agreement."""
    return before is not None and (before.route, before.agreement_id) == (after.route, after.agreement_id)


def instead_of(proposal: Proposal | None, route: str, agreement_id: UUID | None) -> UUID | None:
    """The agreement that was proposed for the same route, where another one is taken."""
    if proposal is None or proposal.route != route or proposal.agreement_id == agreement_id:
        return None
    return proposal.agreement_id

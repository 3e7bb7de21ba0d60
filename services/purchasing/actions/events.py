"""What purchasing tells the other services: the events of its decisions, with their labels and their sentences."""

from datetime import datetime
from typing import Final

from services.purchasing.model.purchase import Census, Proposal, Purchase, RouteDecision
from services.purchasing.model.routing.rules import RoutingExplanation
from services.purchasing.words import census_closed_words, census_dropped_words, census_opened_words, route_label
from shared.basics.french import date_time
from shared.contracts.events.purchases import (
    CensusClosedV1,
    CensusOpenedV1,
    MemberAnswer,
    PurchaseLateV1,
    RouteDecidedV1,
    RouteExplanation,
    RouteProposedV1,
    TriedRule,
)
from shared.contracts.vocabulary import CensusAnswer
from shared.contracts.words import label_of
from shared.identity.person import Role

TOLD_WHEN_LATE: Final = Role.BUYER


def explanation_fact(explanation: RoutingExplanation) -> RouteExplanation:
    """The explanation as other services may show it."""
    return RouteExplanation(
        rule=explanation.rule_id,
        table_version=explanation.table_version,
        tried=tuple(
            [TriedRule(rule=t.rule_id, title=t.title, matched=t.matched, reasons=t.reasons) for t in explanation.tried]
        ),
        missing_facts=explanation.missing_facts,
        procedure=explanation.procedure,
    )


def route_proposed(purchase: Purchase, proposal: Proposal) -> RouteProposedV1:
    """The decision table answered."""
    return RouteProposedV1(
        case_id=purchase.case_id,
        proposed_at=proposal.at,
        route=proposal.route,
        route_label=route_label(proposal.route),
        explanation=explanation_fact(proposal.explanation),
        amount_cents=purchase.own_amount_cents,
        agreement_id=proposal.agreement_id,
        in_plain_words=proposal.in_plain_words,
    )


def route_decided(purchase: Purchase, decision: RouteDecision) -> RouteDecidedV1:
    """The route is taken, with the conditions that go into the contract."""
    return RouteDecidedV1(
        case_id=purchase.case_id,
        decided_at=decision.at,
        route=decision.route,
        route_label=route_label(decision.route),
        proposed=decision.proposed,
        proposed_label=route_label(decision.proposed),
        overridden=decision.overridden,
        reason=decision.reason,
        decided_by_title=decision.by_title,
        explanation=explanation_fact(decision.explanation),
        amount_cents=decision.amount_cents,
        agreement_id=decision.agreement_id,
        conditions=tuple(condition.text for condition in purchase.review.conditions),
        in_plain_words=decision.in_plain_words,
        joined=decision.joined,
        run_by=decision.run_by,
    )


def census_opened(purchase: Purchase, census: Census) -> CensusOpenedV1:
    """The members are asked."""
    return CensusOpenedV1(
        case_id=purchase.case_id,
        opened_at=census.opened_at,
        deadline=census.deadline,
        members=census.members,
        in_plain_words=census_opened_words(purchase, date_time(census.deadline)),
    )


def census_closed(purchase: Purchase, census: Census, now: datetime, *, dropped: bool = False) -> CensusClosedV1:
    """Silence is not joining. `dropped`: the case ended before the members had answered."""
    given = {reply.establishment: reply.answer for reply in census.replies}
    said = {member: given.get(member, CensusAnswer.NOT_JOINING.value) for member in census.members}
    return CensusClosedV1(
        case_id=purchase.case_id,
        closed_at=now,
        answers=tuple(
            MemberAnswer(
                establishment=member,
                answer=word,
                answer_label=label_of(CensusAnswer, word),
                answered=member in given,
            )
            for member, word in said.items()
        ),
        in_plain_words=census_dropped_words() if dropped else census_closed_words(census.joined),
    )


def purchase_late(purchase: Purchase, due_at: datetime, waiting_for: str) -> PurchaseLateV1:
    """The deadline passed and the buyer is told."""
    return PurchaseLateV1(case_id=purchase.case_id, waiting_for=waiting_for, due_at=due_at, told=TOLD_WHEN_LATE)

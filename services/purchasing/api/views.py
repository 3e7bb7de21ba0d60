"""How purchases look from outside: from the state to the shapes of the answers."""

from services.purchasing.actions.events import explanation_fact
from services.purchasing.api.shapes import (
    AwardView,
    CensusView,
    ConditionView,
    CostView,
    ProposalView,
    PurchaseView,
    QualificationView,
    ReplyView,
    RouteDecisionView,
    SameNeedView,
)
from services.purchasing.model.purchase import Census, Purchase, Reply
from services.purchasing.model.qualification import CostLines, Qualification
from services.purchasing.model.routing.routes import Procedure
from services.purchasing.words import check_label, establishment_name, missing_in_french, route_label, verdict_label
from shared.contracts.words import label_of


def purchase_view(purchase: Purchase) -> PurchaseView:
    """The whole purchase."""
    work = purchase.work
    return PurchaseView(
        case_id=purchase.case_id,
        state=purchase.state,
        verdict=purchase.review.verdict,
        verdict_label=verdict_label(purchase.review),
        conditions=[
            ConditionView(check=c.check, check_label=check_label(c), text=c.text) for c in purchase.review.conditions
        ],
        need=purchase.need,
        amount_cents=purchase.own_amount_cents,
        opened_at=purchase.opened_at,
        deadline_at=purchase.deadline_at,
        late_since=purchase.late_since,
        closed_because=work.closed_because,
        proposal=_proposal(purchase),
        qualification=_qualification(work.qualification),
        decision=_decision(purchase),
        census=_census(work.census),
        award=AwardView.model_validate(work.award) if work.award else None,
        revision=work.revision,
    )


def _proposal(purchase: Purchase) -> ProposalView | None:
    proposal = purchase.work.proposal
    if proposal is None:
        return None
    explanation = proposal.explanation
    return ProposalView(
        proposed_at=proposal.at,
        route=proposal.route,
        route_label=route_label(proposal.route),
        explanation=explanation_fact(explanation),
        procedure_label=label_of(Procedure, explanation.procedure),
        procedure_because=explanation.procedure_because,
        missing=missing_in_french(explanation),
        what_would_change=list(explanation.what_would_change),
        amount_cents=proposal.amount_cents,
        agreement_id=proposal.agreement_id,
        warnings=list(proposal.warnings),
        in_plain_words=proposal.in_plain_words,
    )


def _decision(purchase: Purchase) -> RouteDecisionView | None:
    decision = purchase.work.decision
    if decision is None:
        return None
    return RouteDecisionView(
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
        joined=list(decision.joined),
        run_by=decision.run_by,
        conditions=[condition.text for condition in purchase.review.conditions],
        in_plain_words=decision.in_plain_words,
    )


def _qualification(qualification: Qualification | None) -> QualificationView | None:
    if qualification is None:
        return None
    return QualificationView(
        term_years=qualification.term_years,
        renewal_years=qualification.renewal_years,
        years=qualification.years,
        bought=_cost(qualification.bought, qualification.years),
        rented=_cost(qualification.rented, qualification.years),
        retained=qualification.retained,
        amount_cents=qualification.amount_cents,
        rented_minus_bought_cents=qualification.difference_cents,
        exclusive_rights=qualification.exclusive_rights,
        justification=qualification.justification,
        cpv=qualification.cpv,
        launch_on=qualification.launch_on,
        agreement=qualification.agreement,
        same_need=[SameNeedView.model_validate(other) for other in qualification.same_need],
        note=qualification.note,
    )


def _cost(lines: CostLines | None, years: int) -> CostView | None:
    if lines is None:
        return None
    values = {name: getattr(lines, name) for name in CostView.model_fields if name != "total_cents"}
    return CostView(**values, total_cents=lines.total_cents(years))


def _census(census: Census | None) -> CensusView | None:
    if census is None:
        return None
    replies = {reply.establishment: reply for reply in census.replies}
    return CensusView(
        opened_at=census.opened_at,
        deadline=census.deadline,
        closed_at=census.closed_at,
        route=census.route,
        route_label=route_label(census.route),
        message=census.message,
        members=[reply_view(member, replies.get(member)) for member in census.members],
    )


def reply_view(member: str, reply: Reply | None) -> ReplyView:
    """What one member says, or that it has not answered."""
    known = ReplyView(establishment=member, establishment_name=establishment_name(member), answer=None)
    if reply is None:
        return known
    said = {"answer": reply.answer, "answered_at": reply.at, "answered_by_title": reply.by_title}
    return known.model_copy(
        update={**said, "volume": reply.volume, "comment": reply.comment, "software": reply.software}
    )

"""How purchases look from outside: from the state to the shapes of the answers."""

from services.purchasing.api.shapes import (
    AwardView,
    CensusView,
    CostView,
    DecisionView,
    ProposalView,
    PurchaseListed,
    PurchaseView,
    QualificationView,
    ReplyView,
    SameNeedView,
)
from services.purchasing.model.events import explanation_fact
from services.purchasing.model.purchase import Census, Purchase
from services.purchasing.model.qualification import CostLines, Qualification
from services.purchasing.model.routing.facts import FACTS
from services.purchasing.model.routing.procedure import PROCEDURE_LABELS
from services.purchasing.model.routing.rules import RoutingExplanation
from services.purchasing.store.reads import Listed
from services.purchasing.words import establishment_name
from shared.contracts.vocabulary import LABELS


def listed_view(row: Listed) -> PurchaseListed:
    """A line of the board."""
    return PurchaseListed(
        case_id=row.case_id,
        reference=row.reference,
        title=row.title,
        establishment=row.establishment,
        establishment_name=establishment_name(row.establishment),
        domain=row.domain,
        state=row.state,
        route=row.route,
        amount_cents=row.amount_cents,
        opened_at=row.opened_at,
        deadline_at=row.deadline_at,
        late_since=row.late_since,
    )


def purchase_view(purchase: Purchase) -> PurchaseView:
    """The whole purchase."""
    work = purchase.work
    return PurchaseView(
        case_id=purchase.case_id,
        state=purchase.state,
        verdict=purchase.review.verdict,
        conditions=list(purchase.review.conditions),
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
        award=AwardView.model_validate(work.award, from_attributes=True) if work.award else None,
        revision=work.revision,
    )


def missing_in_french(explanation: RoutingExplanation) -> list[str]:
    """The missing facts as people call them; a fact that a later release renamed keeps its name."""
    return [FACTS[name].label if name in FACTS else name for name in explanation.missing_facts]


def _proposal(purchase: Purchase) -> ProposalView | None:
    proposal = purchase.work.proposal
    if proposal is None:
        return None
    explanation = proposal.explanation
    return ProposalView(
        proposed_at=proposal.at,
        route=proposal.route,
        route_label=LABELS[proposal.route],
        explanation=explanation_fact(explanation),
        procedure_label=PROCEDURE_LABELS[explanation.procedure],
        procedure_because=explanation.procedure_because,
        missing=missing_in_french(explanation),
        what_would_change=list(explanation.what_would_change),
        amount_cents=proposal.amount_cents,
        agreement_id=proposal.agreement_id,
        warnings=list(proposal.warnings),
        in_plain_words=proposal.in_plain_words,
    )


def _decision(purchase: Purchase) -> DecisionView | None:
    decision = purchase.work.decision
    if decision is None:
        return None
    return DecisionView(
        decided_at=decision.at,
        route=decision.route,
        route_label=LABELS[decision.route],
        proposed=decision.proposed,
        overridden=decision.overridden,
        reason=decision.reason,
        decided_by_title=decision.by_title,
        explanation=explanation_fact(decision.explanation),
        amount_cents=decision.amount_cents,
        agreement_id=decision.agreement_id,
        joined=list(decision.joined),
        run_by=decision.run_by,
        conditions=list(purchase.review.conditions),
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
        same_need=[SameNeedView.model_validate(other, from_attributes=True) for other in qualification.same_need],
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
    members = []
    for member in census.members:
        reply = replies.get(member)
        members.append(
            ReplyView(
                establishment=member,
                establishment_name=establishment_name(member),
                answer=reply.answer if reply else None,
                answered_at=reply.at if reply else None,
                answered_by_title=reply.by_title if reply else "",
                volume=reply.volume if reply else "",
                comment=reply.comment if reply else "",
                software=reply.software if reply else "",
            )
        )
    return CensusView(
        opened_at=census.opened_at,
        deadline=census.deadline,
        closed_at=census.closed_at,
        route=census.route,
        message=census.message,
        members=members,
    )

"""How purchases look from outside. Amounts are euro cents excluding VAT over the full term."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.purchasing.events import explanation_fact
from services.purchasing.plain_words import establishment_name
from services.purchasing.procedure import PROCEDURE_LABELS
from services.purchasing.purchase import Consultation, Purchase, State
from services.purchasing.qualification import CostLines, ExclusiveRights, Form, Qualification
from services.purchasing.queries import Listed
from services.purchasing.routing_facts import FACTS
from services.purchasing.rules import RoutingExplanation
from shared.contracts.events.purchases import RouteExplanation
from shared.contracts.need import Need
from shared.contracts.vocabulary import LABELS, ConsultationAnswer, Route, Verdict


class PurchaseListed(BaseModel):
    """One line of the board."""

    case_id: UUID
    reference: str
    title: str
    establishment: str
    establishment_name: str
    domain: str
    state: State
    route: Route | None = Field(description="Decided, else proposed")
    amount_cents: int | None
    opened_at: datetime | None
    deadline_at: datetime | None
    late_since: datetime | None


class PurchaseList(BaseModel):
    """A page of purchases, oldest case first; `next_after` is the `after` of the next page, null on the last."""

    items: list[PurchaseListed]
    next_after: UUID | None


class ProposalView(BaseModel):
    """What the decision table proposes, with every rule that it tried."""

    proposed_at: datetime
    route: Route
    route_label: str
    explanation: RouteExplanation
    procedure_label: str
    procedure_because: str
    missing: list[str] = Field(description="What is not known yet, in French")
    what_would_change: list[str]
    amount_cents: int | None = Field(
        description="The amount that the table compared: with other purchases of the same need"
    )
    agreement_id: UUID | None
    warnings: list[str]
    in_plain_words: str


class DecisionView(BaseModel):
    """The route that was taken; `proposed` is what the table said."""

    decided_at: datetime
    route: Route
    route_label: str
    proposed: Route
    overridden: bool
    reason: str
    decided_by_title: str
    explanation: RouteExplanation
    amount_cents: int | None
    agreement_id: UUID | None
    joined: list[str] = Field(description="FINESS of the members that buy together")
    run_by: str = Field(description="FINESS of the establishment that runs the purchase")
    conditions: list[str]
    in_plain_words: str


class CostView(BaseModel):
    """One form of the purchase over the full term."""

    licences_cents: int
    subscription_per_year_cents: int
    maintenance_per_year_cents: int
    hosting_per_year_cents: int
    integration_cents: int
    training_cents: int
    renewal_fees_cents: int
    total_cents: int


class SameNeedView(BaseModel):
    """Another purchase that is valued with this one."""

    case_id: UUID
    reference: str
    title: str
    amount_cents: int


class QualificationView(BaseModel):
    """What the buyer entered, with totals."""

    term_years: int
    renewal_years: int
    years: int
    bought: CostView | None
    rented: CostView | None
    retained: Form | None
    amount_cents: int | None
    rented_minus_bought_cents: int | None
    exclusive_rights: ExclusiveRights
    justification: str
    cpv: str | None
    launch_on: date
    agreement: str | None
    same_need: list[SameNeedView]
    note: str


class ReplyView(BaseModel):
    """What one member says; `answer` null: not yet."""

    establishment: str
    establishment_name: str
    answer: ConsultationAnswer | None
    answered_at: datetime | None = None
    answered_by_title: str = ""
    volume: str = ""
    comment: str = ""
    software: str = ""


class ConsultationView(BaseModel):
    """The members that are asked, and their answers."""

    opened_at: datetime
    deadline: datetime
    closed_at: datetime | None
    route: Route
    message: str
    members: list[ReplyView]


class AwardView(BaseModel):
    """The contract that was awarded."""

    supplier: str
    amount_cents: int
    starts_on: date
    ends_on: date
    notice_months: int
    contract_number: str
    recorded_at: datetime
    recorded_by_title: str


class AlikeView(BaseModel):
    """Another purchase with the same business domain or CPV code."""

    case_id: UUID
    reference: str
    title: str
    establishment: str
    establishment_name: str
    state: State
    opened_at: datetime
    amount_cents: int | None
    same_domain: bool


class AlikeList(BaseModel):
    """What may be the same need, and what it adds up to."""

    items: list[AlikeView]
    sum_cents: int


class PurchaseView(BaseModel):
    """Everything that purchasing holds on a case."""

    case_id: UUID
    state: State
    verdict: Verdict | None
    conditions: list[str]
    need: Need | None
    amount_cents: int | None
    opened_at: datetime | None
    deadline_at: datetime | None
    late_since: datetime | None
    closed_because: str
    proposal: ProposalView | None
    qualification: QualificationView | None
    decision: DecisionView | None
    consultation: ConsultationView | None
    award: AwardView | None


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
        consultation=_consultation(work.consultation),
        award=AwardView.model_validate(work.award, from_attributes=True) if work.award else None,
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


def _consultation(consultation: Consultation | None) -> ConsultationView | None:
    if consultation is None:
        return None
    replies = {reply.establishment: reply for reply in consultation.replies}
    members = []
    for member in consultation.members:
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
    return ConsultationView(
        opened_at=consultation.opened_at,
        deadline=consultation.deadline,
        closed_at=consultation.closed_at,
        route=consultation.route,
        message=consultation.message,
        members=members,
    )

"""The shapes of purchasing's answers. Amounts are euro cents excluding VAT over the full term."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.purchasing.model.purchase import State
from services.purchasing.model.qualification import ExclusiveRights, Form
from shared.contracts.events.purchases import RouteExplanation
from shared.contracts.need import Need
from shared.contracts.vocabulary import AnyCensusAnswer, AnyCheckKind, AnyRoute, AnyVerdict


class View(BaseModel):
    """An answer, or a part of one, that is read from the state or from a row."""

    model_config = ConfigDict(from_attributes=True)


class PurchaseListed(View):
    """One line of the board."""

    case_id: UUID
    reference: str
    title: str
    establishment: str
    establishment_name: str
    domain: str
    state: State
    route: AnyRoute | None = Field(description="Decided, else proposed")
    route_label: str
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
    route: AnyRoute
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


class RouteDecisionView(BaseModel):
    """The route that was taken; `proposed` is what the table said."""

    decided_at: datetime
    route: AnyRoute
    route_label: str
    proposed: AnyRoute
    proposed_label: str
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


class SameNeedView(View):
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
    answer: AnyCensusAnswer | None
    answered_at: datetime | None = None
    answered_by_title: str = ""
    volume: str = ""
    comment: str = ""
    software: str = ""


class CensusView(BaseModel):
    """The members that are asked, and their answers."""

    opened_at: datetime
    deadline: datetime
    closed_at: datetime | None
    route: AnyRoute
    route_label: str
    message: str
    members: list[ReplyView]


class AwardView(View):
    """The contract that was awarded."""

    supplier: str
    amount_cents: int
    starts_on: date
    ends_on: date
    notice_months: int
    contract_number: str
    recorded_at: datetime
    recorded_by_title: str


class AlikeView(View):
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


class ConditionView(View):
    """A duty that came with an opinion of the review."""

    check: AnyCheckKind
    check_label: str
    text: str


class PurchaseView(BaseModel):
    """Everything that purchasing holds on a case."""

    case_id: UUID
    state: State
    verdict: AnyVerdict | None
    verdict_label: str
    conditions: list[ConditionView]
    need: Need | None
    amount_cents: int | None
    opened_at: datetime | None
    deadline_at: datetime | None
    late_since: datetime | None
    closed_because: str
    proposal: ProposalView | None
    qualification: QualificationView | None
    decision: RouteDecisionView | None
    census: CensusView | None
    award: AwardView | None
    revision: int = Field(description="Send it back with what replaces a qualification or an award")

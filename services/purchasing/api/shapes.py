"""The shapes of purchasing's answers, each read from the state. Amounts are euro cents excluding VAT over the full term."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, computed_field

from services.purchasing.actions.events import explanation_fact
from services.purchasing.actions.qualify_purchase import Costs
from services.purchasing.model.purchase import Census, State
from services.purchasing.model.qualification import CostLines, ExclusiveRights, Form, Qualification
from services.purchasing.model.routing.routes import Procedure
from services.purchasing.words import establishment_name, missing_in_french, route_label
from shared.contracts.events.purchases import RouteExplanation
from shared.contracts.need import Need
from shared.contracts.vocabulary import AnyCensusAnswer, AnyCheckKind, AnyRoute, AnyVerdict
from shared.contracts.words import label_of


class View(BaseModel):
    """An answer, or a part of one, read from the state or from a row: where a name differs, its alias says from what."""

    model_config = ConfigDict(from_attributes=True)


class RouteView(View):
    """A part that names a route."""

    route: AnyRoute

    @computed_field
    def route_label(self) -> str:
        """The route in words."""
        return route_label(self.route)


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


class ExplainedView(RouteView):
    """A route with every rule that the decision table tried."""

    explanation: Annotated[RouteExplanation, BeforeValidator(explanation_fact)]
    amount_cents: int | None
    agreement_id: UUID | None
    in_plain_words: str


class ProposalView(ExplainedView):
    """What the decision table proposes; `amount_cents` is what it compared: with other purchases of the same need."""

    proposed_at: datetime = Field(validation_alias="at")
    procedure_label: Annotated[str, BeforeValidator(lambda value: label_of(Procedure, value))] = Field(
        validation_alias=AliasPath("explanation", "procedure")
    )
    procedure_because: str = Field(validation_alias=AliasPath("explanation", "procedure_because"))
    missing: Annotated[list[str], BeforeValidator(missing_in_french)] = Field(
        validation_alias=AliasChoices("explanation"), description="What is not known yet, in French"
    )
    what_would_change: list[str] = Field(validation_alias=AliasPath("explanation", "what_would_change"))
    warnings: list[str]


class RouteDecisionView(ExplainedView):
    """The route that was taken; `proposed` is what the table said."""

    decided_at: datetime = Field(validation_alias="at")
    proposed: AnyRoute
    overridden: bool
    reason: str
    decided_by_title: str = Field(validation_alias="by_title")
    joined: list[str] = Field(description="FINESS of the members that buy together")
    run_by: str = Field(description="FINESS of the establishment that runs the purchase")

    @computed_field
    def proposed_label(self) -> str:
        """What the table proposed, in words."""
        return route_label(self.proposed)


class CostView(Costs):
    """One form of the purchase over the full term."""

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


class ReplyView(View):
    """What one member says; `answer` null: not yet."""

    establishment: str
    answer: AnyCensusAnswer | None = None
    answered_at: datetime | None = Field(default=None, validation_alias="at")
    answered_by_title: str = Field(default="", validation_alias="by_title")
    volume: str = ""
    comment: str = ""
    software: str = ""

    @computed_field
    def establishment_name(self) -> str:
        """The member, in words."""
        return establishment_name(self.establishment)


class CensusView(RouteView):
    """The members that are asked, and their answers."""

    opened_at: datetime
    deadline: datetime
    closed_at: datetime | None
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


class ConditionView(View):
    """A duty that came with an opinion of the review."""

    check: AnyCheckKind
    check_label: str
    text: str


def _costs(lines: CostLines | None, years: int) -> dict[str, int] | None:
    return None if lines is None else {**msgspec.structs.asdict(lines), "total_cents": lines.total_cents(years)}


def _qualification(found: Qualification | None) -> dict[str, Any] | None:
    if found is None:
        return None
    costs = {"bought": _costs(found.bought, found.years), "rented": _costs(found.rented, found.years)}
    totals = {"years": found.years, "amount_cents": found.amount_cents}
    return {**msgspec.structs.asdict(found), **costs, **totals, "rented_minus_bought_cents": found.difference_cents}


def _census(found: Census | None) -> dict[str, Any] | None:
    if found is None:
        return None
    replies = {reply.establishment: reply for reply in found.replies}
    members = [replies.get(member) or {"establishment": member} for member in found.members]
    return {**msgspec.structs.asdict(found), "members": members}


class PurchaseView(View):
    """Everything that purchasing holds on a case."""

    case_id: UUID
    state: State
    verdict: AnyVerdict | None = Field(validation_alias=AliasPath("review", "verdict"))
    verdict_label: str = Field(validation_alias=AliasPath("review", "verdict_label"))
    conditions: list[ConditionView] = Field(validation_alias=AliasPath("review", "conditions"))
    need: Need | None
    amount_cents: int | None = Field(validation_alias="own_amount_cents")
    opened_at: datetime | None
    deadline_at: datetime | None
    late_since: datetime | None
    closed_because: str = Field(validation_alias=AliasPath("work", "closed_because"))
    proposal: ProposalView | None = Field(validation_alias=AliasPath("work", "proposal"))
    qualification: Annotated[QualificationView | None, BeforeValidator(_qualification)] = Field(
        validation_alias=AliasPath("work", "qualification")
    )
    decision: RouteDecisionView | None = Field(validation_alias=AliasPath("work", "decision"))
    census: Annotated[CensusView | None, BeforeValidator(_census)] = Field(validation_alias=AliasPath("work", "census"))
    award: AwardView | None = Field(validation_alias=AliasPath("work", "award"))
    revision: int = Field(
        validation_alias=AliasPath("work", "revision"),
        description="Send it back with what replaces a qualification or an award",
    )

"""What the purchasing service says about a case. Amounts are euro cents excluding VAT over the full term.

`award-amended` (an amendment to a contract) and `purchase-resumed` (a decided purchase that starts again) are names
kept free for what comes next.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.case import CaseEvent
from shared.contracts.event import Fact
from shared.contracts.events.reviews import Condition
from shared.contracts.need import Cpv
from shared.contracts.texts import Cents, Day, Finess, Line, Months, Paragraphs, Sentence, Siret
from shared.contracts.vocabulary import AnyCensusAnswer, AnyRenewal, AnyRoute
from shared.contracts.words import Label

TOPIC = "case.purchases"


class TriedRule(Fact):
    """One rule of the decision table that was tried; `matched` None: a fact that it needs is not known yet."""

    rule: Line
    title: Line
    matched: bool | None
    reasons: tuple[Sentence, ...] = ()


class RouteExplanation(Fact):
    """Which rule of which table leads to the route that is told, and why the others did not; its procedure.

    After an override it is the rule and the procedure of the route that was taken, empty where no rule leads to it.
    """

    rule: Line
    table_version: Line
    tried: tuple[TriedRule, ...]
    missing_facts: tuple[Line, ...] = ()
    procedure: Line | None = None
    procedure_label: Label = ""


class AgreementBrief(Fact):
    """The framework agreement of a central purchasing body that a route orders from."""

    agreement_id: UUID
    name: Line
    number: Line = ""
    body: Line


class CostLine(Fact):
    """One line of the whole cost over the full term, bought and rented side by side; None: not paid in this form."""

    code: Line
    label: Label
    bought_cents: Cents | None = None
    rented_cents: Cents | None = None


class RouteProposedV1(CaseEvent):
    """The decision table proposed a route: at the favourable verdict, then each time the buyer learnt more."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.route-proposed.v1"

    proposed_at: datetime
    route: AnyRoute
    route_label: Label = ""
    explanation: RouteExplanation
    amount_cents: Cents | None = None
    agreement: AgreementBrief | None = None
    in_plain_words: Sentence


class RouteDecidedV1(CaseEvent):
    """The buyer confirmed the proposed route or chose another with a reason; or a census of the GHT closed.

    `joined`: the members of the GHT that buy together; `run_by`: the establishment that runs the purchase (FINESS).
    `launch_on`: the day the purchase is launched, which decides thresholds and table. `retained`: the form of the cost
    that counts (`bought`, `rented`). `justification`: why only one supplier can do it (art. R2122-3 CCP).
    """

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.route-decided.v1"

    decided_at: datetime
    route: AnyRoute
    route_label: Label = ""
    proposed: AnyRoute
    proposed_label: Label = ""
    overridden: bool
    reason: Paragraphs = ""
    decided_by_title: Line
    explanation: RouteExplanation
    amount_cents: Cents | None = None
    cpv: Cpv | None = None
    term_months: Months | None = None
    launch_on: Day | None = None
    costs: tuple[CostLine, ...] = ()
    retained: Line = ""
    justification: Paragraphs = ""
    agreement: AgreementBrief | None = None
    conditions: tuple[Condition, ...] = ()
    in_plain_words: Sentence
    joined: tuple[Finess, ...] = ()
    run_by: Finess | None = None


class CensusOpenedV1(CaseEvent):
    """The other members of the GHT are asked whether they join a tender."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.census-opened.v1"

    opened_at: datetime
    deadline: datetime
    members: tuple[Finess, ...]
    in_plain_words: Sentence


class MemberAnswer(Fact):
    """What one member answered; `answered` False: it kept silent until the deadline, which is not joining.

    `volume`: how much it would need; `software`: what it runs already.
    """

    establishment: Finess
    answer: AnyCensusAnswer
    answer_label: Label = ""
    answered: bool
    volume: Line = ""
    software: Line = ""
    comment: Paragraphs = ""


class CensusAnsweredV1(CaseEvent):
    """A member of the GHT answered, or changed its answer; what counts is told when the census closes."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.census-answered.v1"
    may_wait: ClassVar[bool] = True

    answered_at: datetime
    answer: MemberAnswer


class CensusClosedV1(CaseEvent):
    """All members answered, or the deadline passed."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.census-closed.v1"

    closed_at: datetime
    answers: tuple[MemberAnswer, ...]
    in_plain_words: Sentence


class Holder(Fact):
    """A company that holds a lot; its SIRET is None while it is unknown."""

    name: Line
    siret: Siret | None = None


class Beneficiary(Fact):
    """An establishment that a contract serves, and its share of the amount; None: unknown."""

    establishment: Finess
    establishment_label: Label = ""
    share_percent: float | None = Field(default=None, ge=0, le=100)


class AwardedLot(Fact):
    """One lot of a contract; a contract without lots is one lot."""

    number: Line = "1"
    title: Line = ""
    holders: tuple[Holder, ...]
    amount_cents: Cents | None = None
    beneficiaries: tuple[Beneficiary, ...] = ()


class AwardRecordedV1(CaseEvent):
    """The buyer recorded the contract that a purchase led to, or corrected the record (`revision` counts).

    What is None is unknown. `notice_months`: how long before its end the contract must be terminated or its renewal
    refused. `renewals`: how many times it may be renewed (finite, art. R2112-4 CCP).
    """

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.award-recorded.v1"

    award_id: UUID
    revision: int = Field(ge=1, le=10_000)
    recorded_at: datetime
    recorded_by_title: Line
    contract_number: Line = ""
    lots: tuple[AwardedLot, ...] = Field(min_length=1)
    term_months: Months | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    renewal: AnyRenewal | None = None
    renewal_label: Label = ""
    renewals: int | None = Field(default=None, ge=0, le=100)
    notice_months: Months | None = None
    agreement: AgreementBrief | None = None
    route: AnyRoute
    route_label: Label = ""


class PurchaseLateV1(CaseEvent):
    """A purchase waits beyond its deadline: for its qualification, or for its route; `opens` says who is told."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.purchase-late.v1"

    waiting_for: Line
    due_at: datetime

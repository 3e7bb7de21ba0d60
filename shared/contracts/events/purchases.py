"""What the purchasing service says about a case. Amounts are euro cents excluding VAT over the full term."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import CaseEvent, Fact
from shared.contracts.vocabulary import AnyCensusAnswer, AnyRoute
from shared.contracts.words import Label

TOPIC = "case.purchases"


class TriedRule(Fact):
    """One rule of the decision table that was tried; `matched` None: a fact that it needs is not known yet."""

    rule: str
    title: str
    matched: bool | None
    reasons: tuple[str, ...] = ()


class RouteExplanation(Fact):
    """Which rule of which table chose the route, and why the others did not."""

    rule: str
    table_version: str
    tried: tuple[TriedRule, ...]
    missing_facts: tuple[str, ...] = ()
    procedure: str | None = None


class RouteProposedV1(CaseEvent):
    """The decision table proposed a route: at the favourable verdict, then each time the buyer learnt more."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.route-proposed.v1"

    proposed_at: datetime
    route: AnyRoute
    route_label: Label = ""
    explanation: RouteExplanation
    amount_cents: int | None = None
    agreement_id: UUID | None = None
    in_plain_words: str


class RouteDecidedV1(CaseEvent):
    """The buyer confirmed the proposed route or chose another with a reason; or a census of the GHT closed.

    `joined`: the members of the GHT that buy together; `run_by`: the establishment that runs the purchase (FINESS).
    """

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.route-decided.v1"

    decided_at: datetime
    route: AnyRoute
    route_label: Label = ""
    proposed: AnyRoute
    proposed_label: Label = ""
    overridden: bool
    reason: str = ""
    decided_by_title: str
    explanation: RouteExplanation
    amount_cents: int | None = None
    agreement_id: UUID | None = None
    conditions: tuple[str, ...] = ()
    in_plain_words: str
    joined: tuple[str, ...] = ()
    run_by: str = ""


class CensusOpenedV1(CaseEvent):
    """The other members of the GHT are asked whether they join a tender."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.census-opened.v1"

    opened_at: datetime
    deadline: datetime
    members: tuple[str, ...]
    in_plain_words: str


class MemberAnswer(Fact):
    """What one member answered; `answered` False: it kept silent until the deadline, which is not joining."""

    establishment: str
    answer: AnyCensusAnswer
    answer_label: Label = ""
    answered: bool


class CensusClosedV1(CaseEvent):
    """All members answered, or the deadline passed."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.census-closed.v1"

    closed_at: datetime
    answers: tuple[MemberAnswer, ...]
    in_plain_words: str


class PurchaseLateV1(CaseEvent):
    """A purchase waits beyond its deadline: for its qualification, or for a decision on its route."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.purchase-late.v1"

    waiting_for: str
    due_at: datetime
    told: str

"""A purchase: what purchasing knows of one case, from the verdict to the award. Amounts are euro cents excluding VAT."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.purchasing.model.market import Market
from services.purchasing.model.qualification import Qualification
from services.purchasing.model.routing.rules import RoutingExplanation
from shared.contracts.need import Need
from shared.contracts.vocabulary import CensusAnswer, Route, Verdict


class State(StrEnum):
    """Where a purchase stands."""

    TO_QUALIFY = "to_qualify"
    TO_CONFIRM = "to_confirm"
    CENSUS = "census"
    DECIDED = "decided"
    CLOSED = "closed"


STATE_LABELS: dict[State, str] = {
    State.TO_QUALIFY: "À qualifier",
    State.TO_CONFIRM: "À confirmer",
    State.CENSUS: "Recensement en cours",
    State.DECIDED: "Voie décidée",
    State.CLOSED: "Clos sans achat",
}
WAITING = frozenset({State.TO_QUALIFY, State.TO_CONFIRM})
"""States in which the buyer has something to do."""


@dataclass(frozen=True, slots=True)
class Review:
    """What the review said, as far as the purchase goes by it; `withdrawn`: why the requester gave the request up."""

    verdict: Verdict | None = None
    decided_at: datetime | None = None
    conditions: tuple[str, ...] = ()
    reuse_fit: bool | None = None
    reuse_product: str = ""
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the decision table answered; `amount_cents` is the amount that it compared with the thresholds."""

    at: datetime
    route: Route
    explanation: RoutingExplanation
    amount_cents: int | None
    agreement_id: UUID | None
    warnings: tuple[str, ...]
    in_plain_words: str


@dataclass(frozen=True, slots=True)
class RouteDecision:
    """The route that was taken; where it was overridden, `proposed` and `reason` keep both sides."""

    at: datetime
    route: Route
    proposed: Route
    reason: str
    by: str
    by_title: str
    explanation: RoutingExplanation
    amount_cents: int | None
    agreement_id: UUID | None
    in_plain_words: str
    joined: tuple[str, ...] = ()
    run_by: str = ""
    instead_of: UUID | None = None  # the agreement that the table proposed for this route, where another was taken

    @property
    def overridden(self) -> bool:
        """Whether the buyer chose otherwise than the table."""
        return self.route is not self.proposed or self.instead_of is not None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a member answered; `software` is the one it runs already."""

    establishment: str
    answer: CensusAnswer
    at: datetime
    by: str
    by_title: str
    volume: str = ""
    comment: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class Census:
    """The other members of the GHT are asked, until all have answered or the deadline has passed."""

    opened_at: datetime
    deadline: datetime
    members: tuple[str, ...]
    route: Route  # what is to be run together: a tender, or a central body's further competition
    proposed: Route
    reason: str
    opened_by: str
    opened_by_title: str
    message: str = ""
    agreement_id: UUID | None = None
    replies: tuple[Reply, ...] = ()
    closed_at: datetime | None = None

    @property
    def silent(self) -> tuple[str, ...]:
        """Members that have not answered."""
        answered = {reply.establishment for reply in self.replies}
        return tuple(member for member in self.members if member not in answered)

    @property
    def joined(self) -> tuple[str, ...]:
        """Members that join; silence is not joining."""
        return tuple(r.establishment for r in self.replies if r.answer is CensusAnswer.JOINING)


@dataclass(frozen=True, slots=True)
class Award:
    """The contract that the purchase led to."""

    supplier: str
    amount_cents: int
    starts_on: date
    ends_on: date
    notice_months: int
    contract_number: str
    recorded_at: datetime
    recorded_by_title: str


@dataclass(frozen=True, slots=True)
class Work:
    """What purchasing did on the case: the part of the state that commands rewrite.

    `revision` counts what buyers put in the place of something: a form that was opened before is refused.
    """

    proposal: Proposal | None = None
    qualification: Qualification | None = None
    decision: RouteDecision | None = None
    census: Census | None = None
    award: Award | None = None
    closed_because: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Purchase:
    """One case as purchasing holds it."""

    case_id: UUID
    state: State
    need: Need | None
    review: Review
    work: Work = field(default_factory=Work)
    opened_at: datetime | None = None
    deadline_at: datetime | None = None
    late_since: datetime | None = None

    @property
    def establishment(self) -> str:
        """FINESS of the requester's establishment; empty while only the withdrawal of the request is known."""
        return self.need.establishment if self.need else ""

    @property
    def cpv(self) -> str | None:
        """The buyer's CPV code, or the requester's."""
        qualified = self.work.qualification.cpv if self.work.qualification else None
        return qualified or (self.need.cpv if self.need else None)

    @property
    def own_amount_cents(self) -> int | None:
        """The cost of this purchase alone: the option that the buyer retained, else the requester's estimate.

        An estimate of 0 is not known, rather than free: real records often publish 0.
        """
        qualified = self.work.qualification.amount_cents if self.work.qualification else None
        return qualified or (self.need.estimated_amount_cents if self.need else None) or None

    @property
    def route(self) -> Route | None:
        """The route decided, else the one proposed."""
        if self.work.decision:
            return self.work.decision.route
        return self.work.proposal.route if self.work.proposal else None

    @property
    def consumes(self) -> tuple[UUID, int] | None:
        """The framework agreement whose ceiling this purchase counts against, and by how much."""
        decision = self.work.decision
        if self.state is not State.DECIDED or decision is None or decision.agreement_id is None:
            return None
        return decision.agreement_id, decision.amount_cents or 0


@dataclass(frozen=True, slots=True)
class PurchaseFile:
    """What a decision is given: the purchase, if the case has one, and what the GHT knows of its market."""

    purchase: Purchase | None
    market: Market

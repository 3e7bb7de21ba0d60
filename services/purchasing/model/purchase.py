"""A purchase: what purchasing knows of one case, from the verdict to the award. Amounts are euro cents excluding VAT.

Words that another version or another service may add to (routes, verdicts, checks, procedures) are kept as text.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.purchasing.model.market import Market
from services.purchasing.model.qualification import Qualification
from services.purchasing.model.routing.rules import RoutingExplanation
from shared.contracts.need import Need
from shared.contracts.vocabulary import CensusAnswer
from shared.contracts.words import Words


class State(Words):
    """Where a purchase stands."""

    TO_QUALIFY = "to_qualify", "À qualifier", "warn"
    TO_CONFIRM = "to_confirm", "À confirmer", "info"
    CENSUS = "census", "Recensement en cours", "info"
    DECIDED = "decided", "Voie décidée", "good"
    CLOSED = "closed", "Clos sans achat"


WAITING: Final = frozenset({State.TO_QUALIFY, State.TO_CONFIRM})
"""States in which the buyer has something to do."""


class Condition(msgspec.Struct, frozen=True):
    """A duty that came with an opinion of the review."""

    check: str
    check_label: str
    text: str


class Review(msgspec.Struct, frozen=True):
    """What the purchase needs of the review; `withdrawn`: why the requester gave the request up."""

    verdict: str | None = None
    verdict_label: str = ""
    decided_at: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    reuse_fit: bool | None = None
    reuse_product: str = ""
    withdrawn: str | None = None


class Proposal(msgspec.Struct, frozen=True):
    """What the decision table answered; `amount_cents` is the amount that it compared with the thresholds."""

    at: datetime
    route: str
    explanation: RoutingExplanation
    amount_cents: int | None
    agreement_id: UUID | None
    warnings: tuple[str, ...]
    in_plain_words: str


class RouteDecision(msgspec.Struct, frozen=True):
    """The route that was taken; where it was overridden, `proposed` and `reason` keep both sides."""

    at: datetime
    route: str
    proposed: str
    reason: str
    by: str
    by_title: str
    explanation: RoutingExplanation
    amount_cents: int | None
    agreement_id: UUID | None
    in_plain_words: str
    joined: tuple[str, ...] = ()
    run_by: str = ""
    instead_of: UUID | None = None
    """The agreement that the table proposed for this route, where another was taken."""

    @property
    def overridden(self) -> bool:
        """Whether the buyer chose otherwise than the table."""
        return self.route != self.proposed or self.instead_of is not None


class Reply(msgspec.Struct, frozen=True):
    """What a member answered; `software` is the one it runs already."""

    establishment: str
    answer: str
    at: datetime
    by: str
    by_title: str
    volume: str = ""
    comment: str = ""
    software: str = ""


class Census(msgspec.Struct, frozen=True):
    """The other members of the GHT are asked, until all have answered or the deadline has passed.

    `route` is what is to be run together: a tender, or a central body's further competition.
    """

    opened_at: datetime
    deadline: datetime
    members: tuple[str, ...]
    route: str
    proposed: str
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
        return tuple(r.establishment for r in self.replies if r.answer == CensusAnswer.JOINING)


class Award(msgspec.Struct, frozen=True):
    """The contract that the purchase led to."""

    supplier: str
    amount_cents: int
    starts_on: date
    ends_on: date
    notice_months: int
    contract_number: str
    recorded_at: datetime
    recorded_by_title: str


class Work(msgspec.Struct, frozen=True):
    """What purchasing did on the case: the part of the state that commands rewrite.

    `revision` counts the replacements of what buyers entered: a form that was opened before one of them is refused.
    """

    proposal: Proposal | None = None
    qualification: Qualification | None = None
    decision: RouteDecision | None = None
    census: Census | None = None
    award: Award | None = None
    closed_because: str = ""
    revision: int = 0


class Purchase(msgspec.Struct, frozen=True):
    """One case as purchasing holds it."""

    case_id: UUID
    state: State
    need: Need | None
    review: Review
    work: Work = msgspec.field(default_factory=Work)
    opened_at: datetime | None = None
    deadline_at: datetime | None = None
    late_since: datetime | None = None

    @property
    def establishment(self) -> str:
        """FINESS of the requester's establishment; empty while only the withdrawal of the request is known."""
        return self.need.establishment if self.need else ""

    @property
    def known_need(self) -> Need:
        """The need of a purchase that was opened: only a case withdrawn before its verdict has none."""
        if self.need is None:
            raise ValueError(f"purchase {self.case_id} has no need: it was never opened")
        return self.need

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
    def justification(self) -> str:
        """Why only one supplier can answer, in the buyer's words or, before that, in the requester's."""
        qualified = self.work.qualification.justification if self.work.qualification else ""
        return qualified or (self.need.sole_supplier_reason.strip() if self.need else "")

    def launch_on(self, today: date) -> date:
        """The day of the launch, which decides thresholds and table; today until the buyer says otherwise."""
        return self.work.qualification.launch_on if self.work.qualification else today

    def ordered_on(self, today: date) -> date:
        """The earliest day of an order: the launch, or today where it has passed. Agreement and policy must hold then."""
        return max(self.launch_on(today), today)

    @property
    def route(self) -> str | None:
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


class PurchaseFile(msgspec.Struct, frozen=True):
    """What a decision is given: the purchase, if the case has one, and what the GHT knows of its market."""

    purchase: Purchase | None
    market: Market


def with_decision(purchase: Purchase, decision: RouteDecision) -> Purchase:
    """The purchase with its route taken: no deadline runs any more."""
    work = msgspec.structs.replace(purchase.work, decision=decision)
    return msgspec.structs.replace(purchase, state=State.DECIDED, deadline_at=None, late_since=None, work=work)

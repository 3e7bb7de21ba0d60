"""The parts of a follow-up: what the review and purchasing said, as the requester is shown it."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from shared.contracts.vocabulary import CheckKind, ConditionDue, ConditionState, Opinion, Role, Route, Verdict
from shared.contracts.words import Tone, label_of, tone_of


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the follow-up; defaults are not written.

    Words of other services are kept as they came, known here or not; `…_told` is the label that came with each.
    """


class Check(Part, frozen=True):
    """One check of the review. Taken where it has a reviewer, closed where it has an opinion."""

    kind: str
    due_on: date
    kind_told: str = ""
    reviewer_title: str = ""
    opinion: str | None = None
    opinion_told: str = ""
    conditions: int = 0
    given_at: datetime | None = None
    late: bool = False

    @property
    def label(self) -> str:
        """The kind in French."""
        return label_of(CheckKind, self.kind, self.kind_told)

    @property
    def opinion_label(self) -> str:
        """The opinion in French, empty while there is none."""
        return label_of(Opinion, self.opinion, self.opinion_told) if self.opinion is not None else ""


class OfCheck(Part, frozen=True):
    """Something about one check."""

    check: str
    text: str
    check_told: str = ""

    @property
    def check_label(self) -> str:
        """The kind of the check in French."""
        return label_of(CheckKind, self.check, self.check_told)


class Question(OfCheck, frozen=True, kw_only=True):
    """A reviewer's question; the clock of its check stands still until the answer."""

    question_id: UUID
    asked_at: datetime
    asked_by_title: str
    expected_by: date
    answer: str = ""
    answered_at: datetime | None = None


class Comment(OfCheck, frozen=True):
    """What a reviewer wrote with an opinion."""


UNMET = (ConditionState.OPEN, ConditionState.EXPIRED)
"""States of a condition that somebody must still do something about."""


class Condition(OfCheck, frozen=True, kw_only=True):
    """A condition (réserve) as the review told it last: whose it is, by when, whether it is met."""

    condition_id: UUID
    owner_role: str
    owner_role_told: str = ""
    establishment: str
    due: str
    due_told: str = ""
    due_on: date | None = None
    blocking: bool = False
    state: str
    state_told: str = ""
    signed_by_title: str = ""
    valid_until: date | None = None

    @property
    def owner_label(self) -> str:
        """The role that owns it, in French."""
        return label_of(Role, self.owner_role, self.owner_role_told)

    @property
    def due_label(self) -> str:
        """By when, in French."""
        return label_of(ConditionDue, self.due, self.due_told)

    @property
    def state_label(self) -> str:
        """Where it stands, in French."""
        return label_of(ConditionState, self.state, self.state_told)

    @property
    def tone(self) -> Tone:
        """The tone of where it stands."""
        return tone_of(ConditionState, self.state)


class Decision(Part, frozen=True):
    """How the review ended."""

    verdict: str
    decided_at: datetime
    verdict_told: str = ""
    comments: tuple[Comment, ...] = ()
    computed: str | None = None
    computed_told: str = ""
    overruling_reason: str = ""
    coordinator_title: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the case ends here. An unknown verdict does not: the case stays open, under the buyer's deadline."""
        return self.verdict == Verdict.UNFAVOURABLE

    @property
    def favours(self) -> bool:
        """Whether pages may say that the DSI is in favour: never of an unknown verdict."""
        return self.verdict in (Verdict.FAVOURABLE, Verdict.FAVOURABLE_WITH_CONDITIONS)

    @property
    def label(self) -> str:
        """The verdict in French."""
        return label_of(Verdict, self.verdict, self.verdict_told)

    @property
    def tone(self) -> Tone:
        """The tone of the verdict."""
        return tone_of(Verdict, self.verdict)

    @property
    def computed_label(self) -> str:
        """What the opinions added up to, in French; empty where nobody overruled."""
        return label_of(Verdict, self.computed, self.computed_told) if self.computed is not None else ""


class Tried(Part, frozen=True):
    """One rule of the decision table: matched, not matched, or (None) a fact is missing."""

    rule: str
    title: str
    matched: bool | None
    reasons: tuple[str, ...] = ()


class RouteStep(Part, frozen=True):
    """A route, proposed by the decision table or decided by the buyer, in words that the requester understands."""

    route: str
    at: datetime
    in_plain_words: str
    rule: str
    table_version: str
    route_told: str = ""
    tried: tuple[Tried, ...] = ()
    procedure: str = ""
    overridden: bool = False
    reason: str = ""
    decided_by_title: str = ""
    agreement: str = ""
    term_months: int | None = None

    @property
    def label(self) -> str:
        """The route in French."""
        return label_of(Route, self.route, self.route_told)


class Census(Part, frozen=True):
    """The other members of the GHT are asked whether they join."""

    opened_at: datetime
    deadline: datetime | None = None
    members: int = 0
    joined: int | None = None
    closed_at: datetime | None = None
    in_plain_words: str = ""


class Award(Part, frozen=True):
    """The contract that the purchase led to; None is unknown."""

    recorded_at: datetime
    holders: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

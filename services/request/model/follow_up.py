"""What the other services said of a case, kept small: it is rewritten at each of their events.

Events of the review and of the purchase come by different topics, in any order between them: each one fills its own
place, and the stage is computed from all that is known.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from shared.contracts.vocabulary import CheckKind, Opinion, Route, Verdict
from shared.contracts.words import Tone, Words, label_of, tone_of


class Stage(Words):
    """Where a request stands, as its author sees it."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Envoyée", "info"
    IN_REVIEW = "in_review", "En instruction", "info"
    ANSWER_AWAITED = "answer_awaited", "Réponse attendue", "warn"
    APPROVED = "approved", "Avis favorable, voie d’achat à venir", "good"
    REFUSED = "refused", "Avis défavorable", "bad"
    ROUTE_PROPOSED = "route_proposed", "Voie d’achat proposée", "info"
    CENSUS = "census", "Recensement du GHT en cours", "info"
    ROUTED = "routed", "Voie d’achat décidée", "good"
    WITHDRAWN = "withdrawn", "Retirée"


OPEN = frozenset(Stage) - {Stage.DRAFT, Stage.REFUSED, Stage.ROUTED, Stage.WITHDRAWN}
"""Stages in which somebody works on the case."""


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


class Duty(OfCheck, frozen=True):
    """A condition (réserve) that came with an opinion, or what a reviewer wrote."""


class Decision(Part, frozen=True):
    """How the review ended."""

    verdict: str
    decided_at: datetime
    verdict_told: str = ""
    conditions: tuple[Duty, ...] = ()
    comments: tuple[Duty, ...] = ()
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


class FollowUp(Part, frozen=True):
    """All that happened to a request since it was a draft."""

    submitted_at: datetime | None = None
    opened_at: datetime | None = None
    checks: tuple[Check, ...] = ()
    questions: tuple[Question, ...] = ()
    decision: Decision | None = None
    proposed: RouteStep | None = None
    decided: RouteStep | None = None
    census: Census | None = None
    purchase_late: bool = False
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    told: tuple[str, ...] = ()


def stage_of(follow_up: FollowUp) -> Stage:
    """Where a request stands: the most advanced fact that is known."""
    if follow_up.withdrawn_at is not None:
        return Stage.WITHDRAWN
    if follow_up.submitted_at is None:
        return Stage.DRAFT
    # A verdict that is overruled after the route was taken no longer changes it: purchasing says so as well.
    if follow_up.decided is not None and follow_up.decided.route != Route.GHT_CENSUS:
        return Stage.ROUTED
    if follow_up.decision is not None and follow_up.decision.refuses:
        return Stage.REFUSED
    if follow_up.census is not None and follow_up.census.closed_at is None:
        return Stage.CENSUS
    if follow_up.decided is not None:
        return Stage.CENSUS
    if follow_up.proposed is not None:
        return Stage.ROUTE_PROPOSED
    if follow_up.decision is not None:
        return Stage.APPROVED
    if open_questions(follow_up):
        return Stage.ANSWER_AWAITED
    return Stage.IN_REVIEW if follow_up.opened_at is not None else Stage.SUBMITTED


def open_questions(follow_up: FollowUp) -> tuple[Question, ...]:
    """The questions that wait for the requester: none of a check whose opinion is given, none once all is decided."""
    if follow_up.decision is not None or not follow_up.questions:
        return ()
    closed = {check.kind for check in follow_up.checks if check.opinion is not None}
    return tuple(
        question for question in follow_up.questions if question.answered_at is None and question.check not in closed
    )

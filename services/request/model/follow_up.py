"""What the other services said of a case, kept small: it is rewritten at each of their events.

Events of the review and of the purchase come by different topics, in any order between them: each one fills its own
place, and the stage is computed from all that is known.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from shared.contracts.vocabulary import CheckKind, Opinion, Route, Verdict


class Stage(StrEnum):
    """Where a request stands, as its author sees it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ANSWER_AWAITED = "answer_awaited"
    APPROVED = "approved"
    REFUSED = "refused"
    ROUTE_PROPOSED = "route_proposed"
    CENSUS = "census"
    ROUTED = "routed"
    WITHDRAWN = "withdrawn"


OPEN = frozenset(Stage) - {Stage.DRAFT, Stage.REFUSED, Stage.ROUTED, Stage.WITHDRAWN}
"""Stages in which somebody works on the case."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the follow-up; defaults are not written."""


class Check(Part, frozen=True):
    """One check of the review. Taken where it has a reviewer, closed where it has an opinion."""

    kind: CheckKind
    due_on: date
    reviewer_title: str = ""
    opinion: Opinion | None = None
    conditions: int = 0
    given_at: datetime | None = None
    late: bool = False


class Question(Part, frozen=True):
    """A reviewer's question; the clock of its check stands still until the answer."""

    question_id: UUID
    check: CheckKind
    text: str
    asked_at: datetime
    asked_by_title: str
    expected_by: date
    answer: str = ""
    answered_at: datetime | None = None


class Duty(Part, frozen=True):
    """A condition (réserve) that came with an opinion."""

    check: CheckKind
    text: str


class Decision(Part, frozen=True):
    """How the review ended."""

    verdict: Verdict
    decided_at: datetime
    conditions: tuple[Duty, ...] = ()
    comments: tuple[Duty, ...] = ()
    computed: Verdict | None = None
    overruling_reason: str = ""
    coordinator_title: str = ""


class Tried(Part, frozen=True):
    """One rule of the decision table: matched, not matched, or (None) a fact is missing."""

    rule: str
    title: str
    matched: bool | None
    reasons: tuple[str, ...] = ()


class RouteStep(Part, frozen=True):
    """A route, proposed by the decision table or decided by the buyer, in words that the requester understands."""

    route: Route
    at: datetime
    in_plain_words: str
    rule: str
    table_version: str
    tried: tuple[Tried, ...] = ()
    procedure: str = ""
    overridden: bool = False
    reason: str = ""
    decided_by_title: str = ""


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
    if follow_up.decided is not None and follow_up.decided.route is not Route.GHT_CENSUS:
        return Stage.ROUTED
    if follow_up.decision is not None and follow_up.decision.verdict is Verdict.UNFAVOURABLE:
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

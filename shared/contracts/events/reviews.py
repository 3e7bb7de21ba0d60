"""What the review service says about a case."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.case import CaseEvent
from shared.contracts.event import Fact
from shared.contracts.need import Need
from shared.contracts.texts import Account, Day, Finess, Line, Paragraphs
from shared.contracts.vocabulary import (
    AnyCheckKind,
    AnyConditionDue,
    AnyConditionOrigin,
    AnyConditionState,
    AnyOpinion,
    AnyRole,
    AnyVerdict,
)
from shared.contracts.words import Label

TOPIC = "case.reviews"


class PlannedCheck(Fact):
    """One check of an opened review; the due date counts French working days."""

    kind: AnyCheckKind
    kind_label: Label = ""
    due_on: Day


class ReviewOpenedV1(CaseEvent):
    """The DSI received the request and opened its checks."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.review-opened.v1"
    may_wait: ClassVar[bool] = True

    opened_at: datetime
    checks: tuple[PlannedCheck, ...]


class CheckTakenV1(CaseEvent):
    """A reviewer took a check, or gave it back to its queue (`reviewer` is then None)."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.check-taken.v1"
    may_wait: ClassVar[bool] = True

    check: AnyCheckKind
    check_label: Label = ""
    reviewer: Account | None
    reviewer_title: Line
    due_on: Day


class QuestionAskedV1(CaseEvent):
    """A reviewer asked the requester something: the clock of the check stops until the answer."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.question-asked.v1"

    question_id: UUID
    check: AnyCheckKind
    check_label: Label = ""
    question: Paragraphs
    asked_at: datetime
    asked_by_title: Line
    answer_expected_by: Day


class OpinionGivenV1(CaseEvent):
    """A check was closed with an opinion."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.opinion-given.v1"
    may_wait: ClassVar[bool] = True

    check: AnyCheckKind
    check_label: Label = ""
    opinion: AnyOpinion
    opinion_label: Label = ""
    conditions: int = Field(ge=0, le=1000)
    given_at: datetime
    reviewer_title: Line


class Condition(Fact):
    """A duty that comes with an opinion, a derogation or the law; it follows the case into the purchase and into service.

    The review owns it from the opinion to its end and says each change (`condition-changed`); others show it. `due` says
    by when, `due_on` the day where it is a day. A derogation is a condition that ends with `valid_until`.
    """

    condition_id: UUID
    origin: AnyConditionOrigin
    origin_label: Label = ""
    check: AnyCheckKind
    check_label: Label = ""
    text: Paragraphs
    owner_role: AnyRole
    owner_role_label: Label = ""
    establishment: Finess
    due: AnyConditionDue
    due_label: Label = ""
    due_on: Day | None = None
    blocking: bool
    state: AnyConditionState
    state_label: Label = ""
    evidence: Paragraphs = ""
    signed_by_title: Line = ""
    signed_at: datetime | None = None
    valid_until: Day | None = None


class CheckOpinion(Fact):
    """The opinion of one check in a decision."""

    check: AnyCheckKind
    check_label: Label = ""
    opinion: AnyOpinion
    opinion_label: Label = ""
    reviewer_title: Line
    comment: Paragraphs = ""


class ReuseAssessment(Fact):
    """What the functional check says of a software that the GHT already runs; `fits` None: it was not judged."""

    entry_id: UUID
    product: Line
    fits: bool | None
    reason: Paragraphs = ""


class Overruling(Fact):
    """The coordinator decided otherwise than the opinions add up to, with a reason."""

    computed: AnyVerdict
    computed_label: Label = ""
    reason: Paragraphs
    coordinator_title: Line


class ReviewDecidedV1(CaseEvent):
    """The last opinion of a case came in, or the coordinator overruled."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.review-decided.v1"

    decided_at: datetime
    verdict: AnyVerdict
    verdict_label: Label = ""
    opinions: tuple[CheckOpinion, ...]
    conditions: tuple[Condition, ...] = ()
    reuse: tuple[ReuseAssessment, ...] = ()
    overruling: Overruling | None = None
    need: Need


class ReviewLateV1(CaseEvent):
    """A check waits beyond its deadline: for a reviewer, or for the requester's answer; `opens` says who is told."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.review-late.v1"

    check: AnyCheckKind
    check_label: Label = ""
    waiting_for: Line
    due_on: Day


class ConditionChangedV1(CaseEvent):
    """A condition was met, signed, dropped, opened again, or its day passed: `condition` is what it is now."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.condition-changed.v1"

    condition: Condition
    changed_at: datetime
    changed_by_title: Line
    reason: Paragraphs = ""

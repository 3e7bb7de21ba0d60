"""What the review service says about a case."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import CaseEvent, Fact
from shared.contracts.need import Need
from shared.contracts.vocabulary import AnyCheckKind, AnyOpinion, AnyVerdict
from shared.contracts.words import Label

TOPIC = "case.reviews"


class PlannedCheck(Fact):
    """One check of an opened review; the due date counts French working days."""

    kind: AnyCheckKind
    kind_label: Label = ""
    due_on: date


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
    reviewer: str | None
    reviewer_title: str
    due_on: date


class QuestionAskedV1(CaseEvent):
    """A reviewer asked the requester something: the clock of the check stops until the answer."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.question-asked.v1"

    question_id: UUID
    check: AnyCheckKind
    check_label: Label = ""
    question: str
    asked_at: datetime
    asked_by_title: str
    answer_expected_by: date


class OpinionGivenV1(CaseEvent):
    """A check was closed with an opinion."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.opinion-given.v1"
    may_wait: ClassVar[bool] = True

    check: AnyCheckKind
    check_label: Label = ""
    opinion: AnyOpinion
    opinion_label: Label = ""
    conditions: int
    given_at: datetime
    reviewer_title: str


class Condition(Fact):
    """A duty that came with an opinion; it follows the case into the purchase and into service."""

    check: AnyCheckKind
    check_label: Label = ""
    text: str


class CheckOpinion(Fact):
    """The opinion of one check in a decision."""

    check: AnyCheckKind
    check_label: Label = ""
    opinion: AnyOpinion
    opinion_label: Label = ""
    reviewer_title: str
    comment: str = ""


class ReuseAssessment(Fact):
    """What the functional check says of a software that the GHT already runs; `fits` None: it was not judged."""

    entry_id: UUID
    product: str
    fits: bool | None
    reason: str = ""


class Overruling(Fact):
    """The coordinator decided otherwise than the opinions add up to, with a reason."""

    computed: AnyVerdict
    computed_label: Label = ""
    reason: str
    coordinator_title: str


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
    """A review waits beyond its deadline: for a reviewer, or for the requester's answer."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.review-late.v1"

    check: AnyCheckKind
    check_label: Label = ""
    waiting_for: str
    due_on: date
    told: str

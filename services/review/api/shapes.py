"""What the API takes and answers beside whole reviews: queues, acts on checks, reviewers, absences.

Words are open: a value that a later version added comes with its label.
"""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.model.review import AnyCheckStatus
from shared.contracts.vocabulary import (
    AnyCheckKind,
    AnyDataClass,
    AnyRequestKind,
    AnyUrgency,
    AnyVerdict,
    CheckKind,
    Opinion,
)
from shared.contracts.words import Label


class OpinionTaken(BaseModel):
    """The opinion is on record; `verdict` is there once it was the last one."""

    case_id: UUID
    check: CheckKind
    opinion: Opinion
    review: str = Field(description="`open` or `decided`")
    verdict: AnyVerdict | None


class CheckLineView(BaseModel):
    """A check in a queue, with what one must know of its case to choose it."""

    case_id: UUID
    kind: AnyCheckKind
    kind_label: Label
    reference: str
    title: str
    establishment: str = Field(description="FINESS code")
    department: str
    request_kind: AnyRequestKind
    request_kind_label: Label
    data: AnyDataClass
    data_label: Label
    care_stops: bool = Field(description="Whether care stops when the software is down")
    max_downtime_hours: int | None
    urgency: AnyUrgency
    urgency_label: Label
    status: AnyCheckStatus
    due_on: date = Field(description="Day by which the reviewer, or the requester while a question is open, must act")
    holder: str | None
    holder_title: str
    own_request: bool = Field(description="You asked for it: a colleague must review it")


class CheckListView(BaseModel):
    """A page of checks; `next` is null on the last one."""

    checks: list[CheckLineView]
    next: str | None


class ReviewerView(BaseModel):
    """Somebody who works queues."""

    id: str
    title: str
    roles: list[str]


class ReviewerList(BaseModel):
    """Reviewers by title."""

    reviewers: list[ReviewerView]


class QuestionAsked(BaseModel):
    """The question is on its way; the clock of the check is stopped."""

    question_id: UUID
    answer_expected_by: date


class CheckRef(BaseModel):
    """Which check."""

    model_config = ConfigDict(extra="forbid")

    case_id: UUID
    kind: CheckKind


class TakeChecks(BaseModel):
    """Several checks to take at once."""

    model_config = ConfigDict(extra="forbid")

    checks: list[CheckRef] = Field(min_length=1, max_length=100)


class TakenLine(BaseModel):
    """What became of one of them."""

    case_id: UUID
    kind: AnyCheckKind
    taken: bool
    slug: str | None = Field(None, description="Why not, for programs")
    detail: str | None = Field(None, description="Why not, in French")


class TakenView(BaseModel):
    """Each check is taken or refused on its own."""

    checks: list[TakenLine]


class AbsenceView(BaseModel):
    """A reviewer away from one day to another, both included."""

    model_config = ConfigDict(from_attributes=True)

    absence_id: UUID
    reviewer: str
    substitute: str
    from_on: date
    to_on: date


class AbsenceList(BaseModel):
    """Absences that are not over."""

    absences: list[AbsenceView]

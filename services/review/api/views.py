"""A review as the API shows it: the shapes that OpenAPI documents."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.model.decided import standing_conditions
from services.review.model.review import AnyCheckStatus, Check, Review
from services.review.model.verdict import compute_verdict
from shared.contracts.events.reviews import Condition
from shared.contracts.need import Need
from shared.contracts.vocabulary import AnyCheckKind, AnyOpinion, AnyVerdict
from shared.contracts.words import Label

STATUS = "`open`, `decided` or `withdrawn`"


class ReviewLine(BaseModel):
    """A review in the work list."""

    case_id: UUID
    reference: str
    title: str
    establishment: str = Field(description="FINESS code")
    status: str = Field(description=STATUS)
    opened_at: datetime
    checks: list[AnyCheckKind] = Field(description="The checks that it was opened with")


class ReviewListView(BaseModel):
    """Reviews in order of opening; `next` is always there: ask again with it for what was opened since."""

    reviews: list[ReviewLine]
    next: str = Field(description="Opaque")


class ItemView(BaseModel):
    """An item that concerns the request, and its answer where there is one."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    question: str
    hint: str
    source: str
    answers: list[str] = Field(description="What the item accepts")
    evidence_required_for: list[str]
    value: str | None = None
    evidence: str = ""
    until: date | None = None


class QuestionView(BaseModel):
    """A question to the requester."""

    question_id: UUID
    text: str
    asked_at: datetime
    asked_by_title: str
    answer_expected_by: date
    answer: str | None
    answered_at: datetime | None


class ReuseView(BaseModel):
    """What the functional check says of a software already in service."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: UUID
    product: str
    fits: bool | None
    reason: str


class OpinionView(BaseModel):
    """The opinion that closed a check."""

    model_config = ConfigDict(from_attributes=True)

    opinion: AnyOpinion
    comment: str
    conditions: list[str]
    reuse: list[ReuseView]
    reviewer: str
    reviewer_title: str
    given_at: datetime


class CheckView(BaseModel):
    """One check of a review."""

    kind: AnyCheckKind
    kind_label: Label
    status: AnyCheckStatus
    due_on: date
    holder: str | None
    holder_title: str
    checklist: str = Field(description="Version of the checklist, frozen when the review opened")
    items: list[ItemView]
    questions: list[QuestionView]
    opinion: OpinionView | None = Field(description="null on a closed check: the review ended without it")


class ArbitrationView(BaseModel):
    """What the coordinator decided otherwise."""

    model_config = ConfigDict(from_attributes=True)

    computed: AnyVerdict
    verdict: AnyVerdict
    reason: str
    coordinator_title: str
    at: datetime


class ReviewView(BaseModel):
    """A review, all of it."""

    case_id: UUID
    status: str = Field(description=STATUS)
    opened_at: datetime
    decided_at: datetime | None
    verdict: AnyVerdict | None
    conditions: list[Condition] = Field(description="The conditions that stand so far")
    arbitration: ArbitrationView | None
    withdrawn_reason: str
    checks: list[CheckView]
    need: Need


def review_view(review: Review) -> ReviewView:
    """A review as the API shows it."""
    overruled = review.outlook.overruled
    return ReviewView(
        case_id=review.case_id,
        status=review.status,
        opened_at=review.opened_at,
        decided_at=review.decided_at,
        verdict=review.verdict,
        conditions=list(standing_conditions(review, compute_verdict(review.checks))),
        arbitration=ArbitrationView.model_validate(overruled) if overruled else None,
        withdrawn_reason=review.outlook.withdrawn_reason,
        checks=[check_view(review, check) for check in review.checks],
        need=Need.model_validate_json(review.need),
    )


def check_view(review: Review, check: Check) -> CheckView:
    """A check as the API shows it."""
    return CheckView(
        kind=check.kind,
        kind_label=check.kind_label,
        status=check.status,
        due_on=check.due_on,
        holder=check.holder,
        holder_title=check.holder_title,
        checklist=check.version,
        items=_items(review, check),
        questions=[
            QuestionView(
                question_id=q.question_id,
                text=q.text,
                asked_at=q.asked_at,
                asked_by_title=q.asked_by_title,
                answer_expected_by=q.expected_by,
                answer=q.answer or None,
                answered_at=q.answered_at,
            )
            for q in check.questions
        ],
        opinion=OpinionView.model_validate(check.given) if check.given else None,
    )


def _items(review: Review, check: Check) -> list[ItemView]:
    views = []
    for item in review.items(check):
        view = ItemView.model_validate(item)
        if given := check.answers.get(item.id):
            view.value, view.evidence, view.until = given.value, given.evidence, given.until
        elif check.met:
            view.value, view.evidence = "yes", check.met
        views.append(view)
    return views

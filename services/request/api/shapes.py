"""What the API answers about a request: all that the follow-up page shows."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.request.model.follow_up import Stage
from services.request.model.form import RequestForm
from shared.contracts.need import AttachedFile, EquippedSoftware
from shared.contracts.vocabulary import AnyCheckKind, AnyOpinion, AnyRoute, AnyVerdict


class WaitingView(BaseModel):
    """What the case waits for."""

    what: str
    due_at: datetime
    told: str = Field(description="Role that is told when nothing came")
    late: bool


class CheckView(BaseModel):
    """One check of the review."""

    kind: AnyCheckKind
    label: str
    state: str = Field(description="French words: à prendre, en cours, question posée, favorable, …")
    due_on: date
    clock_stopped: bool = Field(description="A question waits for the requester's answer")
    late: bool
    reviewer_title: str
    opinion: AnyOpinion | None
    opinion_label: str = Field(description="Empty while there is none")
    conditions: int
    given_at: datetime | None


class QuestionView(BaseModel):
    """A question of a reviewer; `answer` is empty until it is answered."""

    question_id: UUID
    check: AnyCheckKind
    check_label: str
    question: str
    asked_at: datetime
    asked_by_title: str
    expected_by: date
    open: bool
    answer: str
    answered_at: datetime | None


class DutyView(BaseModel):
    """A condition, or the comment of an opinion."""

    check: AnyCheckKind
    check_label: str
    text: str


class VerdictView(BaseModel):
    """How the review ended; `computed` is what the opinions added up to where the coordinator overruled."""

    verdict: AnyVerdict
    label: str
    decided_at: datetime
    conditions: list[DutyView]
    comments: list[DutyView]
    computed: AnyVerdict | None
    computed_label: str = Field(description="Empty where nobody overruled")
    overruling_reason: str
    coordinator_title: str


class TriedView(BaseModel):
    """One rule of the decision table; `matched` null: a fact that it needs is not known yet."""

    rule: str
    title: str
    matched: bool | None
    reasons: list[str]


class RouteView(BaseModel):
    """A purchase route and why."""

    route: AnyRoute
    label: str
    at: datetime
    in_plain_words: str
    rule: str
    table_version: str
    procedure: str
    tried: list[TriedView]
    overridden: bool
    reason: str
    decided_by_title: str


class CensusView(BaseModel):
    """The census of the other members; `joined` is null while it is open."""

    opened_at: datetime
    deadline: datetime | None
    members: int
    joined: int | None
    closed_at: datetime | None
    in_plain_words: str


class CaseView(BaseModel):
    """A request and everything that happened to it."""

    case_id: UUID
    reference: str
    status: Stage
    status_label: str
    in_plain_words: str = Field(description="Where the case stands and who has it, in French")
    author_title: str
    establishment: str
    department: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    form: RequestForm
    attachments: list[AttachedFile]
    equipped: list[EquippedSoftware]
    waiting_for: list[WaitingView]
    checks: list[CheckView]
    questions: list[QuestionView]
    decision: VerdictView | None
    proposed_route: RouteView | None
    route: RouteView | None
    census: CensusView | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    may: list[str] = Field(description="What the caller may do now: edit, submit, withdraw, answer")

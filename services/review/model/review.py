"""A review and its checks: what they are, and what may be read off them. The acts stand in one file each."""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.review.model.checklists import AnswerCode, ChecklistItem
from services.review.model.items import applicable
from shared.contracts.vocabulary import CheckKind, DataClass, Opinion, RequestKind, Verdict
from shared.identity.person import Role

CheckStatus = Literal["to_take", "taken", "waiting_answer", "closed"]
ReviewStatus = Literal["open", "decided", "withdrawn"]

QUEUE_ROLES: Final[dict[CheckKind, Role]] = {
    CheckKind.FUNCTIONAL: Role.REVIEWER_FUNCTIONAL,
    CheckKind.INFRASTRUCTURE: Role.REVIEWER_INFRASTRUCTURE,
    CheckKind.SKILLS: Role.REVIEWER_SKILLS,
    CheckKind.SECURITY: Role.RSSI,
    CheckKind.PRIVACY: Role.DPO,
}
"""Who works which queue; nobody else may close its checks."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a reviewer answered to one item; `until` is the last day of a derogation."""

    value: AnswerCode
    evidence: str = ""
    until: date | None = None


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something asked of the requester; `left` are the working days that the check keeps meanwhile."""

    question_id: UUID
    text: str
    asked_at: datetime
    asked_by: str
    asked_by_title: str
    expected_by: date
    left: int
    answer: str = ""
    answered_at: datetime | None = None


class Reuse(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether a software that the GHT already runs would do."""

    entry_id: UUID
    product: str
    fits: bool | None = None
    reason: str = ""


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """The opinion that closed a check. `conditions`: what items answered "no" became, then the reviewer's own."""

    opinion: Opinion
    comment: str
    conditions: tuple[str, ...]
    reviewer: str
    reviewer_title: str
    at: datetime
    reuse: tuple[Reuse, ...] = ()


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check; `version` is that of its checklist, frozen when the review opened.

    `met` is the evidence with which a reviewer stated that every item without an answer of its own is met.
    `told_on` is the awaited day whose passing was already told.
    """

    kind: CheckKind
    version: str
    due_on: date
    status: CheckStatus = "to_take"
    holder: str | None = None
    holder_title: str = ""
    answers: dict[str, Answer] = {}
    met: str = ""
    questions: tuple[Question, ...] = ()
    given: Given | None = None
    told_on: date | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing more is expected of it, with or without an opinion."""
        return self.status == "closed"

    @property
    def open_question(self) -> Question | None:
        """The question that stops its clock."""
        return self.questions[-1] if self.status == "waiting_answer" else None

    @property
    def awaited_on(self) -> date:
        """The day by which somebody must act: the requester while a question is open, else the reviewer."""
        question = self.open_question
        return question.expected_by if question else self.due_on


class Overruled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the coordinator decided otherwise; `computed` is what the opinions add up to."""

    computed: Verdict
    verdict: Verdict
    reason: str
    coordinator: str
    coordinator_title: str
    at: datetime
    conditions: tuple[tuple[CheckKind, str], ...] = ()


class Outlook(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a review ended, beyond its verdict."""

    overruled: Overruled | None = None
    withdrawn_reason: str = ""


class Review(msgspec.Struct, frozen=True):
    """The DSI's study of one request. `need` is the JSON of the need as it was submitted; it never changes."""

    case_id: UUID
    establishment: str
    requester: str
    request_kind: RequestKind
    data: DataClass
    care_stops: bool
    status: ReviewStatus
    verdict: Verdict | None
    opened_at: datetime
    decided_at: datetime | None
    outlook: Outlook
    need: str
    checks: tuple[Check, ...]

    def check(self, kind: CheckKind) -> Check | None:
        """The check of this kind, where the request has one."""
        return next((check for check in self.checks if check.kind is kind), None)

    def items(self, check: Check) -> tuple[ChecklistItem, ...]:
        """The items of the frozen checklist that this request must have answered."""
        return applicable(check.kind, check.version, self.request_kind, self.data, self.care_stops)

    def with_check(self, check: Check) -> "Review":
        """The same review with this check in the place of the one of its kind."""
        return replace(self, checks=tuple(check if old.kind is check.kind else old for old in self.checks))

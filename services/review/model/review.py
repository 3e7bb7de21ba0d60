"""A review and its checks: what they are, and what may be read off them. The acts stand in one file each."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.review.model.checklists import ChecklistItem, applicable
from shared.contracts.vocabulary import CheckKind, Opinion
from shared.contracts.words import Tone, Words, label_of, open_word, tone_of


class CheckStatus(Words):
    """Where a check stands; the label is for one without an opinion."""

    TO_TAKE = "to_take", "À prendre"
    TAKEN = "taken", "En cours", "info"
    WAITING_ANSWER = "waiting_answer", "Question posée", "warn"
    CLOSED = "closed", "Clos sans avis"


AnyCheckStatus = Annotated[str, open_word(CheckStatus)]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a reviewer answered to one item; `until` is the last day of a derogation."""

    value: str
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


class GivenOpinion(msgspec.Struct, frozen=True, omit_defaults=True):
    """The opinion that closed a check. `conditions`: what items answered "no" became, then the reviewer's own."""

    opinion: str
    comment: str
    conditions: tuple[str, ...]
    reviewer: str
    reviewer_title: str
    given_at: datetime
    reuse: tuple[Reuse, ...] = ()


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check; `version` is that of its checklist, frozen when the review opened.

    `label` is what its kind was called then, for processes of an earlier version, which do not know the kind.
    `met` is the evidence with which a reviewer stated that every item without an answer of its own is met.
    `told_on` is the awaited day whose passing was already told.
    """

    kind: str
    label: str
    version: str
    due_on: date
    status: str = CheckStatus.TO_TAKE
    holder: str | None = None
    holder_title: str = ""
    answers: dict[str, Answer] = {}
    met: str = ""
    questions: tuple[Question, ...] = ()
    given: GivenOpinion | None = None
    told_on: date | None = None

    @property
    def kind_label(self) -> str:
        """What to call its kind, in French."""
        return label_of(CheckKind, self.kind, self.label)

    @property
    def state_label(self) -> str:
        """The opinion that closed it, else where it stands, in French."""
        return label_of(Opinion, self.given.opinion) if self.given else label_of(CheckStatus, self.status)

    @property
    def state_tone(self) -> Tone:
        """How that is to be seen."""
        return tone_of(Opinion, self.given.opinion) if self.given else tone_of(CheckStatus, self.status)

    @property
    def closed(self) -> bool:
        """Whether nothing more is expected of it, with or without an opinion."""
        return self.status == CheckStatus.CLOSED

    @property
    def open_question(self) -> Question | None:
        """The question that stops its clock."""
        return self.questions[-1] if self.status == CheckStatus.WAITING_ANSWER else None

    @property
    def awaited_on(self) -> date:
        """The day by which somebody must act: the requester while a question is open, else the reviewer."""
        question = self.open_question
        return question.expected_by if question else self.due_on


class Overruled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the coordinator decided otherwise; `computed` is what the opinions add up to.

    `conditions` are theirs: the kind of check under which each stands, and its text.
    """

    computed: str
    verdict: str
    reason: str
    coordinator: str
    coordinator_title: str
    at: datetime
    conditions: tuple[tuple[str, str], ...] = ()


class Outlook(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a review ended, beyond its verdict."""

    overruled: Overruled | None = None
    withdrawn_reason: str = ""


class Review(msgspec.Struct, frozen=True):
    """The DSI's study of one request; `status` is open, decided or withdrawn.

    `need` is the JSON of the need as it was submitted; it never changes.

    Words are kept as text: a later version of this service, at work beside this one, may know more of them.
    """

    case_id: UUID
    establishment: str
    requester: str
    request_kind: str
    data: str
    care_stops: bool
    status: str
    verdict: str | None
    opened_at: datetime
    decided_at: datetime | None
    outlook: Outlook
    need: str
    checks: tuple[Check, ...]

    def check(self, kind: str) -> Check | None:
        """The check of this kind, where the request has one."""
        return next((check for check in self.checks if check.kind == kind), None)

    def items(self, check: Check) -> tuple[ChecklistItem, ...]:
        """The items of the frozen checklist that this request must have answered."""
        return applicable(check.kind, check.version, self.request_kind, self.data, self.care_stops)

    def with_check(self, check: Check) -> "Review":
        """The same review with this check in the place of the one of its kind."""
        return replace(self, checks=tuple(check if old.kind == check.kind else old for old in self.checks))


State = Review | None
"""What the service knows of a case."""

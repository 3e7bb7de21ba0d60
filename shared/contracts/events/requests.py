"""What the request service says about a case."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.case import CaseEvent
from shared.contracts.need import Need
from shared.contracts.texts import Account, Line, Paragraphs
from shared.contracts.vocabulary import AnyCheckKind
from shared.contracts.words import Label

TOPIC = "case.requests"


class RequestSubmittedV2(CaseEvent):
    """A requester sent a request: the case begins."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.request-submitted.v2"

    submitted_at: datetime
    need: Need


class RequestWithdrawnV1(CaseEvent):
    """The requester gave the request up: every service stops working on the case."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.request-withdrawn.v1"

    withdrawn_at: datetime
    reason: Paragraphs


class QuestionAnsweredV1(CaseEvent):
    """The requester answered a reviewer's question: the clock of its check runs again."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.question-answered.v1"

    question_id: UUID
    check: AnyCheckKind
    check_label: Label = ""
    answer: Paragraphs
    answered_at: datetime
    answered_by: Account


class RequestLateV1(CaseEvent):
    """Something that the request waits for did not come in time; `opens` says who is told."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "convergence.request-late.v1"

    waiting_for: Line
    due_at: datetime

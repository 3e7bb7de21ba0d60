"""A reviewer asks the requester something: the clock of the check stops until the answer."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.take_check import held_by, taken
from services.review.model.guards import NOBODY, may_work, of_kind, seen, works
from services.review.model.policy import answer_date
from services.review.model.refusals import QuestionOpen
from services.review.model.review import Check, Question, Review
from services.review.model.texts import Written
from shared.basics.calendar import today, working_days_between
from shared.casework.decide import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import QuestionAskedV1
from shared.contracts.vocabulary import CheckKind
from shared.identity.person import Person


class AskQuestion(BaseModel):
    """A question in plain words; the requester reads it as it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "Combien de salles seront planifiées avec l’outil ?"}]},
    )

    question: Written = Field(description="At least three characters")


def asked_before(check: Check, text: str, person: Person) -> Question | None:
    """This person's question in these words, if it was asked."""
    return next((q for q in check.questions if q.text == text and q.asked_by == person.id), None)


def ask_question(
    review: Review | None,
    kind: CheckKind,
    command: AskQuestion,
    question_id: UUID,
    person: Person,
    now: datetime,
    standing_in: frozenset[str] = NOBODY,
) -> Outcome[Review | None]:
    """Stop the clock and ask. The same words once more, even after their answer, are the same question: nothing changes.

    A reviewer whose answer was lost on the way sends again, and the requester may have replied meanwhile. Another
    question while one waits is refused.
    """
    works(person, kind)
    review = seen(review, person)
    check = of_kind(review, kind)
    if asked_before(check, command.question, person) is not None:
        return Outcome(review, result=review)
    may_work(review, check, person, standing_in)
    if check.open_question is not None:
        raise QuestionOpen
    day = today(now)
    question = Question(
        question_id=question_id,
        text=command.question,
        asked_at=now,
        asked_by=person.id,
        asked_by_title=person.title,
        expected_by=answer_date(day),
        left=working_days_between(day, check.due_on),
    )
    events, trail = taken(review, check, person) if check.holder != person.id else ((), ())
    check = replace(held_by(check, person), status="waiting_answer", questions=(*check.questions, question))
    told = QuestionAskedV1(
        case_id=review.case_id,
        question_id=question_id,
        check=kind,
        question=question.text,
        asked_at=now,
        asked_by_title=person.title,
        answer_expected_by=question.expected_by,
    )
    kept = TrailEntry(
        "question_asked", person.id, person.title, question.text,
        {"check": kind, "question": question_id, "answer_expected_by": question.expected_by, "working_days_left": question.left},
    )  # fmt: skip
    review = review.with_check(check)
    return Outcome(review, (*events, told), (*trail, kept), result=review)

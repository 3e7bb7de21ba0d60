"""A reviewer asks the requester something: the clock of the check stops until the answer."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from services.review.actions.carry_out import carry_out
from services.review.actions.take_check import held_by, taken
from services.review.model.guards import NOBODY, ensure_may_work, found
from services.review.model.policy import answer_date
from services.review.model.refusals import QuestionOpen
from services.review.model.review import Check, CheckStatus, Question, Review, State
from services.review.model.texts import Written
from shared.basics.calendar import today, working_days_between
from shared.basics.ids import new_id
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.reviews import QuestionAskedV1
from shared.identity.person import Person
from shared.program.running import Running


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


async def ask_question(
    running: Running[State], person: Person, case_id: UUID, kind: str, command: AskQuestion, now: datetime
) -> Review:
    """Stop the clock of a check and ask; raises `QuestionOpen`, `HeldByAnother`, `CheckClosed`, …"""
    question_id = new_id()
    return await carry_out(
        running, person, case_id, kind, "question_asked",
        lambda review, standing_in: decide(review, person, kind, command, question_id, now, standing_in), now,
    )  # fmt: skip


def decide(
    state: State,
    person: Person,
    kind: str,
    command: AskQuestion,
    question_id: UUID,
    now: datetime,
    standing_in: frozenset[str] = NOBODY,
) -> Outcome[State]:
    """Ask. The same words once more, even after their answer, are the same question: nothing changes.

    A reviewer whose answer was lost on the way sends again, and the requester may have replied meanwhile. Another
    question while one waits is refused.
    """
    review, check = found(state, person, kind)
    if asked_before(check, command.question, person) is not None:
        return Outcome(review, result=review)
    ensure_may_work(review, check, person, standing_in)
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
    events, trail = taken(review, check, person)
    questions = (*check.questions, question)
    check = replace(held_by(check, person), status=CheckStatus.WAITING_ANSWER, questions=questions)
    told = QuestionAskedV1(
        case_id=review.case_id,
        question_id=question_id,
        check=kind,
        check_label=check.kind_label,
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

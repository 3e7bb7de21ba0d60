"""Answer a reviewer's question: the clock of its check runs again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.request.model.follow_up import Stage, open_questions
from services.request.model.refusals import AlreadyAnswered, AlreadyWithdrawn, NoSuchQuestion, ReviewOver
from services.request.model.request import State, of_author
from shared.basics.texts import READABLE
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import QuestionAnsweredV1
from shared.identity.person import Person
from shared.program.running import Running

AnswerText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), READABLE]


class AnswerQuestion(BaseModel):
    """The answer to one question of a reviewer."""

    model_config = ConfigDict(extra="forbid")

    question_id: UUID = Field(description="From `questions` of the request")
    answer: AnswerText


async def answer_question(
    running: Running[State], person: Person, case_id: UUID, command: AnswerQuestion, now: datetime
) -> None:
    """Answered, also when the same answer comes again; raises `AlreadyAnswered` for another one, `ReviewOver`."""
    await running.decide(person, case_id, lambda state: decide(state, person, command, now), now)


def decide(state: State, person: Person, command: AnswerQuestion, now: datetime) -> Outcome[State]:
    """Keep the answer and tell the review."""
    request = of_author(state, person)
    questions = request.follow_up.questions
    question = next((q for q in questions if q.question_id == command.question_id), None)
    if question is None:
        raise NoSuchQuestion
    if question.answered_at is not None:
        if question.answer != command.answer:
            raise AlreadyAnswered
        return Outcome(request)
    if request.stage is Stage.WITHDRAWN:
        raise AlreadyWithdrawn
    if question not in open_questions(request.follow_up):
        raise ReviewOver
    answered = replace(question, answer=command.answer, answered_at=now)
    follow_up = replace(request.follow_up, questions=tuple(answered if q is question else q for q in questions))
    event = QuestionAnsweredV1(
        case_id=request.case_id,
        question_id=question.question_id,
        check=question.check,
        check_label=question.check_label,
        answer=command.answer,
        answered_at=now,
        answered_by=person.id,
    )
    detail = {"question_id": str(question.question_id), "check": question.check}
    trail = TrailEntry("answer_question", person.id, person.title, detail=detail)
    return Outcome(replace(request, follow_up=follow_up, updated_at=now), (event,), (trail,))

"""Answer a reviewer's question: the clock of its check runs again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.basics.texts import READABLE

from services.request.actions.authoring import answer
from services.request.parts import Parts
from shared.casework.decide import Work
from shared.identity.person import Person

AnswerText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), READABLE]


class GivenAnswer(BaseModel):
    """The answer to one question of a reviewer."""

    model_config = ConfigDict(extra="forbid")

    question_id: UUID = Field(description="From `questions` of the request")
    answer: AnswerText


async def answer_question(
    parts: Parts, person: Person, case_id: UUID, given: GivenAnswer, now: datetime, correlation_id: UUID
) -> None:
    """Answered, also when the same answer comes again; raises `AlreadyAnswered` for another one."""
    await parts.desk.run(
        Work(
            case_id,
            person.scope,
            lambda state: answer(state, person, given.question_id, given.answer, now),
            now,
            correlation_id,
        )
    )

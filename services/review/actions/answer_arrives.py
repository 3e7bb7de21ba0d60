"""The requester answered: the clock of the check runs again, with the working days that it had left."""

from datetime import datetime

from msgspec.structs import replace

from services.review.actions.take_check import in_hands
from services.review.model.review import Check, CheckStatus, Review
from shared.basics.calendar import add_working_days, today
from shared.basics.errors import NotFound
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import QuestionAnsweredV1
from shared.contracts.events.reviews import CheckTakenV1


def answer_arrives(review: Review | None, event: QuestionAnsweredV1, now: datetime) -> Outcome[Review | None]:
    """Keep the answer and restart the clock; an answer already known changes nothing."""
    check = review.check(event.check) if review else None
    if review is None or check is None or all(q.question_id != event.question_id for q in check.questions):
        raise NotFound("Aucune question de ce dossier n’attend cette réponse.")
    asked = next(question for question in check.questions if question.question_id == event.question_id)
    if asked.answered_at is not None:
        return Outcome(review)
    answered = replace(asked, answer=event.answer, answered_at=event.answered_at)
    questions = tuple(answered if question is asked else question for question in check.questions)
    check = replace(check, questions=questions)
    told: tuple[CheckTakenV1, ...] = ()
    if check.open_question is answered:
        check = _running_again(check, asked.left, now)
        # In the same hands as before, or in nobody's; the requester follows the date.
        told = (in_hands(review, check),)
    kept = TrailEntry(
        "question_answered", event.answered_by, "Demandeur", event.answer,
        {"check": check.kind, "question": event.question_id, "due_on": check.due_on},
    )  # fmt: skip
    return Outcome(review.with_check(check), told, (kept,))


def _running_again(check: Check, left: int, now: datetime) -> Check:
    # A check that was late when it asked still gets a day, to read the answer.
    # One that was given back meanwhile is to be taken again.
    status = CheckStatus.TO_TAKE if check.holder is None else CheckStatus.TAKEN
    return replace(check, status=status, due_on=add_working_days(today(now), max(left, 1)))

"""What an author does with a request: pure decisions, the time and the person come in as arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.request.model.completeness import lacks
from services.request.model.follow_up import FollowUp, Stage, open_questions
from services.request.model.form import RequestForm
from services.request.model.refusals import (
    AlreadyAnswered,
    AlreadyWithdrawn,
    KeyUsedForAnother,
    NoSuchQuestion,
    RequestIncomplete,
    ReviewOver,
    TooLateToWithdraw,
)
from services.request.model.request import Created, Request, State, need_of, of_author, open_draft
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import QuestionAnsweredV1, RequestSubmittedV2, RequestWithdrawnV1
from shared.contracts.need import EquippedSoftware
from shared.identity.person import Person


@dataclass(frozen=True, slots=True)
class Create:
    """A new request, sent at once (`submit`) or kept as a draft; `digest` recognises the same content again."""

    case_id: UUID
    reference: str
    person: Person
    form: RequestForm
    digest: bytes
    submit: bool
    equipped: tuple[EquippedSoftware, ...] = ()
    key: str | None = None


def create(state: State, command: Create, now: datetime) -> Outcome[State]:
    """Write the request down, once: the same content under the same key is answered as the first time."""
    person = command.person
    if state is not None:
        if state.digest != command.digest:
            raise KeyUsedForAnother
        return Outcome(state, result=Created(state.case_id, state.reference, state.stage, again=True))
    request = Request(
        case_id=command.case_id,
        reference=command.reference,
        author=person.id,
        author_title=person.title,
        establishment=person.establishment,
        own_department=person.department,
        created_at=now,
        updated_at=now,
        digest=command.digest,
        form=command.form,
        key=command.key,
    )
    if command.submit:
        return _submitted(request, person, command.equipped, now)
    return Outcome(request, result=Created(request.case_id, request.reference, Stage.DRAFT))


def submit(state: State, person: Person, equipped: tuple[EquippedSoftware, ...], now: datetime) -> Outcome[State]:
    """Send a draft to the DSI; sent already is a success."""
    request = of_author(state, person)
    if request.stage is Stage.WITHDRAWN:
        raise AlreadyWithdrawn
    if request.stage is not Stage.DRAFT:
        return Outcome(request, result=Created(request.case_id, request.reference, request.stage, again=True))
    return _submitted(request, person, equipped, now)


def _submitted(
    request: Request, person: Person, equipped: tuple[EquippedSoftware, ...], now: datetime
) -> Outcome[State]:
    missing = lacks(request.form)
    if missing:
        raise RequestIncomplete(errors=missing)
    after = replace(request, equipped=equipped, updated_at=now, follow_up=FollowUp(submitted_at=now))
    need = need_of(after)
    event = RequestSubmittedV2.model_construct(case_id=request.case_id, submitted_at=now, need=need)
    detail = {"reference": request.reference, "kind": need.kind, "domain": need.domain, "equipped": len(equipped)}
    trail = TrailEntry("submit_request", person.id, person.title, detail=detail)
    return Outcome(after, (event,), (trail,), Created(request.case_id, request.reference, Stage.SUBMITTED))


def edit(state: State, person: Person, change: Callable[[RequestForm], RequestForm], now: datetime) -> Outcome[State]:
    """Save a draft, whatever it lacks."""
    request = open_draft(state, person)
    form = change(request.form)
    if form == request.form:
        return Outcome(request, result=request)
    after = replace(request, form=form, updated_at=now)
    return Outcome(after, result=after)


def withdraw(state: State, person: Person, reason: str, now: datetime) -> Outcome[State]:
    """Give a request up. A draft simply goes; a sent request is withdrawn everywhere."""
    request = of_author(state, person)
    if request.stage is Stage.WITHDRAWN:
        return Outcome(request)
    if request.stage in (Stage.REFUSED, Stage.ROUTED):
        raise TooLateToWithdraw
    was_draft = request.stage is Stage.DRAFT
    follow_up = replace(request.follow_up, withdrawn_at=now, withdrawal_reason=reason)
    after = replace(request, follow_up=follow_up, updated_at=now)
    if was_draft:
        return Outcome(after)
    event = RequestWithdrawnV1(case_id=request.case_id, withdrawn_at=now, reason=reason)
    return Outcome(after, (event,), (TrailEntry("withdraw_request", person.id, person.title, reason),))


def answer(state: State, person: Person, question_id: UUID, text: str, now: datetime) -> Outcome[State]:
    """Answer a reviewer's question: the clock of its check runs again."""
    request = of_author(state, person)
    question = next((q for q in request.follow_up.questions if q.question_id == question_id), None)
    if question is None:
        raise NoSuchQuestion
    if question.answered_at is not None:
        if question.answer != text:
            raise AlreadyAnswered
        return Outcome(request)
    if request.stage is Stage.WITHDRAWN:
        raise AlreadyWithdrawn
    if question not in open_questions(request.follow_up):
        raise ReviewOver
    answered = replace(question, answer=text, answered_at=now)
    questions = tuple(answered if q is question else q for q in request.follow_up.questions)
    follow_up = replace(request.follow_up, questions=questions)
    after = replace(request, follow_up=follow_up, updated_at=now)
    event = QuestionAnsweredV1(
        case_id=request.case_id,
        question_id=question_id,
        check=question.check,
        answer=text,
        answered_at=now,
        answered_by=person.id,
    )
    detail = {"question_id": str(question_id), "check": question.check}
    return Outcome(after, (event,), (TrailEntry("answer_question", person.id, person.title, detail=detail),))

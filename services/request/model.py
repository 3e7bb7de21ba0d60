"""A request and what its author does with it: pure decisions, the time and the person come in as arguments."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.request.completeness import lacks
from services.request.errors import (
    AlreadyAnswered,
    AlreadySubmitted,
    AlreadyWithdrawn,
    KeyUsedForAnother,
    NoSuchQuestion,
    NotTheAuthor,
    RequestIncomplete,
    ReviewOver,
    TooLateToWithdraw,
)
from services.request.follow_up import FollowUp, Stage, open_questions, stage_of
from services.request.form import EMPTY, RequestForm
from shared.casework import Outcome
from shared.contracts.events.requests import QuestionAnsweredV1, RequestSubmittedV1, RequestWithdrawnV1
from shared.contracts.need import AttachedFile, EquippedSoftware, Need
from shared.errors import NotFound
from shared.identity.person import Person, Role
from shared.trail import Decision

NOTHING_YET = FollowUp()


@dataclass(frozen=True, slots=True)
class NewFile:
    """Bytes on their way into the database, with what the form says of them."""

    file: AttachedFile
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `form` and `files` are read only while it is a draft: once sent, no decision needs them."""

    case_id: UUID
    reference: str
    author: str
    author_title: str
    establishment: str
    own_department: str
    created_at: datetime
    updated_at: datetime
    digest: bytes
    form: RequestForm = EMPTY
    files: tuple[AttachedFile, ...] = ()
    equipped: tuple[EquippedSoftware, ...] = ()
    follow_up: FollowUp = NOTHING_YET
    added: tuple[NewFile, ...] = ()
    removed: tuple[UUID, ...] = ()

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return stage_of(self.follow_up)


State = Request | None
"""None: no such request, or none that the person may see."""


@dataclass(frozen=True, slots=True)
class Created:
    """What the author is told: the same for a retry as for the first time."""

    case_id: UUID
    reference: str
    stage: Stage
    again: bool = False


def existing(state: State) -> Request:
    """The request, or `NotFound`."""
    if state is None:
        raise NotFound
    return state


def may_see(person: Person, author: str, establishment: str) -> bool:
    """Authors see theirs, referents and contacts their establishment's; coordination, buyers and auditors all."""
    return (
        author == person.id
        or person.sees_whole_ght
        or (establishment == person.establishment and person.has(Role.BUSINESS_REFERENT, Role.MEMBER_CONTACT))
    )


def may_edit(person: Person, author: str, establishment: str) -> bool:
    """The author, or a business referent of the same establishment who helps to write."""
    return author == person.id or (establishment == person.establishment and person.has(Role.BUSINESS_REFERENT))


def _seen_by(state: State, person: Person) -> Request:
    request = existing(state)
    if not may_see(person, request.author, request.establishment):
        raise NotFound
    return request


def _of_author(state: State, person: Person) -> Request:
    request = _seen_by(state, person)
    if request.author != person.id:
        raise NotTheAuthor
    return request


def _draft(state: State, person: Person) -> Request:
    request = _seen_by(state, person)
    if not may_edit(person, request.author, request.establishment):
        raise NotTheAuthor
    if request.stage is Stage.WITHDRAWN:
        raise AlreadyWithdrawn
    if request.stage is not Stage.DRAFT:
        raise AlreadySubmitted
    return request


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
    )
    if command.submit:
        return _submitted(request, person, command.equipped, now)
    return Outcome(request, result=Created(request.case_id, request.reference, Stage.DRAFT))


def submit(state: State, person: Person, equipped: tuple[EquippedSoftware, ...], now: datetime) -> Outcome[State]:
    """Send a draft to the DSI; sent already is a success."""
    request = _of_author(state, person)
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
    event = RequestSubmittedV1.model_construct(case_id=request.case_id, submitted_at=now, need=need)
    detail = {"reference": request.reference, "kind": need.kind, "domain": need.domain, "equipped": len(equipped)}
    trail = Decision("submit_request", person.id, person.title, detail=detail)
    return Outcome(after, (event,), (trail,), Created(request.case_id, request.reference, Stage.SUBMITTED))


def need_of(request: Request) -> Need:
    """The need as it travels in events; the form was found complete before."""
    form: Any = request.form  # complete: what a draft may lack is there
    return Need.model_construct(
        reference=request.reference,
        kind=form.kind,
        title=form.title,
        description=form.description,
        requester=request.author,
        requester_title=request.author_title,
        establishment=request.establishment,
        department=form.department or request.own_department,
        domain=form.domain,
        users=form.users,
        sites=form.sites,
        replaces=form.replaces,
        data=form.data,
        care_stops=form.care_stops,
        max_downtime_hours=form.max_downtime_hours,
        wished_on=form.wished_on,
        urgency=form.urgency,
        urgency_reason=form.urgency_reason,
        known_products=form.known_products,
        estimated_amount_cents=form.estimated_amount_cents,
        cpv=form.cpv,
        current_supplier=form.current_supplier,
        contract_ends_on=form.contract_ends_on,
        sole_supplier_reason=form.sole_supplier_reason,
        equipped=request.equipped,
        attachments=request.files,
    )


def edit(state: State, person: Person, change: Callable[[RequestForm], RequestForm], now: datetime) -> Outcome[State]:
    """Save a draft, whatever it lacks."""
    request = _draft(state, person)
    form = change(request.form)
    if form == request.form:
        return Outcome(request, result=request)
    after = replace(request, form=form, updated_at=now)
    return Outcome(after, result=after)


def withdraw(state: State, person: Person, reason: str, now: datetime) -> Outcome[State]:
    """Give a request up. A draft simply goes; a sent request is withdrawn everywhere."""
    request = _of_author(state, person)
    if request.stage is Stage.WITHDRAWN:
        return Outcome(request)
    if request.stage in (Stage.REFUSED, Stage.ROUTED):
        raise TooLateToWithdraw
    was_draft = request.stage is Stage.DRAFT
    follow_up = msgspec.structs.replace(request.follow_up, withdrawn_at=now, withdrawal_reason=reason)
    after = replace(request, follow_up=follow_up, updated_at=now)
    if was_draft:
        return Outcome(after)
    event = RequestWithdrawnV1(case_id=request.case_id, withdrawn_at=now, reason=reason)
    return Outcome(after, (event,), (Decision("withdraw_request", person.id, person.title, reason),))


def answer(state: State, person: Person, question_id: UUID, text: str, now: datetime) -> Outcome[State]:
    """Answer a reviewer's question: the clock of its check runs again."""
    request = _of_author(state, person)
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
    answered = msgspec.structs.replace(question, answer=text, answered_at=now)
    questions = tuple(answered if q is question else q for q in request.follow_up.questions)
    follow_up = msgspec.structs.replace(request.follow_up, questions=questions)
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
    return Outcome(after, (event,), (Decision("answer_question", person.id, person.title, detail=detail),))

"""A request: what it holds, who may see and change it, the need that it tells to the others."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.request.model.follow_up import FollowUp, Stage, open_questions, stage_of
from services.request.model.form import EMPTY, RequestForm
from services.request.model.refusals import AlreadySubmitted, AlreadyWithdrawn, NotTheAuthor
from shared.basics.errors import NotFound
from shared.contracts.need import AttachedFile, EquippedSoftware, Need
from shared.identity.person import REVIEWERS, Person, Role

NOTHING_YET = FollowUp()


class NewFile(msgspec.Struct, frozen=True):
    """Bytes on their way into the database, with what the form says of them."""

    file: AttachedFile
    content: bytes


class Request(msgspec.Struct, frozen=True):
    """One request. `form` and `files` are read only while it is a draft: once sent, no decision needs them.

    `added`, `removed` and `key` (the idempotency key) are on their way into the database, and are not read again.
    """

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
    key: str | None = None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return stage_of(self.follow_up)


State = Request | None
"""None: no such request, or none that the person may see."""


class Created(msgspec.Struct, frozen=True):
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


def may_open_files(person: Person, author: str, establishment: str, sent: bool) -> bool:
    """Who sees the request; and once it is sent, the reviewers of its establishment, who judge on these files."""
    return may_see(person, author, establishment) or (sent and person.may_see(establishment) and person.has(*REVIEWERS))


def may_edit(person: Person, author: str, establishment: str) -> bool:
    """The author, or a business referent of the same establishment who helps to write."""
    return author == person.id or (establishment == person.establishment and person.has(Role.BUSINESS_REFERENT))


def allowed(person: Person, author: str, establishment: str, follow_up: FollowUp) -> list[str]:
    """What this person may do with the request now: edit, submit, answer, withdraw."""
    stage = stage_of(follow_up)
    by_author = author == person.id
    acts = {
        "edit": stage is Stage.DRAFT and may_edit(person, author, establishment),
        "submit": stage is Stage.DRAFT and by_author,
        "answer": by_author and bool(open_questions(follow_up)),
        "withdraw": by_author and stage not in (Stage.REFUSED, Stage.ROUTED, Stage.WITHDRAWN),
    }
    return [act for act, may in acts.items() if may]


def seen_by(state: State, person: Person) -> Request:
    """The request, or `NotFound` for those who may not know of it."""
    request = existing(state)
    if not may_see(person, request.author, request.establishment):
        raise NotFound
    return request


def of_author(state: State, person: Person) -> Request:
    """The request, for its author only."""
    request = seen_by(state, person)
    if request.author != person.id:
        raise NotTheAuthor
    return request


def open_draft(state: State, person: Person) -> Request:
    """The request while it can be edited, for those who may."""
    request = seen_by(state, person)
    if not may_edit(person, request.author, request.establishment):
        raise NotTheAuthor
    if request.stage is Stage.WITHDRAWN:
        raise AlreadyWithdrawn
    if request.stage is not Stage.DRAFT:
        raise AlreadySubmitted
    return request


def need_of(request: Request) -> Need:
    """The need as it travels in events; the form was found complete before."""
    form: Any = request.form  # complete: what a draft may lack is there
    return Need.model_construct(
        reference=request.reference,
        kind=form.kind,
        kind_label=form.kind.label,
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
        data_label=form.data.label,
        care_stops=form.care_stops,
        max_downtime_hours=form.max_downtime_hours,
        wished_on=form.wished_on,
        urgency=form.urgency,
        urgency_label=form.urgency.label,
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

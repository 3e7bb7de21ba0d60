"""A request: what it holds, who may see and change it, the need that it tells to the others."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.request.model.follow_up import DECIDED, FollowUp, Stage, open_questions, stage_of
from services.request.model.form import EMPTY, WORDS, RequestForm
from services.request.model.refusals import AlreadySubmitted, AlreadyWithdrawn, NotTheAuthor
from shared.basics.errors import NotFound
from shared.contracts.case import About
from shared.contracts.need import AttachedFile, EquippedSoftware, FormFields, Need
from shared.contracts.words import label_of
from shared.identity.person import REVIEWERS, Person, Role
from shared.reference.directory import name_of
from shared.reference.domains import domains

NOTHING_YET = FollowUp()
_FORM_FIELDS = tuple(FormFields.model_fields)


class NewFile(msgspec.Struct, frozen=True):
    """Bytes on their way into the database, with what the form says of them."""

    file: AttachedFile
    content: bytes


class Subject(msgspec.Struct, frozen=True):
    """What every event of a sent request says of its form, which is not read again."""

    title: str
    department: str
    domain: str


class Request(msgspec.Struct, frozen=True):
    """One request. `form` and `files` are read only while it is a draft; once sent it is known by its `subject`.

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
    subject: Subject | None = None
    follow_up: FollowUp = NOTHING_YET
    added: tuple[NewFile, ...] = ()
    removed: tuple[UUID, ...] = ()
    key: str | None = None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return stage_of(self.follow_up)

    @property
    def department(self) -> str:
        """For whom a draft is: the requester's own department where the form names no other."""
        return self.form.department or self.own_department


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


def reads_review(person: Person) -> bool:
    """Whether the pages of the review are open to them."""
    return person.has(*REVIEWERS, Role.COORDINATOR, Role.AUDITOR)


def allowed(person: Person, author: str, establishment: str, follow_up: FollowUp) -> list[str]:
    """What this person may do with the request now: edit, submit, answer, withdraw."""
    stage = stage_of(follow_up)
    by_author = author == person.id
    acts = {
        "edit": stage is Stage.DRAFT and may_edit(person, author, establishment),
        "submit": stage is Stage.DRAFT and by_author,
        "answer": by_author and bool(open_questions(follow_up)),
        "withdraw": by_author and stage not in (*DECIDED, Stage.WITHDRAWN),
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
    """The need as it travels in events, with every field of the form; the form was found complete before."""
    form = vars(request.form)
    typed: dict[str, Any] = {field: form[field] for field in _FORM_FIELDS}
    labels = {f"{field}_label": label_of(words, form[field]) for field, words in WORDS.items()}
    return Need.model_construct(
        **typed | labels | {"department": request.department},
        reference=request.reference,
        requester=request.author,
        requester_title=request.author_title,
        establishment=request.establishment,
        establishment_label=name_of(request.establishment),
        domain_label=domains()[form["domain"]].label,
        equipped=request.equipped,
        attachments=request.files,
    )


def about_of(request: Request) -> About:
    """What a sent request is about, for its events."""
    subject = request.subject
    if subject is None:
        raise ValueError("a draft tells nobody anything")
    return About.model_construct(
        reference=request.reference,
        title=subject.title,
        establishment=request.establishment,
        establishment_label=name_of(request.establishment),
        department=subject.department,
        domain=subject.domain,
        domain_label=domains()[subject.domain].label if subject.domain in domains() else "",
    )

"""The rows of requests: the small one that each event rewrites, the form that is frozen once sent, the files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.request.model.follow_up import FollowUp, Stage
from services.request.model.form import EMPTY, RequestForm, form_text
from services.request.model.refusals import KeyTaken
from services.request.model.request import Request, State, Subject
from services.request.model.waiting import next_deadline
from shared.casework.decide import Change, Head, Write, columns
from shared.contracts.need import AttachedFile, EquippedSoftware
from shared.database.postgres import Db

# No decision needs the form of a sent request: it is read with drafts only.
READ = """
SELECT h.case_id, h.version, h.trail_count, h.trail_head, h.event_count, r.reference, r.author, r.author_title,
    r.establishment, r.own_department, r.created_at, r.updated_at, r.digest, r.follow_up, r.title, r.department,
    r.domain, f.form, f.files
FROM case_head h LEFT JOIN request r ON r.case_id = h.case_id
LEFT JOIN request_form f ON f.case_id = r.case_id AND r.stage = 'draft'
WHERE h.case_id = ANY($1::uuid[])
"""

ADD = """
INSERT INTO request (case_id, establishment, author, author_title, own_department, reference, kind, title, domain,
    urgency, department, stage, created_at, updated_at, deadline_at, digest, follow_up)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[],
    $16::bytea[], $17::text[])
"""
ADD_FORM = """
INSERT INTO request_form (case_id, establishment, form, files, equipped)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
"""
# A key makes one request for ever: where it made one before, nothing of this write is kept.
ADD_KEYS = """
INSERT INTO request_key (author, key, case_id, establishment)
SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[]) ON CONFLICT DO NOTHING
"""
FOLLOW = """
UPDATE request r SET stage = n.stage, updated_at = n.updated_at, deadline_at = n.deadline_at, follow_up = n.follow_up
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[])
    AS n (case_id, stage, updated_at, deadline_at, follow_up)
WHERE r.case_id = n.case_id
"""
EDIT = """
UPDATE request r SET stage = n.stage, updated_at = n.updated_at, deadline_at = n.deadline_at, follow_up = n.follow_up,
    kind = n.kind, title = n.title, domain = n.domain, urgency = n.urgency, department = n.department
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[])
    AS n (case_id, stage, updated_at, deadline_at, follow_up, kind, title, domain, urgency, department)
WHERE r.case_id = n.case_id
"""
EDIT_FORM = """
UPDATE request_form f SET form = n.form, files = n.files, equipped = n.equipped
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS n (case_id, form, files, equipped)
WHERE f.case_id = n.case_id
"""

ADD_FILES = """
INSERT INTO attachment (attachment_id, case_id, establishment, name, media_type, content)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[])
"""
REMOVE_FILES = "DELETE FROM attachment WHERE attachment_id = ANY($1::uuid[])"

Row = Any  # an asyncpg record: a tuple in the order of the columns

_to_follow_up = msgspec.json.Decoder(FollowUp).decode
_from_follow_up = msgspec.json.Encoder().encode


class RequestStore:
    """Reads many requests with one statement, and says how they are kept."""

    async def read(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Head, State]]:
        """The requests of these cases; None for those that do not exist or are out of scope."""
        found: dict[UUID, tuple[Head, State]] = dict.fromkeys(case_ids, (Head(), None))
        for row in await db.fetch(READ, case_ids):
            found[row[0]] = Head(*row[1:5]), _request(row)
        return found

    def writes(self, changes: Sequence[Change[State]]) -> Iterator[Write]:
        """A new request whole, then only the row or the form that is not what it was."""
        pairs = [(change.before, change.after) for change in changes if change.after is not None]
        if new := [after for before, after in pairs if before is None]:
            yield Write(ADD, columns([_head(request) for request in new]))
            if keyed := [(r.author, r.key, r.case_id, r.establishment) for r in new if r.key is not None]:
                yield Write(ADD_KEYS, columns(keyed), expected=len(keyed), otherwise=KeyTaken)
            yield Write(ADD_FORM, columns([(r.case_id, r.establishment, *_form(r)) for r in new]))
        known = [(before, after) for before, after in pairs if before is not None]
        if followed := [after for before, after in known if not _form_changed(before, after)]:
            yield Write(FOLLOW, columns([_progress(r) for r in followed]))
        if edited := [after for before, after in known if _form_changed(before, after)]:
            yield Write(EDIT, columns([(*_progress(r), *_listed(r)) for r in edited]))
            yield Write(EDIT_FORM, columns([(r.case_id, *_form(r)) for r in edited]))
        yield from _file_writes([after for _, after in pairs])

    def establishment(self, state: State) -> str:
        """The FINESS code of the requester's establishment."""
        if state is None:
            raise ValueError("a request that does not exist belongs to nobody")
        return state.establishment


def _file_writes(requests: Sequence[Request]) -> Iterator[Write]:
    added = [
        (n.file.attachment_id, r.case_id, r.establishment, n.file.name, n.file.media_type, n.content)
        for r in requests
        for n in r.added
    ]
    if added:
        yield Write(ADD_FILES, columns(added))
    if removed := [attachment_id for r in requests for attachment_id in r.removed]:
        yield Write(REMOVE_FILES, (removed,))


def _head(r: Request) -> tuple[Any, ...]:
    return (
        r.case_id, r.establishment, r.author, r.author_title, r.own_department, r.reference, *_listed(r), r.stage,
        r.created_at, r.updated_at, next_deadline(r.follow_up), r.digest, _text(r.follow_up),
    )  # fmt: skip


def _listed(r: Request) -> tuple[Any, ...]:
    return r.form.kind, r.form.title, r.form.domain, r.form.urgency, r.department


def _progress(r: Request) -> tuple[Any, ...]:
    return r.case_id, r.stage, r.updated_at, next_deadline(r.follow_up), _text(r.follow_up)


def _form(r: Request) -> tuple[str, str, str]:
    return (
        form_text(r.form),
        "[" + ",".join(file.model_dump_json() for file in r.files) + "]",
        "[" + ",".join(software.model_dump_json() for software in r.equipped) + "]",
    )


def _form_changed(before: Request, after: Request) -> bool:
    return before.form is not after.form or before.files is not after.files or before.equipped is not after.equipped


def _text(follow_up: FollowUp) -> str:
    return _from_follow_up(follow_up).decode()


def _request(row: Row) -> State:
    if row[5] is None:
        return None
    reference, author, author_title, establishment, own_department, created_at, updated_at, digest = row[5:13]
    follow_up, form, files = _to_follow_up(row[13]), row[17], row[18]
    return Request(
        case_id=row[0],
        reference=reference,
        author=author,
        author_title=author_title,
        establishment=establishment,
        own_department=own_department,
        created_at=created_at,
        updated_at=updated_at,
        digest=digest,
        form=form_from(form) if form is not None else EMPTY,
        files=files_from(files) if files is not None else (),
        subject=Subject(*row[14:17]) if follow_up.submitted_at is not None else None,
        follow_up=follow_up,
    )


def as_read(state: State) -> State:
    """What reading a sent request back would give: no decision needs its form. Drafts are large, and rarely decided on."""
    if state is None or state.stage is Stage.DRAFT:
        return None
    return replace(state, form=EMPTY, files=(), equipped=(), added=(), removed=(), key=None)


def form_from(text: str) -> RequestForm:
    """A form as it was kept; fields that a later version added are left aside."""
    return RequestForm.model_validate_json(text, extra="ignore")


def files_from(text: str) -> tuple[AttachedFile, ...]:
    """The list of files as it was kept."""
    return tuple(AttachedFile.model_validate(file) for file in msgspec.json.decode(text))


def equipped_from(text: str) -> tuple[EquippedSoftware, ...]:
    """The software that the GHT had when the request was sent."""
    return tuple(EquippedSoftware.model_validate(software) for software in msgspec.json.decode(text))


def follow_up_from(text: str) -> FollowUp:
    """The follow-up as it was kept."""
    return _to_follow_up(text)

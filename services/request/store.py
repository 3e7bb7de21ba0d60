"""The rows of requests: the small one that each event rewrites, the form that is frozen once sent, the files."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from services.request.follow_up import FollowUp
from services.request.form import EMPTY, RequestForm, form_text
from services.request.model import Request, State
from services.request.waiting import next_deadline
from shared.casework import Change
from shared.contracts.need import AttachedFile, EquippedSoftware
from shared.postgres import Db

# No decision needs the form of a sent request: it is read with drafts only.
LOAD = """
SELECT r.case_id, r.reference, r.author, r.author_title, r.establishment, r.own_department, r.created_at, r.updated_at,
    r.digest, r.follow_up, f.form, f.files
FROM request r LEFT JOIN request_form f ON f.case_id = r.case_id AND r.stage = 'draft'
WHERE r.case_id = ANY($1::uuid[])
"""

INSERT = """
WITH new AS (
    INSERT INTO request (case_id, establishment, author, author_title, own_department, reference, kind, title, domain,
        urgency, stage, created_at, updated_at, deadline_at, digest, follow_up)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::bytea[],
        $16::text[])
)
INSERT INTO request_form (case_id, establishment, form, files, equipped)
SELECT * FROM unnest($1::uuid[], $2::text[], $17::text[], $18::text[], $19::text[])
"""

FOLLOW = """
UPDATE request r SET stage = n.stage, updated_at = n.updated_at, deadline_at = n.deadline_at, follow_up = n.follow_up
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[])
    AS n (case_id, stage, updated_at, deadline_at, follow_up)
WHERE r.case_id = n.case_id
"""

EDIT = """
WITH head AS (
    UPDATE request r SET kind = n.kind, title = n.title, domain = n.domain, urgency = n.urgency
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n (case_id, kind, title, domain, urgency)
    WHERE r.case_id = n.case_id
)
UPDATE request_form f SET form = n.form, files = n.files, equipped = n.equipped
FROM unnest($1::uuid[], $6::text[], $7::text[], $8::text[]) AS n (case_id, form, files, equipped)
WHERE f.case_id = n.case_id
"""

ADD_FILE = """
INSERT INTO attachment (attachment_id, case_id, establishment, name, media_type, content)
VALUES ($1, $2, $3, $4, $5, $6)
"""
REMOVE_FILES = "DELETE FROM attachment WHERE attachment_id = ANY($1::uuid[])"

Row = Any  # an asyncpg record: a tuple in the order of the columns

_to_follow_up = msgspec.json.Decoder(FollowUp).decode
_from_follow_up = msgspec.json.Encoder().encode


class RequestStore:
    """Loads and saves many requests with one statement each."""

    async def load(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, State]:
        """The requests of these cases; None for those that do not exist or are out of scope."""
        found: dict[UUID, State] = dict.fromkeys(case_ids)
        for row in await db.fetch(LOAD, case_ids):
            found[row[0]] = _request(row)
        return found

    async def save(self, db: Db, changes: Sequence[Change[State]]) -> None:
        """Write what changed: a new request whole, then only the row or the form that is not what it was."""
        pairs = [(change.before, change.after) for change in changes if change.after is not None]
        if new := [after for before, after in pairs if before is None]:
            rows = [(*_head(request), *_form(request)) for request in new]
            await db.execute(INSERT, *zip(*rows, strict=True))
        if moved := [after for before, after in pairs if before is not None]:
            rows = [(r.case_id, r.stage, r.updated_at, next_deadline(r.follow_up), _text(r.follow_up)) for r in moved]
            await db.execute(FOLLOW, *zip(*rows, strict=True))
        if edited := [after for before, after in pairs if before is not None and _form_changed(before, after)]:
            rows = [(r.case_id, r.form.kind, r.form.title, r.form.domain, r.form.urgency, *_form(r)) for r in edited]
            await db.execute(EDIT, *zip(*rows, strict=True))
        await self._save_files(db, [after for _, after in pairs])

    async def _save_files(self, db: Db, requests: Sequence[Request]) -> None:
        added = [
            (n.file.attachment_id, r.case_id, r.establishment, n.file.name, n.file.media_type, n.content)
            for r in requests
            for n in r.added
        ]
        if added:
            await db.executemany(ADD_FILE, added)
        if removed := [attachment_id for r in requests for attachment_id in r.removed]:
            await db.execute(REMOVE_FILES, removed)

    def establishment(self, state: State) -> str:
        """The FINESS code of the requester's establishment."""
        if state is None:
            raise ValueError("a request that does not exist belongs to nobody")
        return state.establishment


def _head(r: Request) -> tuple[Any, ...]:
    form = r.form
    return (
        r.case_id, r.establishment, r.author, r.author_title, r.own_department, r.reference, form.kind, form.title,
        form.domain, form.urgency, r.stage, r.created_at, r.updated_at, next_deadline(r.follow_up), r.digest,
        _text(r.follow_up),
    )  # fmt: skip


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


def _request(row: Row) -> Request:
    case_id, reference, author, title, establishment, department, created, updated, digest, follow_up, form, files = row
    return Request(
        case_id=case_id,
        reference=reference,
        author=author,
        author_title=title,
        establishment=establishment,
        own_department=department,
        created_at=created,
        updated_at=updated,
        digest=digest,
        form=form_from(form) if form is not None else EMPTY,
        files=files_from(files) if files is not None else (),
        follow_up=_to_follow_up(follow_up),
    )


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

"""Reads for pages and API: one request with all that is known of it, lists by keyset, counts, files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from services.request.model.follow_up import FollowUp, Stage
from services.request.model.form import RequestForm
from services.request.model.request import may_open_files, may_see
from services.request.store.requests import equipped_from, files_from, follow_up_from, form_from
from services.request.store.search import EVERYTHING, FOUND, Search
from services.request.words import stage_words
from shared.basics.errors import NotFound
from shared.contracts.need import AttachedFile, EquippedSoftware
from shared.contracts.vocabulary import Urgency
from shared.contracts.words import Tone, label_of
from shared.database.postgres import Db
from shared.identity.person import Person, Role

CASE = """
SELECT r.case_id, r.reference, r.author, r.author_title, r.establishment, r.own_department, r.stage, r.created_at,
    r.updated_at, r.follow_up, f.form, f.files, f.equipped
FROM request r JOIN request_form f USING (case_id) WHERE r.case_id = $1
"""

LISTED = """
    case_id, reference, title, kind, domain, stage, author_title, establishment, urgency, created_at, updated_at,
    deadline_at, follow_up, author
"""
"""What `listed` reads, by its place."""

# $1 author, $2 establishment: null where the person may see more; $3, $4 what is looked for; $5 stages; $6 the last
# case of the page before.
LIST = f"""
SELECT {LISTED} FROM request
WHERE ($1::text IS NULL OR author = $1) AND ($2::text IS NULL OR establishment = $2)
    AND {FOUND} AND ($5::text[] IS NULL OR stage = ANY($5))
    AND ($6::uuid IS NULL OR (created_at, case_id) < (SELECT created_at, case_id FROM request WHERE case_id = $6))
ORDER BY created_at DESC, case_id DESC LIMIT $7
"""  # noqa: S608  made of constants
COUNTS = f"""
SELECT stage, count(*)::int FROM request
WHERE ($1::text IS NULL OR author = $1) AND ($2::text IS NULL OR establishment = $2) AND {FOUND}
    AND ($5::text[] IS NULL OR stage = ANY($5)) GROUP BY stage
"""  # noqa: S608  made of constants
FILE = """
SELECT a.name, a.media_type, a.content, r.author, r.establishment, r.stage <> 'draft'
FROM attachment a JOIN request r USING (case_id) WHERE a.case_id = $1 AND a.attachment_id = $2
"""
MADE = "SELECT case_id FROM request_key WHERE author = $1 AND key = $2"


class CaseFile(msgspec.Struct, frozen=True):
    """Everything that this service knows of one request."""

    case_id: UUID
    reference: str
    author: str
    author_title: str
    establishment: str
    own_department: str
    stage: Stage
    created_at: datetime
    updated_at: datetime
    follow_up: FollowUp
    form: RequestForm
    files: tuple[AttachedFile, ...]
    equipped: tuple[EquippedSoftware, ...]


class Listed(msgspec.Struct, frozen=True):
    """A request in a list."""

    case_id: UUID
    reference: str
    title: str
    kind: str | None
    domain: str | None
    stage: Stage
    author_title: str
    establishment: str
    urgency: str
    created_at: datetime
    updated_at: datetime
    deadline_at: datetime | None
    follow_up: FollowUp
    author: str

    @property
    def status_label(self) -> str:
        """Where it stands, in French."""
        return stage_words(self.follow_up, self.stage)[0]

    @property
    def tone(self) -> Tone:
        """The tone of where it stands."""
        return stage_words(self.follow_up, self.stage)[1]

    @property
    def urgency_label(self) -> str:
        """How urgent its author says it is, in French; empty where nothing is urgent."""
        return label_of(Urgency, self.urgency).lower() if self.urgency != Urgency.NORMAL else ""


class StoredFile(msgspec.Struct, frozen=True):
    """An attachment with its bytes."""

    name: str
    media_type: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """It is saved, and never shown inside the site."""
        return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}"}


async def case_of(db: Db, person: Person, case_id: UUID) -> CaseFile:
    """The request; `NotFound` where it does not exist, or is not open to the person."""
    row: Any = await db.fetchrow(CASE, case_id)
    if row is None or not may_see(person, row[2], row[4]):
        raise NotFound
    return CaseFile(
        case_id=row[0],
        reference=row[1],
        author=row[2],
        author_title=row[3],
        establishment=row[4],
        own_department=row[5],
        stage=Stage(row[6]),
        created_at=row[7],
        updated_at=row[8],
        follow_up=follow_up_from(row[9]),
        form=form_from(row[10]),
        files=files_from(row[11]),
        equipped=equipped_from(row[12]),
    )


def whose(person: Person) -> tuple[str | None, str | None]:
    """The author and the establishment that the person's lists are limited to; None is no limit."""
    if person.sees_whole_ght:
        return None, None
    if person.has(Role.BUSINESS_REFERENT, Role.MEMBER_CONTACT):
        return None, person.establishment
    return person.id, None


async def requests_list(
    db: Db, person: Person, stages: Sequence[Stage] | None, after: UUID | None, limit: int, search: Search = EVERYTHING
) -> list[Listed]:
    """Requests open to the person, newest first, after this one."""
    author, establishment = whose(person)
    rows: Any = await db.fetch(LIST, author, establishment, search.reference, search.words, stages, after, limit)
    return [listed(row) for row in rows]


async def requests_counts(
    db: Db, person: Person, search: Search = EVERYTHING, stages: Collection[Stage] | None = None
) -> dict[Stage, int]:
    """How many requests open to the person stand at each stage, or at each of these: those that are over are many."""
    author, establishment = whose(person)
    wanted = None if stages is None else [stage.value for stage in stages]
    rows: Any = await db.fetch(COUNTS, author, establishment, search.reference, search.words, wanted)
    found = {Stage(stage): count for stage, count in rows}
    return {stage: found.get(stage, 0) for stage in stages or Stage}


async def made_by(db: Db, person: Person, key: str | None) -> UUID | None:
    """The request that this person's key made."""
    case_id: UUID | None = await db.fetchval(MADE, person.id, key)
    return case_id


async def stored_file(db: Db, person: Person, case_id: UUID, attachment_id: UUID) -> StoredFile:
    """An attachment, or `NotFound`."""
    row: Any = await db.fetchrow(FILE, case_id, attachment_id)
    if row is None or not may_open_files(person, row[3], row[4], sent=row[5]):
        raise NotFound
    return StoredFile(row[0], row[1], row[2])


def listed(row: Any) -> Listed:
    """A row of a list."""
    return Listed(
        case_id=row[0],
        reference=row[1],
        title=row[2],
        kind=row[3],
        domain=row[4],
        stage=Stage(row[5]),
        author_title=row[6],
        establishment=row[7],
        urgency=row[8],
        created_at=row[9],
        updated_at=row[10],
        deadline_at=row[11],
        follow_up=follow_up_from(row[12]),
        author=row[13],
    )

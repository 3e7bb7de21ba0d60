"""What is overdue, for those who are told: operations for reviews that do not start, buyers for routes not decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.request.model.follow_up import Stage
from services.request.model.waiting import overdue
from services.request.store.reads import LISTED, Listed, listed
from shared.database.postgres import Db
from shared.identity.person import Person, Role

LATE = f"""
SELECT {LISTED} FROM request WHERE stage = ANY($1::text[]) AND ($2::text IS NULL OR author = $2)
ORDER BY created_at, case_id LIMIT 200
"""  # noqa: S608  made of constants

STAGES: dict[Role, tuple[Stage, ...]] = {
    Role.PLATFORM_OPERATOR: (Stage.SUBMITTED,),
    Role.REQUESTER: (Stage.ANSWER_AWAITED,),
    Role.BUYER: (Stage.APPROVED, Stage.ROUTE_PROPOSED),
}
"""Where to look for what each role is told."""


class LateView(BaseModel):
    """A request that waits beyond its deadline."""

    case_id: UUID
    reference: str
    establishment: str
    what: str
    due_at: datetime


class LateList(BaseModel):
    """What you are told about, oldest first."""

    late: list[LateView]


async def late_for(db: Db, person: Person, now: datetime) -> list[LateView]:
    """What this person is told: their own answers, or what their role watches over."""
    found: list[LateView] = []
    for role, stages in STAGES.items():
        if person.has(role):
            author = person.id if role is Role.REQUESTER else None
            rows: Sequence[Any] = await db.fetch(LATE, stages, author)
            found += _late([listed(row) for row in rows], role, now)
    return found


def _late(requests: Sequence[Listed], role: Role, now: datetime) -> list[LateView]:
    return [
        LateView(
            case_id=one.case_id,
            reference=one.reference,
            establishment=one.establishment,
            what=waiting.sentence,
            due_at=waiting.due_at,
        )
        for one in requests
        for waiting in overdue(one.follow_up, now)
        if waiting.told == role
    ]

"""What is overdue, for those who are told: operations for reviews that do not start, buyers for routes not decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.request.model.follow_up import Stage
from services.request.model.waiting import overdue
from services.request.store.reads import LISTED, listed
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


class Late(msgspec.Struct, frozen=True):
    """A request that waits beyond its deadline."""

    case_id: UUID
    reference: str
    establishment: str
    what: str
    due_at: datetime


async def late_for(db: Db, person: Person, now: datetime) -> list[Late]:
    """What this person is told: their own answers, or what their role watches over."""
    found: list[Late] = []
    for role, stages in STAGES.items():
        if person.has(role):
            rows: Sequence[Any] = await db.fetch(LATE, stages, person.id if role is Role.REQUESTER else None)
            found += [
                Late(one.case_id, one.reference, one.establishment, waiting.sentence, waiting.due_at)
                for one in map(listed, rows)
                for waiting in overdue(one.follow_up, now)
                if waiting.told == role
            ]
    return found

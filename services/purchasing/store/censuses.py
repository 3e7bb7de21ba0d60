"""Reading censuses: a member sees what it is asked, the buyer sees how the answers come in."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.purchasing.model.purchase import Reply
from services.purchasing.store.purchases import Question
from services.purchasing.store.reads import FIRST, PAGE
from shared.database.postgres import Db

ASKING: Final = "SELECT asking FROM invitation WHERE case_id = $1 AND establishment = $2"
_OF_MEMBER: Final = """
SELECT case_id, asking, deadline, open, question, reply, NULL::bigint AS asked, NULL::bigint AS answered
FROM invitation WHERE establishment = $1 AND """
OF_MEMBER: Final = _OF_MEMBER + "case_id > $2 ORDER BY case_id LIMIT $3"
ONE: Final = _OF_MEMBER + "case_id = $2"
OF_ALL: Final = """
SELECT case_id, min(asking) AS asking, min(deadline) AS deadline, bool_or(open) AS open, min(question) AS question,
    NULL::text AS reply, count(*) AS asked, count(reply) AS answered
FROM invitation WHERE case_id > $1 GROUP BY case_id ORDER BY case_id LIMIT $2
"""
TO_ANSWER: Final = "SELECT count(*) FROM invitation WHERE establishment = $1 AND open AND reply IS NULL"

_question = msgspec.json.Decoder(Question)
_reply = msgspec.json.Decoder(Reply)


class Invitation(msgspec.Struct, frozen=True):
    """One census as a member or the buyer sees it; the two counts are the buyer's."""

    case_id: UUID
    asking: str
    deadline: datetime
    open: bool
    question: Question
    reply: Reply | None
    asked: int | None
    answered: int | None


async def asking_of(db: Db, case_id: UUID, member: str) -> str | None:
    """The establishment whose need a member is asked about; None where it is not asked."""
    found = await db.fetchval(ASKING, case_id, member)
    return None if found is None else str(found)


async def invitations_of(db: Db, member: str, after: UUID | None) -> list[Invitation]:
    """What a member is asked or was asked, oldest case first."""
    return [_invitation(row) for row in await db.fetch(OF_MEMBER, member, after or FIRST, PAGE + 1)]


async def censuses_all(db: Db, after: UUID | None) -> list[Invitation]:
    """Every census in scope with its counts, oldest case first."""
    return [_invitation(row) for row in await db.fetch(OF_ALL, after or FIRST, PAGE + 1)]


async def invitation_get(db: Db, case_id: UUID, member: str) -> Invitation | None:
    """What one member is asked about one case."""
    row = await db.fetchrow(ONE, member, case_id)
    return None if row is None else _invitation(row)


async def invitations_to_answer(db: Db, member: str) -> int:
    """How many censuses wait for this member."""
    return int(await db.fetchval(TO_ANSWER, member))


def _invitation(row: Any) -> Invitation:
    reply = _reply.decode(row["reply"]) if row["reply"] else None
    return Invitation(**{**row, "question": _question.decode(row["question"]), "reply": reply})

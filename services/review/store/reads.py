"""What lists show: keyset pages over indexes, under the row-level security of who asks."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.review.model.queues import Counts
from services.review.model.review import Check, Review
from services.review.store.reviews import READ, decode_check, review_of
from shared.contracts.vocabulary import CheckKind, DataClass, RequestKind, Urgency
from shared.contracts.words import label_of
from shared.database.postgres import Db

OPEN = ("to_take", "taken", "waiting_answer")
FIRST = (date.min, UUID(int=0), "")
KNOWN = (list(RequestKind), list(DataClass), list(Urgency))

WORK_LIST = """
SELECT position, case_id, reference, title, establishment, status, opened_at, kinds
FROM review WHERE position > $1 ORDER BY position LIMIT $2
"""

# One index range per queue and state, each already in due order and cut at the page's length.
CHECKS = """
SELECT c.case_id, c.kind, c.due_on, c.state, r.reference, r.title, r.establishment, r.department, r.request_kind, r.data,
    r.care_stops, r.max_downtime_hours, r.urgency, r.requester,
    -- Labels travel with the need: they are only looked up for words that this version does not know.
    CASE WHEN r.request_kind = ANY($11) AND r.data = ANY($12) AND r.urgency = ANY($13) THEN '{}' ELSE r.need END
FROM unnest($1::text[]) AS wanted (kind) CROSS JOIN unnest($2::text[]) AS in_state (status)
CROSS JOIN LATERAL (
    SELECT k.case_id, k.kind, k.due_on, k.state FROM review_check k
    WHERE k.kind = wanted.kind AND k.status = in_state.status
        AND (k.due_on, k.case_id, k.kind) > ($3::date, $4::uuid, $5::text) AND k.due_on < $6::date
        AND ($7::text IS NULL OR k.establishment = $7) AND ($8::text IS NULL OR k.data = $8)
        AND ($9::text[] IS NULL OR k.holder = ANY($9))
    ORDER BY k.due_on, k.case_id LIMIT $10
) c JOIN review r USING (case_id)
ORDER BY c.due_on, c.case_id, c.kind LIMIT $10
"""

COUNTS = """
SELECT kind, establishment, count(*), count(*) FILTER (WHERE status = 'to_take'),
    count(*) FILTER (WHERE status = 'waiting_answer'), count(*) FILTER (WHERE due_on < $2),
    count(*) FILTER (WHERE due_on BETWEEN $2 AND $3), count(*) FILTER (WHERE holder = ANY($4))
FROM review_check WHERE kind = ANY($1) AND status IN ('to_take', 'taken', 'waiting_answer')
GROUP BY kind, establishment ORDER BY establishment
"""


class ToldLabels(msgspec.Struct, frozen=True):
    """The labels that came with the words of a need."""

    kind_label: str = ""
    data_label: str = ""
    urgency_label: str = ""


class CheckLine(msgspec.Struct, frozen=True):
    """A check in a queue, with what one must know of its case to choose it."""

    case_id: UUID
    kind: str
    due_on: date
    check: Check
    reference: str
    title: str
    establishment: str
    department: str
    request_kind: str
    data: str
    care_stops: bool
    max_downtime_hours: int | None
    urgency: str
    requester: str
    request_kind_label: str
    data_label: str
    urgency_label: str


decode_told = msgspec.json.Decoder(ToldLabels).decode


class Wanted(msgspec.Struct, frozen=True):
    """What a list is asked for; `before` is an exclusive day, `holders` None means anybody or nobody."""

    kinds: Sequence[CheckKind]
    states: Sequence[str] = OPEN
    before: date = date.max
    establishment: str | None = None
    data: str | None = None
    holders: Sequence[str] | None = None


async def review_get(db: Db, case_id: UUID) -> Review | None:
    """One review, where it is in scope."""
    row = await db.fetchrow(READ, [case_id])
    return review_of(row) if row else None


async def reviews_after(db: Db, position: int, limit: int) -> Sequence[Any]:
    """Reviews opened after this position, in order of opening."""
    return await db.fetch(WORK_LIST, position, limit)


async def checks_page(db: Db, wanted: Wanted, after: tuple[date, UUID, str], limit: int) -> list[CheckLine]:
    """The next checks in due order."""
    rows = await db.fetch(
        CHECKS, list(wanted.kinds), list(wanted.states), *after, wanted.before, wanted.establishment,
        wanted.data, wanted.holders and list(wanted.holders), limit, *KNOWN,
    )  # fmt: skip
    return [_line(row) for row in rows]


async def queue_counts(
    db: Db, kinds: Sequence[CheckKind], today: date, week_ends: date, holders: Sequence[str]
) -> dict[CheckKind, dict[str, Counts]]:
    """How each of these queues stands, establishment by establishment (FINESS); those without open checks are left out."""
    counts: dict[CheckKind, dict[str, Counts]] = {kind: {} for kind in kinds}
    for row in await db.fetch(COUNTS, list(kinds), today, week_ends, list(holders)):
        counts[row[0]][row[1]] = Counts(*row[2:])
    return counts


def _line(row: Any) -> CheckLine:
    told = decode_told(row[14])
    fields = (
        *row[:3], decode_check(row[3]), *row[4:14], label_of(RequestKind, row[8], told.kind_label),
        label_of(DataClass, row[9], told.data_label), label_of(Urgency, row[12], told.urgency_label),
    )  # fmt: skip
    return CheckLine(*fields)

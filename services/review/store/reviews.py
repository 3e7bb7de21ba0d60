"""Where reviews are kept: one row per review, one per check; only rows that changed are written."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.review.model.check_kinds import place_of
from services.review.model.review import Check, Outlook, Review
from shared.basics.calendar import end_of
from shared.casework.decide import Change, Head, Write, columns
from shared.contracts.need import Need
from shared.database.postgres import Db

READ = """
SELECT h.case_id, h.version, h.trail_count, h.trail_head, h.event_count, r.establishment, r.requester, r.request_kind,
    r.data, r.care_stops, r.status, r.verdict, r.opened_at, r.decided_at, r.outlook, r.need,
    (SELECT array_agg(c.state) FROM review_check c WHERE c.case_id = r.case_id) AS checks
FROM case_head h LEFT JOIN review r ON r.case_id = h.case_id WHERE h.case_id = ANY($1::uuid[])
"""

# The lock is held until the commit: positions become visible in their order, and whoever follows them misses none.
OPEN = """
INSERT INTO review (case_id, establishment, requester, reference, title, department, request_kind, data, care_stops,
    max_downtime_hours, urgency, opened_at, kinds, need, status, verdict, decided_at, outlook)
WITH in_order AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtext('review.position')))
SELECT new.case_id, new.establishment, new.requester, new.reference, new.title, new.department, new.request_kind,
    new.data, new.care_stops, new.max_downtime_hours, new.urgency, new.opened_at, string_to_array(new.kinds, ','),
    new.need, new.status, new.verdict, new.decided_at, new.outlook
FROM in_order CROSS JOIN unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::boolean[], $10::integer[], $11::text[], $12::timestamptz[], $13::text[], $14::text[],
    $15::text[], $16::text[], $17::timestamptz[], $18::text[])
    AS new (case_id, establishment, requester, reference, title, department, request_kind, data, care_stops,
        max_downtime_hours, urgency, opened_at, kinds, need, status, verdict, decided_at, outlook)
"""
OPEN_CHECKS = """
INSERT INTO review_check (case_id, kind, status, holder, due_on, deadline_at, told, state, establishment, data)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::timestamptz[], $7::text[],
    $8::text[], $9::text[], $10::text[])
"""
CHANGE_CHECKS = """
UPDATE review_check c SET status = new.status, holder = new.holder, due_on = new.due_on,
    deadline_at = new.deadline_at, told = new.told, state = new.state
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::timestamptz[], $7::text[], $8::text[])
    AS new (case_id, kind, status, holder, due_on, deadline_at, told, state)
WHERE c.case_id = new.case_id AND c.kind = new.kind
"""
END = """
UPDATE review r SET status = new.status, verdict = new.verdict, decided_at = new.decided_at, outlook = new.outlook
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
    AS new (case_id, status, verdict, decided_at, outlook)
WHERE r.case_id = new.case_id
"""

PASSED = """
SELECT case_id FROM (
    SELECT case_id, deadline_at FROM review_check WHERE deadline_at <= $1 ORDER BY deadline_at LIMIT $2
) late GROUP BY case_id ORDER BY min(deadline_at)
"""

encode = msgspec.json.Encoder().encode
decode_check = msgspec.json.Decoder(Check).decode
decode_outlook = msgspec.json.Decoder(Outlook).decode

NO_OUTLOOK = Outlook()


class ReviewStore:
    """The review service's side of the cases."""

    async def read(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Head, Review | None]]:
        """The reviews of these cases; None where there is none, or none in scope."""
        found: dict[UUID, tuple[Head, Review | None]] = dict.fromkeys(case_ids, (Head(), None))
        for row in await db.fetch(READ, case_ids):
            found[row[0]] = Head(*row[1:5]), review_of(row)
        return found

    def writes(self, changes: Sequence[Change[Review | None]]) -> Iterator[Write]:
        """Insert what was opened, update what changed."""
        opened = [change.after for change in changes if change.before is None and change.after is not None]
        if opened:
            yield Write(OPEN, columns([_review_row(review) for review in opened]))
            checks = [(*_check_row(r, c), r.establishment, r.data) for r in opened for c in r.checks]
            yield Write(OPEN_CHECKS, columns(checks))
        known = [(c.before, c.after) for c in changes if c.before is not None and c.after is not None]
        changed = [
            _check_row(after, new)
            for before, after in known
            for old, new in zip(before.checks, after.checks, strict=True)
            if new is not old
        ]
        if changed:
            yield Write(CHANGE_CHECKS, columns(changed))
        if ended := [_end(after) for before, after in known if _end(after) != _end(before)]:
            yield Write(END, columns([(*end[:4], encode(end[4]).decode()) for end in ended]))

    def establishment(self, state: Review | None) -> str:
        """The FINESS code of the establishment that asked."""
        if state is None:
            raise LookupError("a case without a review has no establishment here")
        return state.establishment


class ReviewDeadlines:
    """The deadlines of the checks."""

    async def passed(self, db: Db, now: datetime, limit: int) -> Sequence[UUID]:
        """Reviews that have a check whose awaited day is over and was not told."""
        return [row[0] for row in await db.fetch(PASSED, now, limit)]


def review_of(row: Any) -> Review | None:
    """The review in a row of `READ`, where there is one."""
    if row[5] is None:
        return None
    *known, outlook, need, checks = row[5:]
    fields = (
        row[0],
        *known,
        NO_OUTLOOK if outlook == "{}" else decode_outlook(outlook),
        need,
        tuple(sorted(map(decode_check, checks), key=lambda check: (place_of(check.kind), check.kind))),
    )
    return Review(*fields)


def _end(review: Review) -> tuple[Any, ...]:
    return review.case_id, review.status, review.verdict, review.decided_at, review.outlook


def _review_row(review: Review) -> tuple[Any, ...]:
    need = Need.model_validate_json(review.need)
    return (
        review.case_id, review.establishment, review.requester, need.reference, need.title, need.department,
        review.request_kind, review.data, review.care_stops, need.max_downtime_hours, need.urgency, review.opened_at,
        ",".join(check.kind for check in review.checks), review.need, review.status, review.verdict, review.decided_at,
        encode(review.outlook).decode(),
    )  # fmt: skip


def _check_row(review: Review, check: Check) -> tuple[Any, ...]:
    awaited = check.awaited_on
    waits = not check.closed and check.told_on != awaited
    told = None if check.closed else ("requester,coordinator" if check.open_question else "coordinator")
    return (
        review.case_id, check.kind, check.status, check.holder, awaited, end_of(awaited) if waits else None, told,
        encode(check).decode(),
    )  # fmt: skip

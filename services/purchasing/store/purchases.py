"""Where purchases are kept: many cases in one statement, and the ceiling of an agreement held by the database itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.purchasing.model.market import Market
from services.purchasing.model.purchase import Purchase, PurchaseFile, Review, State, Work
from services.purchasing.model.refusals import CeilingExceeded
from services.purchasing.store.market import market_load
from shared.basics.french import typo
from shared.casework.decide import Change, Head, Write, columns
from shared.contracts.need import Need
from shared.database.postgres import Db

READ: Final = """
SELECT k.version, h.case_id, h.version, h.trail_count, h.trail_head, h.event_count,
    p.case_id, p.state, p.opened_at, p.deadline_at, p.late_since, p.need, p.review, p.work
FROM knowledge_version k LEFT JOIN (case_head h LEFT JOIN purchase p ON p.case_id = h.case_id)
    ON h.case_id = ANY($1::uuid[])
"""
# An unchanged need is sent as NULL and left alone: it is the largest part of the row and hardly ever changes.
SAVE: Final = """
INSERT INTO purchase (case_id, establishment, state, reference, title, domain, cpv, route, amount_cents, opened_at,
    deadline_at, late_since, contract_ends_on, need, review, work)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::bigint[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::date[], $14::text[], $15::text[],
    $16::text[])
ON CONFLICT (case_id) DO UPDATE SET establishment = excluded.establishment, state = excluded.state,
    reference = excluded.reference, title = excluded.title, domain = excluded.domain, cpv = excluded.cpv,
    route = excluded.route, amount_cents = excluded.amount_cents, opened_at = excluded.opened_at,
    deadline_at = excluded.deadline_at, late_since = excluded.late_since, contract_ends_on = excluded.contract_ends_on,
    need = coalesce(excluded.need, purchase.need), review = excluded.review, work = excluded.work
"""
SAVE_INVITATIONS: Final = """
INSERT INTO invitation (case_id, establishment, asking, deadline, open, question, reply)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[], $6::text[], $7::text[])
ON CONFLICT (case_id, establishment) DO UPDATE SET deadline = excluded.deadline, open = excluded.open,
    reply = excluded.reply, question = excluded.question
"""
PAST_DEADLINE: Final = "SELECT case_id FROM purchase WHERE deadline_at <= $1 ORDER BY deadline_at LIMIT $2"
# The condition is part of the update: of two confirmations that come together, the second sees what the first took.
CONSUME: Final = """
UPDATE agreement a SET consumed_cents = greatest(a.consumed_cents + d.cents, 0), revision = a.revision + 1
FROM unnest($1::uuid[], $2::bigint[]) AS d (agreement_id, cents)
WHERE a.agreement_id = d.agreement_id
  AND (d.cents <= 0 OR NOT a.withdrawn AND (a.ceiling_cents IS NULL OR a.consumed_cents + d.cents <= a.ceiling_cents))
"""


class Question(msgspec.Struct, frozen=True):
    """What a member may read of the case that it is asked about."""

    reference: str
    title: str
    description: str
    domain: str
    users: int | None
    kind: str
    kind_label: str
    message: str
    route: str
    opened_by_title: str
    products: str


_review_decoder = msgspec.json.Decoder(Review)
_work_decoder = msgspec.json.Decoder(Work)
_encode = msgspec.json.Encoder().encode


class PurchaseStore:
    """Loads and saves purchases; keeps the market in memory until its version moves."""

    def __init__(self) -> None:
        self._market: Market | None = None

    async def read(self, db: Db, case_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Head, PurchaseFile]]:
        """Every case asked for, with or without a purchase, and one market for all of them."""
        rows = await db.fetch(READ, case_ids)
        market = self._market
        if market is None or market.version != rows[0][0]:
            market = self._market = await market_load(db)
        found = dict.fromkeys(case_ids, (Head(), PurchaseFile(None, market)))
        for row in rows:
            if row[1] is not None:
                purchase = purchase_of(row[6:]) if row[6] is not None else None
                found[row[1]] = Head(*row[2:6]), PurchaseFile(purchase, market)
        return found

    def writes(self, changes: Sequence[Change[PurchaseFile]]) -> Iterator[Write]:
        """Purchases, what they take from agreements, what members are asked; `CeilingExceeded` where too much is taken."""
        changed = [(c.before.purchase, c.after.purchase) for c in changes if c.after.purchase is not None]
        if not changed:
            return
        yield Write(SAVE, columns([_row(before, after) for before, after in changed]))
        if taken := _taken(changed):
            yield Write(CONSUME, columns(taken), expected=len(taken), otherwise=CeilingExceeded)
        asked = [
            row
            for before, after in changed
            if before is None or before.work.census is not after.work.census
            for row in _invitations(after)
        ]
        if asked:
            yield Write(SAVE_INVITATIONS, columns(asked))

    def establishment(self, state: PurchaseFile) -> str:
        """The requester's establishment."""
        return state.purchase.establishment if state.purchase else ""


async def purchases_past_deadline(db: Db, now: datetime, limit: int) -> list[UUID]:
    """Cases whose deadline has passed, the oldest deadline first."""
    return [row[0] for row in await db.fetch(PAST_DEADLINE, now, limit)]


def purchase_of(row: Any) -> Purchase:
    """A purchase from its row: the last columns of `READ`."""
    case_id, state, opened_at, deadline_at, late_since, need, review, work = row
    return Purchase(
        case_id,
        State(state),
        Need.model_validate_json(need) if need else None,
        _review_decoder.decode(review),
        _work_decoder.decode(work),
        opened_at,
        deadline_at,
        late_since,
    )


def _row(before: Purchase | None, after: Purchase) -> tuple[Any, ...]:
    need = after.need
    changed_need = need is not None and (before is None or before.need is not need)
    award = after.work.award
    return (
        after.case_id,
        after.establishment,
        after.state.value,
        need.reference if need else "",
        need.title if need else "",
        need.domain if need else "",
        after.cpv,
        after.route,
        after.own_amount_cents,
        after.opened_at,
        after.deadline_at,
        after.late_since,
        award.ends_on if award else need.contract_ends_on if need else None,
        need.model_dump_json() if need is not None and changed_need else None,
        _encode(after.review).decode(),
        _encode(after.work).decode(),
    )


def _taken(changed: Sequence[tuple[Purchase | None, Purchase]]) -> list[tuple[UUID, int]]:
    """Cents that each agreement gives or gets back, in the order in which its rows are taken."""
    taken: dict[UUID, int] = {}
    for before, after in changed:
        for purchase, sign in ((before, -1), (after, 1)):
            consumes = purchase.consumes if purchase else None
            if consumes:
                taken[consumes[0]] = taken.get(consumes[0], 0) + sign * consumes[1]
    return sorted((agreement_id, cents) for agreement_id, cents in taken.items() if cents)


def _invitations(purchase: Purchase) -> list[tuple[Any, ...]]:
    census, need = purchase.work.census, purchase.need
    if census is None or need is None:
        return []
    question = Question(
        reference=need.reference,
        title=need.title,
        description=need.description,
        domain=need.domain,
        users=need.users,
        kind=need.kind,
        kind_label=need.kind_label,
        message=census.message,
        route=census.route,
        opened_by_title=census.opened_by_title,
        products=typo(need.known_products),
    )
    asked = _encode(question).decode()
    replies = {reply.establishment: _encode(reply).decode() for reply in census.replies}
    is_open = census.closed_at is None
    return [
        (purchase.case_id, member, need.establishment, census.deadline, is_open, asked, replies.get(member))
        for member in census.members
    ]

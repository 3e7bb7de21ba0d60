"""Framework agreements in the database: few, read whole; changed under the revision that was shown."""

from typing import Any, Final
from uuid import UUID

from services.purchasing.model.market import Agreement
from shared.basics.errors import NotFound
from shared.database.postgres import Db

FIELDS: Final = (
    *("body", "kind", "title", "number", "cpv", "domains", "valid_from", "valid_to", "ceiling_cents", "consumed_cents"),
    *("may_order", "orderers", "named_at_start", "suppliers", "note"),
)
"""What a buyer enters: columns of the table, and fields of what is entered, by the same names in this order."""
READ: Final = f"SELECT agreement_id, {', '.join(FIELDS)}, example, withdrawn, revision FROM agreement"  # noqa: S608 - our own columns
ALL: Final = f"{READ} ORDER BY agreement_id"
ONE: Final = f"{READ} WHERE agreement_id = $1"
INSERT: Final = """
INSERT INTO agreement (agreement_id, example, body, kind, title, number, cpv, domains, valid_from, valid_to,
    ceiling_cents, consumed_cents, may_order, orderers, named_at_start, suppliers, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT DO NOTHING
"""
CHANGE: Final = """
UPDATE agreement SET revision = $2 + 1, body = $3, kind = $4, title = $5, number = $6, cpv = $7, domains = $8,
    valid_from = $9, valid_to = $10, ceiling_cents = $11, consumed_cents = $12, may_order = $13, orderers = $14,
    named_at_start = $15, suppliers = $16, note = $17
WHERE agreement_id = $1 AND revision = $2 AND NOT withdrawn
"""
WITHDRAW: Final = (
    "UPDATE agreement SET withdrawn = true, revision = revision + 1 WHERE agreement_id = $1 AND NOT withdrawn"
)
SAME: Final = f"""
{READ}
WHERE (body, kind, title, number, cpv, domains, valid_from, valid_to, ceiling_cents, consumed_cents, may_order, orderers,
        named_at_start, suppliers, note, example, withdrawn)
    IS NOT DISTINCT FROM ($1::text, $2::text, $3::text, $4::text, $5::text[], $6::text[], $7::date, $8::date, $9::bigint,
        $10::bigint, $11::text, $12::text[], $13::boolean, $14::text[], $15::text, false, false)
"""
LOCK: Final = "LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE"
LISTS: Final = ("cpv", "domains", "orderers", "suppliers")


async def agreements_all(db: Db) -> tuple[Agreement, ...]:
    """Every agreement, withdrawn ones included."""
    return tuple(_agreement(row) for row in await db.fetch(ALL))


async def agreement_get(db: Db, agreement_id: UUID) -> Agreement:
    """One agreement, withdrawn or not; raises NotFound."""
    row = await db.fetchrow(ONE, agreement_id)
    if row is None:
        raise NotFound
    return _agreement(row)


async def agreement_same(db: Db, entered: object) -> Agreement | None:
    """The agreement that was entered with the same FIELDS, an example or a withdrawn one apart."""
    row = await db.fetchrow(SAME, *_values(entered))
    return None if row is None else _agreement(row)


async def agreements_lock(db: Db) -> None:
    """Let one transaction at a time enter agreements."""
    await db.execute(LOCK)


async def agreement_insert(db: Db, agreement_id: UUID, entered: object, *, example: bool = False) -> None:
    """Add an agreement."""
    await db.execute(INSERT, agreement_id, example, *_values(entered))


async def agreement_change(db: Db, agreement_id: UUID, revision: int, entered: object) -> bool:
    """Whether it was changed: not where it is withdrawn or has another revision."""
    return bool(await db.execute(CHANGE, agreement_id, revision, *_values(entered)) == "UPDATE 1")


async def agreement_withdraw(db: Db, agreement_id: UUID) -> bool:
    """Whether it was withdrawn just now."""
    return bool(await db.execute(WITHDRAW, agreement_id) == "UPDATE 1")


def _values(entered: object) -> list[Any]:
    return [getattr(entered, name) for name in FIELDS]


def _agreement(row: Any) -> Agreement:
    return Agreement(**{**row, **{name: tuple(row[name]) for name in LISTS}})

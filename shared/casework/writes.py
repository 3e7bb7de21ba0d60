"""Several writes as one statement: one round trip to PostgreSQL and one durable commit, all or nothing.

A write may say how many rows it must change. If it changes another number, the whole statement fails: that is how a
decision learns that its case has changed since it was read.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import asyncpg

from shared.database.postgres import Db


class Overtaken(asyncpg.SerializationError):
    """A case changed between its reading and this write: read it and decide again."""


class Write(NamedTuple):
    """One INSERT, UPDATE or DELETE whose parameters are numbered from `$1`; `expected`: rows that it must change."""

    sql: str
    values: tuple[Any, ...]
    expected: int | None = None
    otherwise: type[Exception] = Overtaken


async def keep(db: Db, writes: Sequence[Write]) -> None:
    """Run all of these writes, or raise the `otherwise` of the first one whose guard failed.

    Outside of a transaction this is durable on return. No two writes may change the same row (PostgreSQL would keep
    one of the changes), and none sees what another wrote.
    """
    guarded = [write for write in writes if write.expected is not None]
    sql = _together(tuple((write.sql, write.expected is not None) for write in writes))
    values = [value for write in writes for value in write.values]
    try:
        await db.execute(sql, *values, *(write.expected for write in guarded))
    except asyncpg.SerializationError as failed:
        for place, write in enumerate(guarded):
            if str(failed) == f"guard {place}":
                raise write.otherwise() from None
        raise


@lru_cache(maxsize=256)
def _together(parts: tuple[tuple[str, bool], ...]) -> str:
    writes: list[str] = []
    guards: list[str] = []
    count = 0
    for place, (sql, guarded) in enumerate(parts):
        numbered = re.sub(r"\$(\d+)", lambda found, before=count: f"${int(found[1]) + before}", sql)  # type: ignore[misc]
        writes.append(f"w{place} AS ({numbered.strip()}{' RETURNING 1' if guarded else ''})")
        count += len(set(re.findall(r"\$\d+", sql)))
        if guarded:
            guards.append(f"SELECT guard_failed({len(guards)}) WHERE (SELECT count(*) FROM w{place})")  # noqa: S608 -- numbers
    # The guards run first, in their order; then PostgreSQL runs the writes whose count no guard reads.
    checks = [f"{guard} <> ${count + n}" for n, guard in enumerate(guards, start=1)]
    return f"WITH {', '.join(writes)} {' UNION ALL '.join(checks) or 'SELECT'}"


def columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    """Rows as the column arrays that `unnest` takes; at least one row."""
    return tuple(map(list, zip(*rows, strict=True)))

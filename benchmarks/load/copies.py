"""Many earlier cases, made inside the databases by copying real ones row by row under new ids.

Nothing here knows a table: whatever has a `case_id` is copied, so the services may change theirs. Each copy is eight
hours older than the one after it, its ids and its times too, so that indexes look as after years of use. Deadlines
stay where they are: a copy is not late. The oldest are written first, some thousand rows of a table at a time.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
from psycopg import sql

from deploy.local.servers.databases import database_of

AT_ONCE = 50
"""Copies of every case in one round over the tables."""

# A UUIDv7 begins with its milliseconds, 12 hexadecimal digits.
_OLDER = """
CREATE OR REPLACE FUNCTION pg_temp.older(id uuid, copy bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint - copy * 28800000), 12, '0')
        || left(md5(id::text || copy), 20))::uuid
$$
"""
_COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position),
    array_agg(data_type::text ORDER BY ordinal_position), bool_or(column_name = 'case_id')
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' AND is_identity = 'NO'
GROUP BY table_name HAVING bool_or(column_name = 'case_id') OR table_name = 'inbox'
"""
_COPY = "INSERT INTO {t} ({c}) SELECT {v} FROM {o} AS o, generate_series(%s::int, %s::int, -1) AS copy {w}"
_IDS = ("case_id", "event_id", "attachment_id")


def multiply(admin: str, databases: Collection[str], copies: int, open_copies: int, opened: Collection[UUID]) -> None:
    """Add so many copies of every case, fewer of those that are open; then let PostgreSQL look at its tables again."""
    with ThreadPoolExecutor(len(databases)) as pool:
        for done in [pool.submit(_multiply, admin, name, copies, open_copies, list(opened)) for name in databases]:
            done.result()
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute("CHECKPOINT")


def _multiply(admin: str, database: str, copies: int, open_copies: int, opened: list[UUID]) -> None:
    with psycopg.connect(database_of(admin, database), autocommit=True) as db:
        # Order between tables, and our own triggers, do not matter; nobody waits for these rows to be on disk.
        db.execute("SET session_replication_role = replica")
        db.execute("SET synchronous_commit = off")
        db.execute(_OLDER)
        db.execute("CREATE TEMP TABLE bench_open (case_id uuid PRIMARY KEY)")
        with db.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_open VALUES (%s)", [(case_id,) for case_id in opened])
        tables = db.execute(_COLUMNS).fetchall()
        for table, *_ in tables:
            db.execute(
                sql.SQL("CREATE TEMP TABLE {} AS TABLE {}").format(
                    sql.Identifier(f"bench_original_{table}"), sql.Identifier(table)
                )
            )
        for oldest in range(copies, 0, -AT_ONCE):
            newest = max(1, oldest - AT_ONCE + 1)
            for table, columns, types, has_case in tables:
                db.execute(_copy(table, columns, types, has_case, open_copies), (oldest, newest))
        db.execute("VACUUM (ANALYZE)")


def _copy(table: str, columns: list[str], types: list[str], has_case: bool, open_copies: int) -> sql.Composed:
    keep = "WHERE copy <= {most} OR NOT EXISTS (SELECT 1 FROM bench_open b WHERE b.case_id = o.case_id)"
    return sql.SQL(_COPY).format(
        t=sql.Identifier(table),
        c=sql.SQL(", ").join(map(sql.Identifier, columns)),
        v=sql.SQL(", ").join(_value(*column) for column in zip(columns, types, strict=True)),
        o=sql.Identifier(f"bench_original_{table}"),
        w=sql.SQL(keep).format(most=sql.Literal(open_copies)) if has_case else sql.SQL(""),
    )


def _value(column: str, data_type: str) -> sql.Composable:
    if column in _IDS:
        return sql.SQL("pg_temp.older({}, copy)").format(sql.Identifier(column))
    if column == "key":
        return sql.SQL("key || ' ' || copy")
    if data_type == "timestamp with time zone" and not column.startswith("deadline"):
        return sql.SQL("{} - copy * interval '8 hours'").format(sql.Identifier(column))
    return sql.Identifier(column)

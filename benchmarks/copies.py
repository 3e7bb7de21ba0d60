"""Many earlier cases, made inside the databases by copying real ones row by row under new ids.

Nothing here knows a table: whatever has a `case_id` is copied, so the services may change theirs. Each copy is a minute
older than the one before it, and its ids too, so that indexes look as after years of use.
"""

import psycopg
from psycopg import sql

from deploy.local.databases import database_of

# A UUIDv7 begins with its milliseconds, 12 hexadecimal digits.
_OLDER = """
CREATE OR REPLACE FUNCTION pg_temp.older(id uuid, copy bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint - copy * 60000), 12, '0')
        || left(md5(id::text || copy), 20))::uuid
$$
"""
_COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' AND is_identity = 'NO'
GROUP BY table_name HAVING bool_or(column_name = 'case_id') OR table_name = 'inbox'
"""
_IDS = ("case_id", "event_id", "attachment_id")


def multiply(admin: str, database: str, copies: int) -> None:
    """Add so many copies of every case of a database, then let PostgreSQL look at its tables again."""
    with psycopg.connect(database_of(admin, database), autocommit=True) as db:
        db.execute(
            "SET session_replication_role = replica"
        )  # order between tables, and our own triggers, do not matter
        db.execute(_OLDER)
        for table, columns in db.execute(_COLUMNS).fetchall():
            chosen = [
                sql.SQL("pg_temp.older({}, copy)").format(sql.Identifier(name))
                if name in _IDS
                else sql.Identifier(name)
                for name in columns
            ]
            db.execute(
                sql.SQL("INSERT INTO {t} ({c}) SELECT {v} FROM {t}, generate_series(1, {n}) AS copy").format(
                    t=sql.Identifier(table),
                    c=sql.SQL(", ").join(map(sql.Identifier, columns)),
                    v=sql.SQL(", ").join(chosen),
                    n=sql.Literal(copies),
                )
            )
        db.execute("VACUUM ANALYZE")
        db.execute("CHECKPOINT")

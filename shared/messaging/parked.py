"""Parked messages: unreadable, refused, or failed each time. Stored byte for byte (except NUL in the name of a header), shown,
replayed or dismissed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from shared.database.postgres import Db


class Message(msgspec.Struct, frozen=True):
    """A Kafka message as it was received."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked message. `holds_case`: later events of that case are parked behind it, which keeps their order."""

    message: Message
    slug: str
    reason: str
    attempts: int = 0
    holds_case: UUID | None = None
    parked_id: int = 0
    parked_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None


def handler_failed(message: Message, case_id: UUID | None, error: Exception, attempts: int) -> Parked:
    """A message whose effect failed each time; it holds its case."""
    reason = f"Le traitement a échoué {attempts} fois : {type(error).__name__}."
    return Parked(message, "handler-failed", reason, attempts, holds_case=case_id)


PARK = """
INSERT INTO parked_message (consumer, topic, partition, "offset", key, header_names, header_values, value,
    slug, reason, attempts, holds_case, parked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (topic, partition, "offset") DO NOTHING
"""
HEADS = """
SELECT parked_id, topic, partition, "offset", key, header_names, header_values, slug, reason, attempts, holds_case, parked_at,
    resolved_at, resolution, substring(value FOR $3) AS value, octet_length(value) AS value_length
FROM parked_message WHERE resolved_at IS NULL AND parked_id > $1 ORDER BY parked_id LIMIT $2
"""
ONE = "SELECT * FROM parked_message WHERE parked_id = $1"
BEHIND = "SELECT * FROM parked_message WHERE holds_case = $1 AND resolved_at IS NULL ORDER BY parked_id"
# Locked: a replay that resolves one of them waits until the messages behind it are inserted, and finds them.
HOLDING = """
SELECT holds_case FROM parked_message WHERE resolved_at IS NULL AND holds_case = ANY($1::uuid[]) FOR SHARE
"""
COUNT = "SELECT count(*) FROM parked_message WHERE resolved_at IS NULL"
RESOLVE = """
UPDATE parked_message SET resolved_at = $2, resolved_by = $3, resolution = $4
WHERE parked_id = $1 AND resolved_at IS NULL
"""
FAILED_AGAIN = "UPDATE parked_message SET attempts = attempts + 1, slug = $2, reason = $3 WHERE parked_id = $1"
LONGEST_REASON = 500
"""Characters: part of it may be the sender's text."""


def _storable(text: str) -> str:
    """A text from outside as PostgreSQL can store it: NUL is replaced by its symbol."""
    return text.replace("\x00", "\u2400").encode("utf-8", "replace").decode()


def _reason(text: str) -> str:
    return _storable(text)[:LONGEST_REASON]


async def parked_insert(db: Db, consumer: str, parked: Sequence[Parked], now: datetime) -> None:
    """Park these messages, whatever they contain; one that is parked already stays as it is."""
    await db.executemany(
        PARK,
        [
            (
                consumer,
                p.message.topic,
                p.message.partition,
                p.message.offset,
                p.message.key,
                [_storable(name) for name, _ in p.message.headers],
                [value for _, value in p.message.headers],
                p.message.value,
                p.slug,
                _reason(p.reason),
                p.attempts,
                p.holds_case,
                now,
            )
            for p in parked
        ],
    )


async def parked_heads(db: Db, after: int, limit: int, longest: int) -> list[tuple[Parked, int | None]]:
    """Unresolved messages, oldest first, by keyset on `parked_id`; each with the first `longest` bytes of its value, and its
    length in bytes.
    """
    return [(_parked(row), row["value_length"]) for row in await db.fetch(HEADS, after, limit, longest)]


async def parked_get(db: Db, parked_id: int) -> Parked | None:
    """One parked message, resolved or not."""
    row = await db.fetchrow(ONE, parked_id)
    return None if row is None else _parked(row)


async def parked_behind(db: Db, case_id: UUID) -> list[Parked]:
    """The unresolved messages of a case, in their order."""
    return [_parked(row) for row in await db.fetch(BEHIND, case_id)]


async def parked_holding(db: Db, cases: Collection[UUID]) -> set[UUID]:
    """The cases among these that a parked message holds, locked until the end of the transaction."""
    return {row[0] for row in await db.fetch(HOLDING, list(cases))} if cases else set()


async def parked_count(db: Db) -> int:
    """The number of unresolved messages."""
    return int(await db.fetchval(COUNT))


async def parked_resolve(db: Db, parked_id: int, by: str, how: str, now: datetime) -> None:
    """The message was replayed (`how` = replayed) or dismissed with a reason."""
    await db.execute(RESOLVE, parked_id, now, by, how)


async def parked_failed_again(db: Db, parked_id: int, slug: str, reason: str) -> None:
    """A replay failed: store the new reason."""
    await db.execute(FAILED_AGAIN, parked_id, slug, _reason(reason))


def _parked(row: asyncpg.Record) -> Parked:
    message = Message(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        key=row["key"],
        headers=tuple(zip(row["header_names"], row["header_values"], strict=True)),
        value=row["value"],
    )
    return Parked(
        message=message,
        slug=row["slug"],
        reason=row["reason"],
        attempts=row["attempts"],
        holds_case=row["holds_case"],
        parked_id=row["parked_id"],
        parked_at=row["parked_at"],
        resolved_at=row["resolved_at"],
        resolution=row["resolution"],
    )

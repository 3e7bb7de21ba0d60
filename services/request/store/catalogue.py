"""The GHT's catalogue as this service reads it: a projection of catalogue.entries, and the search in it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.request.store.equipped import Equipped
from shared.contracts.events.catalogue_entries import CatalogueEntryPublishedV1, CatalogueEntryRetiredV1
from shared.database.postgres import Db
from shared.reference.domains import search

PUBLISH = """
INSERT INTO catalogue_entry (entry_id, product, vendor, domain, description, version, deployments, example)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[])
ON CONFLICT (entry_id) DO UPDATE SET product = excluded.product, vendor = excluded.vendor, domain = excluded.domain,
    description = excluded.description, version = excluded.version, deployments = excluded.deployments,
    example = excluded.example, retired = false, retirement_reason = ''
"""
RETIRE = """
UPDATE catalogue_entry e SET retired = true, retirement_reason = n.reason
FROM unnest($1::uuid[], $2::text[]) AS n (entry_id, reason) WHERE e.entry_id = n.entry_id
"""
MOVE_VERSION = "UPDATE catalogue_version SET version = version + 1"

PAGE = """
SELECT entry_id, product, vendor, domain, description, version, deployments, example FROM catalogue_entry
WHERE NOT retired AND ($1::text IS NULL OR domain = $1)
    AND ($2::uuid IS NULL OR (product, entry_id) > (SELECT product, entry_id FROM catalogue_entry WHERE entry_id = $2))
ORDER BY product, entry_id LIMIT $3
"""
SEARCH = """
WITH q AS (SELECT replace(plainto_tsquery('french_unaccent', $2)::text, '&', '|')::tsquery AS words)
SELECT entry_id, product, vendor, domain, description, version, deployments, example FROM (
    SELECT entry_id, product, vendor, domain, description, version, deployments, example, ts_rank(search, words)
        + word_similarity(unaccent(lower($2)), unaccent(lower(product || ' ' || vendor)))
        + CASE WHEN domain = ANY($4::text[]) THEN 0.4 ELSE 0 END AS closeness
    FROM catalogue_entry, q
    WHERE NOT retired AND ($1::text IS NULL OR domain = $1)
) found
WHERE closeness > 0.3 ORDER BY closeness DESC, product, entry_id LIMIT $3
"""


class Deployed(msgspec.Struct, frozen=True):
    """An establishment that runs it, and since when (None: unknown)."""

    establishment: str
    since: date | None = None


class Entry(msgspec.Struct, frozen=True):
    """A software in service in the GHT."""

    entry_id: UUID
    product: str
    vendor: str
    domain: str
    description: str
    version: str
    deployments: tuple[Deployed, ...]
    example: bool


async def project(db: Db, events: Sequence[CatalogueEntryPublishedV1 | CatalogueEntryRetiredV1]) -> None:
    """What events of the catalogue do to the read model, however they come in batches.

    The last one about an entry says whether it is retired, the last publication what it was: also of a retired one.
    """
    last = {event.entry_id: event for event in events}
    published = {event.entry_id: event for event in events if isinstance(event, CatalogueEntryPublishedV1)}
    retired = [(e.entry_id, e.reason) for e in last.values() if isinstance(e, CatalogueEntryRetiredV1)]
    if published:
        await db.execute(PUBLISH, *zip(*map(_row, published.values()), strict=True))
    if retired:
        await db.execute(RETIRE, *zip(*retired, strict=True))
    await db.execute(MOVE_VERSION)
    Equipped.changed()


async def catalogue_page(db: Db, domain: str | None, after: UUID | None, limit: int) -> list[Entry]:
    """Entries by name, after this one."""
    return [_entry(row) for row in await db.fetch(PAGE, domain, after, limit)]


async def catalogue_search(
    db: Db, words: str, domain: str | None, limit: int, meant: Sequence[str] = ()
) -> list[Entry]:
    """Entries closest to these words first; accents, plurals and small misspellings do not matter.

    `meant`: domains that the words speak of, whose software is found even where it is called otherwise.
    """
    return [_entry(row) for row in await db.fetch(SEARCH, domain, words, limit, list(meant))]


def domains_meant(words: str) -> list[str]:
    """Codes of the domains that a few words of a person may mean: « bloc » is the operating theatre."""
    return [found.code for found in search(words, 3)]


def _row(event: CatalogueEntryPublishedV1) -> tuple[Any, ...]:
    deployments = msgspec.json.encode([Deployed(d.establishment, d.since) for d in event.deployments]).decode()
    return (
        event.entry_id, event.product, event.vendor, event.domain, event.description, event.version, deployments,
        event.example,
    )  # fmt: skip


def _entry(row: Any) -> Entry:
    entry_id, product, vendor, domain, description, version, deployments, example = row
    where = msgspec.json.decode(deployments, type=tuple[Deployed, ...])
    return Entry(entry_id, product, vendor, domain, description, version, where, example)

"""A new version of the decision table: the buyer changes the rules without a release, and never a version that decided."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import asyncpg
import orjson

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.routing.compiled import RoutingTable
from services.purchasing.model.routing.document import unreadable
from services.purchasing.model.routing.table import BadRoutingTable, parse_table, shipped_table
from services.purchasing.store.knowledge_log import knowledge_note
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Refusal
from shared.database.postgres import Db, Pool, reading, transaction
from shared.identity.person import Person

INSERT: Final = """
INSERT INTO routing_table (version, valid_from, document, published_at, published_by_title) VALUES ($1, $2, $3, $4, $5)
"""
ALL: Final = "SELECT document, published_at, published_by_title FROM routing_table ORDER BY valid_from DESC"
ONE: Final = "SELECT document, published_at, published_by_title FROM routing_table WHERE version = $1"
LARGEST: Final = 200_000
"""Characters of the largest table."""


class VersionPublished(Refusal):
    """A version number and a first day are used once."""

    slug = "routing-version-published"
    public = "Cette version, ou une version qui commence ce jour-là, est déjà publiée : changez le numéro ou la date."


@dataclass(frozen=True, slots=True)
class Published:
    """A table and who published it; the one that ships with the product has nobody."""

    table: RoutingTable
    published_at: datetime | None = None
    published_by_title: str = ""

    @property
    def valid_from(self) -> date:
        """The first launch date that it decides."""
        return self.table.valid_from


async def publish_table(pool: Pool, person: Person, text: str, now: datetime) -> Published:
    """The table, in force from its own first day, or as it was published before.

    Raises BadRoutingTable with every error, or VersionPublished.
    """
    ensure_buyer(person)
    table = check_table(text, now)
    try:
        async with transaction(pool, person.scope) as db:
            await db.execute(INSERT, table.version, table.valid_from, text, now, person.title)
            await knowledge_note(db, person, "routing_table", table.version, "published", table.title, now)
    except asyncpg.UniqueViolationError:
        async with reading(pool, person.scope) as db:
            row = await db.fetchrow(ONE, table.version)
        if row is None or orjson.loads(row[0]) != orjson.loads(text):
            raise VersionPublished from None
        return Published(table, row[1], row[2])
    return Published(table, now, person.title)


def check_table(text: str, now: datetime) -> RoutingTable:
    """The table of a text that may be published: well formed, and not about days that have passed."""
    if len(text) > LARGEST or "\0" in text:
        raise BadRoutingTable(errors=(FieldError("document", f"La table tient en {LARGEST} caractères lisibles."),))
    table = parse_table(text)
    errors = [*unreadable(table.document)]
    if table.valid_from < local(now).date():
        errors.append(
            FieldError("valid_from", "Une table ne décide pas du passé : choisissez aujourd’hui ou plus tard.")
        )
    if table.valid_to is not None:
        errors.append(FieldError("valid_to", "Laissez la fin vide : une version s’arrête où la suivante commence."))
    if table.version == shipped_table().version or table.valid_from == shipped_table().valid_from:
        errors.append(FieldError("version", "Cette version est celle qui est livrée : donnez un autre numéro."))
    if errors:
        raise BadRoutingTable(errors=tuple(errors))
    return table


async def tables_published(db: Db) -> tuple[Published, ...]:
    """Every version, the latest start first; the one that ships with the product is the first of all."""
    rows = await db.fetch(ALL)
    return (*(Published(parse_table(row[0]), row[1], row[2]) for row in rows), Published(shipped_table()))

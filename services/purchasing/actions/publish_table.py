"""A new version of the decision table: the buyer changes the rules without a release, and never a version that decided."""

from datetime import datetime
from typing import Any, Final

import orjson

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.refusals import BadRoutingTable, VersionPublished
from services.purchasing.model.routing.document import TableDocument, unreadable
from services.purchasing.model.routing.table import parse_table, shipped_table
from services.purchasing.store.knowledge_log import knowledge_note
from services.purchasing.store.market import Published, table_insert, table_stored
from shared.basics.calendar import local
from shared.basics.errors import FieldError
from shared.database.postgres import transaction
from shared.identity.person import Person
from shared.program.running import Running

LARGEST: Final = 200_000
"""Characters of the largest table."""


async def publish_table(running: Running[Any], person: Person, text: str, now: datetime) -> Published:
    """The table, in force from its own first day, or as it was published before.

    Raises BadRoutingTable with every error, or VersionPublished.
    """
    ensure_buyer(person)
    table = check_table(text, now)
    async with transaction(running.pool, person.scope) as db:
        if not await table_insert(db, table, text, person.title, now):
            there = await table_stored(db, table.version)
            if there is None or orjson.loads(there.document) != orjson.loads(text):
                raise VersionPublished
            return Published(table, there.published_at, there.published_by_title)
        await knowledge_note(db, person, "routing_table", table.version, "published", table.title, now)
        return Published(table, now, person.title)


def check_table(text: str, now: datetime) -> TableDocument:
    """The table of a text that may be published: well formed, and not about days that have passed."""
    if len(text) > LARGEST or "\0" in text:
        raise BadRoutingTable(errors=(FieldError("document", f"La table tient en {LARGEST} caractères lisibles."),))
    table = parse_table(text)
    errors = [*unreadable(table)]
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

"""What the GHT already has near a need: software in service for its domain, and similar requests under way."""

from typing import Any
from uuid import UUID

import msgspec

from services.request.model.follow_up import Stage
from services.request.store.catalogue import Entry, catalogue_page, catalogue_search
from shared.database.postgres import Pool, reading
from shared.identity.person import Person

MOST = 8
SIMILAR = "SELECT case_id, title, establishment, stage FROM similar_requests($1, $2, $3)"


class Similar(msgspec.Struct, frozen=True):
    """All that one establishment may learn of a request of another; `case_id` only where the person may see it."""

    title: str
    establishment: str
    status: Stage
    case_id: UUID | None

    @property
    def status_label(self) -> str:
        """Where it stands, in French."""
        return self.status.label


class Neighbours(msgspec.Struct, frozen=True):
    """What the GHT already has near these words or in this domain."""

    equipped: list[Entry]
    requests: list[Similar]


async def neighbours(
    pool: Pool, person: Person, domain: str | None, words: str, without: UUID | None = None
) -> Neighbours:
    """Software of the domain, else close to the words; requests under way, except `without`."""
    async with reading(pool, person.scope) as db:
        entries = await catalogue_page(db, domain, None, MOST) if domain else []
        if words and len(entries) < MOST:
            known = {entry.entry_id for entry in entries}
            close = await catalogue_search(db, words, None, MOST)
            entries += [entry for entry in close if entry.entry_id not in known]
        rows: Any = await db.fetch(SIMILAR, domain, words, MOST + 1) if domain or words else []
    similar = [
        Similar(title, place, Stage(stage), case_id if person.may_see(place) else None)
        for case_id, title, place, stage in rows
        if case_id != without
    ]
    return Neighbours(entries[:MOST], similar[:MOST])

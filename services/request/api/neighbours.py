"""What the GHT already has near a need: software in service for its domain, and similar requests under way."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.request.model.follow_up import Stage
from services.request.parts import Parts
from services.request.store.catalogue import Entry, catalogue_page, catalogue_search
from services.request.store.reads import Similar, similar_requests
from services.request.words import STAGES
from shared.database.postgres import reading
from shared.identity.person import Person

MOST = 8


class DeploymentView(BaseModel):
    """Where it is in service; `since` null: unknown."""

    establishment: str
    since: str | None


class EntryView(BaseModel):
    """A software of the GHT's catalogue; `example` marks shipped examples."""

    entry_id: UUID
    product: str
    vendor: str
    domain: str
    description: str
    version: str
    deployments: list[DeploymentView]
    example: bool


class SimilarView(BaseModel):
    """A request under way, of any establishment: its title, whose it is and where it stands, nothing more."""

    title: str
    establishment: str
    status: Stage
    status_label: str
    case_id: UUID | None = Field(description="Only for requests of establishments that you may see")


class NeighboursView(BaseModel):
    """What the GHT already has near these words or in this domain."""

    equipped: list[EntryView]
    requests: list[SimilarView]


async def neighbours(
    parts: Parts, person: Person, domain: str | None, words: str, without: UUID | None = None
) -> NeighboursView:
    """Software of the domain, else close to the words; requests under way, except `without`."""
    async with reading(parts.pool, person.scope) as db:
        entries = await catalogue_page(db, domain, None, MOST) if domain else []
        if words and len(entries) < MOST:
            known = {entry.entry_id for entry in entries}
            close = await catalogue_search(db, words, None, MOST)
            entries += [entry for entry in close if entry.entry_id not in known]
        found = await similar_requests(db, domain, words, MOST + 1) if domain or words else []
    return NeighboursView(
        equipped=[entry_view(entry) for entry in entries[:MOST]],
        requests=[_similar(one, person) for one in found if one.case_id != without][:MOST],
    )


def entry_view(entry: Entry) -> EntryView:
    """An entry as the API shows it."""
    return EntryView(
        entry_id=entry.entry_id,
        product=entry.product,
        vendor=entry.vendor,
        domain=entry.domain,
        description=entry.description,
        version=entry.version,
        deployments=[
            DeploymentView(establishment=d.establishment, since=d.since.isoformat() if d.since else None)
            for d in entry.deployments
        ],
        example=entry.example,
    )


def _similar(one: Similar, person: Person) -> SimilarView:
    return SimilarView(
        title=one.title,
        establishment=one.establishment,
        status=one.stage,
        status_label=STAGES[one.stage],
        case_id=one.case_id if person.may_see(one.establishment) else None,
    )

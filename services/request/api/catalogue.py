"""What the GHT has, by API: its catalogue, what is near a need, and the words that a form uses."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import QueryParameter
from pydantic import BaseModel, Field

from services.request.model.follow_up import Stage
from services.request.store.catalogue import catalogue_page, catalogue_search, domains_meant
from services.request.store.neighbours import neighbours
from shared.basics.errors import FieldError, Invalid
from shared.basics.texts import readable
from shared.database.postgres import reading
from shared.program.running import running_of
from shared.reference.domains import domains
from shared.web.api.bodies import answer, documented
from shared.web.http.access import api_person

AnyRequest = Request[Any, Any, Any]
Words = Annotated[str, QueryParameter(max_length=500, description="Words of the need; accents do not matter")]
DomainCode = Annotated[str | None, QueryParameter(description="Code of a business domain")]
After = Annotated[UUID | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class DeploymentView(BaseModel):
    """Where it is in service; `since` null: unknown."""

    establishment: str
    since: date | None


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


class CataloguePage(BaseModel):
    """Software in service in the GHT; give `next` as `after` for the following page, null with words."""

    entries: list[EntryView]
    next: UUID | None


class DomainView(BaseModel):
    """A business domain: convergence is counted by these."""

    code: str
    label: str
    description: str
    cpv: list[str] = Field(description="CPV codes that such software is usually bought under")


class DomainsView(BaseModel):
    """Every business domain."""

    domains: list[DomainView]


@get("/requests/similar", summary="What the GHT already has near a need", tags=["Catalogue"],
     opt=documented(returns=NeighboursView))  # fmt: skip
async def api_similar(request: AnyRequest, domain: DomainCode = None, q: Words = "") -> Response[bytes]:
    """Software in service for the domain or close to the words, and requests under way anywhere in the GHT."""
    person = api_person(request)
    found = await neighbours(running_of(request).pool, person, known_domain(domain), words_of(q))
    return answer(NeighboursView.model_validate(found, from_attributes=True))


@get("/catalogue", summary="The software in service in the GHT", tags=["Catalogue"],
     opt=documented(returns=CataloguePage))  # fmt: skip
async def api_catalogue(
    request: AnyRequest, domain: DomainCode = None, q: Words = "", after: After = None, limit: Limit = 50
) -> Response[bytes]:
    """By name, or closest to the words first (then one page only)."""
    person = api_person(request)
    words, code = words_of(q), known_domain(domain)
    async with reading(running_of(request).pool, person.scope) as db:
        if words:
            found = await catalogue_search(db, words, code, limit, domains_meant(words))
        else:
            found = await catalogue_page(db, code, after, limit + 1)
    following = found[limit - 1].entry_id if len(found) > limit else None
    page = {"entries": found[:limit], "next": following}
    return answer(CataloguePage.model_validate(page, from_attributes=True))


@get("/domains", summary="The business domains", tags=["Catalogue"],
     opt=documented(returns=DomainsView, public=True))  # fmt: skip
async def api_domains() -> Response[bytes]:
    """The codes that `domain` takes, in all three services."""
    listed = [
        DomainView(code=d.code, label=d.label, description=d.description, cpv=list(d.cpv)) for d in domains().values()
    ]
    return answer(DomainsView(domains=listed))


def known_domain(code: str | None) -> str | None:
    """A domain of the list, or None where nothing was asked; raises `Invalid`."""
    if code and code not in domains():
        raise Invalid(errors=(FieldError("domain", "Choisissez un domaine de la liste."),))
    return code or None


def words_of(typed: str) -> str:
    """What was typed, without what no database keeps; raises `Invalid`."""
    try:
        return readable(typed.strip()[:500])
    except ValueError as error:
        raise Invalid(errors=(FieldError("q", str(error)),)) from None

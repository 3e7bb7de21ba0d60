"""Censuses over HTTP: what is asked, and the answer of a member."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, put
from litestar.params import FromPath, QueryParameter
from pydantic import BaseModel, Field

from services.purchasing.actions.answer_census import AnswerCensus, answer_census
from services.purchasing.api.shapes import ReplyView
from services.purchasing.model.readers import READERS, may_read
from services.purchasing.store.censuses import Invitation, censuses_all, invitation_get, invitations_of
from services.purchasing.store.reads import PAGE
from services.purchasing.words import establishment_name, route_label
from shared.basics import clock
from shared.basics.errors import NotFound
from shared.contracts.vocabulary import AnyRoute
from shared.database.postgres import reading
from shared.identity.person import Role, ensure
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person

AnyRequest = Request[Any, Any, Any]


class CensusListed(BaseModel):
    """What the members are asked about one case; `asked` and `answered` are for the buyer, `reply` is one's own."""

    case_id: UUID
    reference: str
    title: str
    description: str
    domain: str
    users: int | None
    asking: str = Field(description="FINESS of the establishment in need")
    asking_name: str
    message: str
    route: AnyRoute
    route_label: str
    deadline: datetime
    open: bool
    reply: ReplyView | None
    asked: int | None
    answered: int | None


class CensusList(BaseModel):
    """A page of censuses, oldest case first."""

    items: list[CensusListed]
    next_after: UUID | None


@get(
    "/censuses",
    summary="List censuses of the GHT",
    description="A member contact sees what its establishment is asked; buyer, coordinator and auditor see all.",
    tags=["Censuses"],
    opt=documented(returns=CensusList),
)
async def list_censuses(
    request: AnyRequest,
    after: Annotated[UUID | None, QueryParameter(description="`next_after` of the page before")] = None,
) -> Response[bytes]:
    """Censuses, oldest case first, 50 at a time."""
    person = api_person(request)
    ensure(person, Role.MEMBER_CONTACT, *READERS)
    async with reading(running_of(request).pool, person.scope) as db:
        found = (
            await censuses_all(db, after) if may_read(person) else await invitations_of(db, person.establishment, after)
        )
    page = found[:PAGE]
    return answer(
        CensusList(items=[census_view(one) for one in page], next_after=page[-1].case_id if len(found) > PAGE else None)
    )


@get(
    "/censuses/{case_id:uuid}",
    summary="Get what one's own establishment is asked",
    description="Role: member contact.",
    tags=["Censuses"],
    opt=documented(returns=CensusListed),
)
async def get_census(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """One census as the member sees it."""
    person = api_person(request)
    ensure(person, Role.MEMBER_CONTACT)
    async with reading(running_of(request).pool, person.establishment) as db:
        found = await invitation_get(db, case_id, person.establishment)
    if found is None:
        raise NotFound
    return answer(census_view(found))


@put(
    "/censuses/{case_id:uuid}/answer",
    summary="Answer for one's own establishment",
    description="May be changed until the census closes. The last member to answer closes it. Role: member contact.",
    tags=["Censuses"],
    opt=documented(body=AnswerCensus, returns=ReplyView),
)
async def answer_one(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Keep the answer of the person's establishment."""
    person = api_person(request)
    command = await read_body(request, AnswerCensus)
    reply = await answer_census(running_of(request), person, case_id, command, clock.now())
    return answer(ReplyView.model_validate(reply))


def census_view(one: Invitation) -> CensusListed:
    """One census."""
    asked = one.question
    return CensusListed(
        case_id=one.case_id,
        reference=asked.reference,
        title=asked.title,
        description=asked.description,
        domain=asked.domain,
        users=asked.users,
        asking=one.asking,
        asking_name=establishment_name(one.asking),
        message=asked.message,
        route=asked.route,
        route_label=route_label(asked.route),
        deadline=one.deadline,
        open=one.open,
        reply=ReplyView.model_validate(one.reply) if one.reply else None,
        asked=one.asked,
        answered=one.answered,
    )


CENSUSES = (list_censuses, get_census, answer_one)

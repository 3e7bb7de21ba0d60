"""Consultations over HTTP: what is asked, and the answer of a member."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, put
from litestar.params import FromPath, QueryParameter
from pydantic import BaseModel, Field

from services.purchasing.actions.answer_consultation import AnswerConsultation, answer_consultation
from services.purchasing.api.shapes import ReplyView
from services.purchasing.model.purchase import Reply
from services.purchasing.model.readers import READERS, may_read
from services.purchasing.store.consultations import Invitation, consultations_all, invitation_get, invitations_of
from services.purchasing.store.reads import PAGE
from services.purchasing.words import establishment_name
from shared.basics import clock
from shared.basics.errors import NotFound
from shared.contracts.vocabulary import Route
from shared.database.postgres import reading
from shared.identity.person import Role
from shared.program.service import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person, ensure

AnyRequest = Request[Any, Any, Any]


class ConsultationListed(BaseModel):
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
    route: Route
    deadline: datetime
    open: bool
    reply: ReplyView | None
    asked: int | None
    answered: int | None


class ConsultationList(BaseModel):
    """A page of consultations, oldest case first."""

    items: list[ConsultationListed]
    next_after: UUID | None


@get(
    "/api/consultations",
    summary="List consultations of the GHT",
    description="A member contact sees what its establishment is asked; buyer, coordinator and auditor see all.",
    tags=["Consultations"],
    opt=documented(returns=ConsultationList),
)
async def list_consultations(
    request: AnyRequest,
    after: Annotated[UUID | None, QueryParameter(description="`next_after` of the page before")] = None,
) -> Response[bytes]:
    """Consultations, oldest case first, 50 at a time."""
    person = api_person(request)
    ensure(person, Role.MEMBER_CONTACT, *READERS)
    async with reading(running_of(request.app).pool, person.scope) as db:
        found = (
            await consultations_all(db, after)
            if may_read(person)
            else await invitations_of(db, person.establishment, after)
        )
    page = found[:PAGE]
    return answer(
        ConsultationList(
            items=[consultation_view(one) for one in page], next_after=page[-1].case_id if len(found) > PAGE else None
        )
    )


@get(
    "/api/consultations/{case_id:uuid}",
    summary="Get what one's own establishment is asked",
    description="Role: member contact.",
    tags=["Consultations"],
    opt=documented(returns=ConsultationListed),
)
async def get_consultation(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """One consultation as the member sees it."""
    person = api_person(request)
    ensure(person, Role.MEMBER_CONTACT)
    async with reading(running_of(request.app).pool, person.establishment) as db:
        found = await invitation_get(db, case_id, person.establishment)
    if found is None:
        raise NotFound
    return answer(consultation_view(found))


@put(
    "/api/consultations/{case_id:uuid}/answer",
    summary="Answer for one's own establishment",
    description="May be changed until the consultation closes. The last member to answer closes it. Role: member contact.",
    tags=["Consultations"],
    opt=documented(body=AnswerConsultation, returns=ReplyView),
)
async def answer_one(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Keep the answer of the person's establishment."""
    person = api_person(request)
    command = await read_body(request, AnswerConsultation)
    reply = await answer_consultation(running_of(request.app), person, case_id, command, clock.now())
    return answer(_reply(reply))


def consultation_view(one: Invitation) -> ConsultationListed:
    """One consultation."""
    asked = one.question
    return ConsultationListed(
        case_id=one.case_id,
        reference=asked.reference,
        title=asked.title,
        description=asked.description,
        domain=asked.domain,
        users=asked.users,
        asking=one.asking,
        asking_name=establishment_name(one.asking),
        message=asked.message,
        route=Route(asked.route),
        deadline=one.deadline,
        open=one.open,
        reply=_reply(one.reply) if one.reply else None,
        asked=one.asked,
        answered=one.answered,
    )


def _reply(reply: Reply) -> ReplyView:
    return ReplyView(
        establishment=reply.establishment,
        establishment_name=establishment_name(reply.establishment),
        answer=reply.answer,
        answered_at=reply.at,
        answered_by_title=reply.by_title,
        volume=reply.volume,
        comment=reply.comment,
        software=reply.software,
    )


CONSULTATIONS = (list_consultations, get_consultation, answer_one)

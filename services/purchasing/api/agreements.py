"""Framework agreements over HTTP: read, enter, change, withdraw."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import FromPath
from pydantic import BaseModel

from services.purchasing.actions.change_agreement import change_agreement
from services.purchasing.actions.enter_agreement import AgreementData, enter_agreement
from services.purchasing.actions.withdraw_agreement import WithdrawAgreement, withdraw_agreement
from services.purchasing.api.shapes import View
from services.purchasing.model.market import MayOrder
from services.purchasing.model.readers import ensure_reader
from services.purchasing.model.routing.facts import AgreementKind
from services.purchasing.store.agreements import agreement_get, agreements_all
from shared.basics import clock
from shared.contracts.words import open_word
from shared.database.postgres import reading
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person

AnyRequest = Request[Any, Any, Any]


class AgreementView(View):
    """A framework agreement of a central purchasing body; `example`: invented, shipped with the local system."""

    agreement_id: UUID
    body: str
    kind: Annotated[str, open_word(AgreementKind)]
    kind_label: str
    title: str
    number: str
    cpv: list[str]
    domains: list[str]
    valid_from: date
    valid_to: date
    ceiling_cents: int | None
    consumed_cents: int
    left_cents: int | None
    may_order: Annotated[str, open_word(MayOrder)]
    orderers: list[str]
    named_at_start: bool | None
    suppliers: list[str]
    note: str
    example: bool
    withdrawn: bool
    revision: int


class AgreementList(BaseModel):
    """Every agreement, withdrawn ones included."""

    items: list[AgreementView]


@get("/agreements", summary="List framework agreements", tags=["Market"], opt=documented(returns=AgreementList))
async def list_agreements(request: AnyRequest) -> Response[bytes]:
    """All of them: they are few. Roles: buyer, coordinator, auditor."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await agreements_all(db)
    return answer(AgreementList(items=[AgreementView.model_validate(one) for one in found]))


@get(
    "/agreements/{agreement_id:uuid}",
    summary="Get a framework agreement",
    tags=["Market"],
    opt=documented(returns=AgreementView),
)
async def get_agreement(request: AnyRequest, agreement_id: FromPath[UUID]) -> Response[bytes]:
    """One agreement."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await agreement_get(db, agreement_id)
    return answer(AgreementView.model_validate(found))


@post(
    "/agreements",
    status_code=201,
    summary="Enter a framework agreement",
    description="It counts for every proposal from then on. Role: buyer.",
    tags=["Market"],
    opt=documented(body=AgreementData, returns=AgreementView),
)
async def enter(request: AnyRequest) -> Response[bytes]:
    """Enter an agreement."""
    person = api_person(request)
    data = await read_body(request, AgreementData)
    found = await enter_agreement(running_of(request), person, data, clock.now())
    return answer(AgreementView.model_validate(found), status=201)


@put(
    "/agreements/{agreement_id:uuid}",
    summary="Change a framework agreement",
    description="`revision` is the one that was read; 409 where it has moved. Role: buyer.",
    tags=["Market"],
    opt=documented(body=AgreementData, returns=AgreementView),
)
async def change(request: AnyRequest, agreement_id: FromPath[UUID]) -> Response[bytes]:
    """Change an agreement."""
    person = api_person(request)
    data = await read_body(request, AgreementData)
    found = await change_agreement(running_of(request), person, agreement_id, data, clock.now())
    return answer(AgreementView.model_validate(found))


@post(
    "/agreements/{agreement_id:uuid}/withdrawal",
    status_code=200,
    summary="Stop proposing a framework agreement",
    description="What was ordered under it stays. Role: buyer.",
    tags=["Market"],
    opt=documented(body=WithdrawAgreement, returns=AgreementView),
)
async def withdraw(request: AnyRequest, agreement_id: FromPath[UUID]) -> Response[bytes]:
    """Withdraw an agreement."""
    person = api_person(request)
    command = await read_body(request, WithdrawAgreement)
    found = await withdraw_agreement(running_of(request), person, agreement_id, command, clock.now())
    return answer(AgreementView.model_validate(found))


AGREEMENTS = (list_agreements, get_agreement, enter, change, withdraw)

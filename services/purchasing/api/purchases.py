"""Purchases over HTTP: the board, one purchase, and what the buyer does with it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from pydantic import BaseModel

from services.purchasing.actions.decide_route import DecideRoute, decide_route
from services.purchasing.actions.qualify_purchase import QualifyPurchase, qualify_purchase
from services.purchasing.actions.record_award import RecordAward, record_award
from services.purchasing.api.shapes import PurchaseList, PurchaseListed, PurchaseView, View
from services.purchasing.model.purchase import State
from services.purchasing.model.readers import ensure_reader
from services.purchasing.store.reads import LATE, PAGE, purchase_get, purchases_list
from services.purchasing.store.same_need import purchases_alike
from shared.basics import clock
from shared.basics.errors import NotFound
from shared.database.postgres import reading
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person

AnyRequest = Request[Any, Any, Any]


class AlikeView(View):
    """Another purchase with the same business domain or CPV code."""

    case_id: UUID
    reference: str
    title: str
    establishment: str
    establishment_name: str
    state: State
    opened_at: datetime
    amount_cents: int | None
    same_domain: bool


class AlikeList(BaseModel):
    """What may be the same need, and what it adds up to."""

    items: list[AlikeView]
    sum_cents: int


@get(
    "/purchases",
    summary="List purchases",
    description="Oldest case first, 50 at a time. Roles: buyer, coordinator, auditor.",
    tags=["Purchases"],
    opt=documented(returns=PurchaseList),
)
async def list_purchases(
    request: AnyRequest,
    wanted: Annotated[State | None, QueryParameter(name="state", description="Where the purchase stands")] = None,
    late: Annotated[bool, QueryParameter(description="Only those past their deadline")] = False,
    after: Annotated[UUID | None, QueryParameter(description="`next_after` of the page before")] = None,
) -> Response[bytes]:
    """Purchases by state, oldest case first."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        rows = await purchases_list(db, LATE if late else (wanted,) if wanted else None, after)
    page = rows[:PAGE]
    return answer(
        PurchaseList(
            items=[PurchaseListed.model_validate(row) for row in page],
            next_after=page[-1].case_id if len(rows) > PAGE else None,
        )
    )


@get("/purchases/{case_id:uuid}", summary="Get a purchase", tags=["Purchases"], opt=documented(returns=PurchaseView))
async def get_purchase(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Everything that purchasing holds on a case; 404 until its verdict is known."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        purchase = await purchase_get(db, case_id)
    if purchase is None:
        raise NotFound
    return answer(PurchaseView.model_validate(purchase))


@post(
    "/purchases/{case_id:uuid}/qualification",
    status_code=200,
    summary="Qualify a purchase",
    description="Costs, exclusive rights, CPV, launch date; the decision table answers again. Role: buyer.",
    tags=["Purchases"],
    opt=documented(body=QualifyPurchase, returns=PurchaseView),
)
async def qualify(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Replace the qualification and propose again."""
    person = api_person(request)
    command = await read_body(request, QualifyPurchase)
    purchase = await qualify_purchase(running_of(request), person, case_id, command, clock.now())
    return answer(PurchaseView.model_validate(purchase))


@post(
    "/purchases/{case_id:uuid}/decision",
    status_code=200,
    summary="Confirm the proposed route, or take another one with a reason",
    description="`ght_census` asks the members; the route then follows from their answers. Role: buyer.",
    tags=["Purchases"],
    opt=documented(body=DecideRoute, returns=PurchaseView),
)
async def decide(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Decide the route."""
    person = api_person(request)
    command = await read_body(request, DecideRoute)
    purchase = await decide_route(running_of(request), person, case_id, command, clock.now())
    return answer(PurchaseView.model_validate(purchase))


@post(
    "/purchases/{case_id:uuid}/award",
    status_code=200,
    summary="Record the contract that was awarded",
    description="May be corrected; the trail keeps each version. Role: buyer.",
    tags=["Purchases"],
    opt=documented(body=RecordAward, returns=PurchaseView),
)
async def award(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """Record the award."""
    person = api_person(request)
    command = await read_body(request, RecordAward)
    purchase = await record_award(running_of(request), person, case_id, command, clock.now())
    return answer(PurchaseView.model_validate(purchase))


@get(
    "/purchases/{case_id:uuid}/alike",
    summary="List purchases that may be the same need",
    description="Same business domain or CPV code, last 12 months: a need is not split (art. R2121-1 CCP).",
    tags=["Purchases"],
    opt=documented(returns=AlikeList),
)
async def list_alike(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """The establishment's own first, with their sum."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await purchases_alike(db, case_id, clock.now())
    return answer(
        AlikeList(
            items=[AlikeView.model_validate(one) for one in found],
            sum_cents=sum(one.amount_cents or 0 for one in found),
        )
    )


PURCHASES = (list_purchases, get_purchase, qualify, decide, award, list_alike)

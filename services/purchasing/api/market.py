"""What routes are computed from, over HTTP: policies, thresholds, routing tables."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from pydantic import BaseModel, Field

from services.purchasing.actions.publish_table import publish_table
from services.purchasing.actions.set_policy import SetPolicy, set_policy
from services.purchasing.api.shapes import View
from services.purchasing.model.readers import ensure_reader
from services.purchasing.model.refusals import BadRoutingTable
from services.purchasing.model.routing.document import TableDocument
from services.purchasing.model.routing.thresholds import Confidence, book
from services.purchasing.store.market import Published, policies_all, tables_published
from shared.basics import clock
from shared.basics.calendar import local
from shared.basics.errors import FieldError
from shared.database.postgres import reading
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person

AnyRequest = Request[Any, Any, Any]


class PolicyView(View):
    """From `valid_from` on, whether the establishment buys directly below the exemption threshold."""

    policy_id: UUID
    establishment: str
    allowed: bool
    valid_from: date
    source: str
    example: bool


class PolicyList(BaseModel):
    """Every policy; an establishment without one does not buy directly."""

    items: list[PolicyView]


class ThresholdView(BaseModel):
    """A dated threshold with its source; `inferred` is not read in the text itself."""

    key: str
    label: str
    value_cents: int
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: Confidence
    note: str
    in_force: bool = Field(description="On the day that was asked for")


class ThresholdList(BaseModel):
    """Every threshold, those of other days included."""

    on: date
    items: list[ThresholdView]


class RoutingTableView(BaseModel):
    """One version of the decision table; the one with the latest start that has begun decides."""

    version: str
    title: str
    valid_from: date
    published_at: datetime | None = Field(description="Null: shipped with the product")
    published_by_title: str
    document: TableDocument


class RoutingTableList(BaseModel):
    """Every version, the latest start first."""

    items: list[RoutingTableView]


@get("/policies", summary="List direct purchase policies", tags=["Market"], opt=documented(returns=PolicyList))
async def list_policies(request: AnyRequest) -> Response[bytes]:
    """By establishment and date. Roles: buyer, coordinator, auditor."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await policies_all(db)
    return answer(PolicyList(items=[PolicyView.model_validate(one) for one in found]))


@post(
    "/policies",
    status_code=201,
    summary="Allow or forbid direct purchase from a day on",
    description="Role: buyer.",
    tags=["Market"],
    opt=documented(body=SetPolicy, returns=PolicyView),
)
async def add_policy(request: AnyRequest) -> Response[bytes]:
    """Add a dated policy."""
    person = api_person(request)
    command = await read_body(request, SetPolicy)
    policy = await set_policy(running_of(request), person, command, clock.now())
    return answer(PolicyView.model_validate(policy), status=201)


@get("/thresholds", summary="List thresholds", tags=["Market"], opt=documented(returns=ThresholdList))
async def list_thresholds(
    request: AnyRequest, on: Annotated[date | None, QueryParameter(description="Launch date; default today")] = None
) -> Response[bytes]:
    """Dated facts with their sources. Roles: buyer, coordinator, auditor."""
    ensure_reader(api_person(request))
    day = on or local(clock.now()).date()
    rows = [
        ThresholdView(**row.model_dump(), in_force=row.in_force(day))
        for row in sorted(book().thresholds, key=lambda row: (row.key, row.valid_from or date.min))
    ]
    return answer(ThresholdList(on=day, items=rows))


@get("/routing-tables", summary="List routing tables", tags=["Market"], opt=documented(returns=RoutingTableList))
async def list_tables(request: AnyRequest) -> Response[bytes]:
    """Every version with its rules. Roles: buyer, coordinator, auditor."""
    person = api_person(request)
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await tables_published(db)
    return answer(RoutingTableList(items=[_table(one) for one in found]))


@post(
    "/routing-tables",
    status_code=201,
    summary="Publish a version of the routing table",
    description="Never changed afterwards; it decides from its own `valid_from` on. Role: buyer.",
    tags=["Market"],
    opt=documented(body=TableDocument, returns=RoutingTableView),
)
async def publish(request: AnyRequest) -> Response[bytes]:
    """Publish a table."""
    person = api_person(request)
    try:
        text = (await request.body()).decode()
    except UnicodeDecodeError:
        raise BadRoutingTable(errors=(FieldError("document", "La table doit être du texte UTF-8."),)) from None
    published = await publish_table(running_of(request), person, text, clock.now())
    return answer(_table(published), status=201)


def _table(one: Published) -> RoutingTableView:
    return RoutingTableView(
        version=one.table.version,
        title=one.table.title,
        valid_from=one.table.valid_from,
        published_at=one.published_at,
        published_by_title=one.published_by_title,
        document=one.table,
    )


MARKET = (list_policies, add_policy, list_thresholds, list_tables, publish)

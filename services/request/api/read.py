"""Reading requests by API: one, lists, counts, files."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from services.request.api.lists import CountsView, LateList, ListView, counts_view, list_view
from services.request.api.shapes import CaseView
from services.request.api.views import case_view
from services.request.model.follow_up import Stage
from services.request.store.late import late_for
from services.request.store.reads import case_of, requests_counts, requests_list, stored_file
from services.request.store.search import LONGEST, search_of
from shared.basics import clock
from shared.database.postgres import reading
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented
from shared.web.http.access import api_person

Typed = Annotated[
    str,
    QueryParameter(
        max_length=LONGEST,
        description="Only this number (D-2026-000147, 2026-147 or 147), or titles with all these words; "
        "case and accents do not matter",
    ),
]


@get("/requests", summary="Requests that you may see", tags=["Requests"], opt=documented(returns=ListView))
async def api_list(
    request: Request[Any, Any, Any],
    status: Annotated[Stage | None, QueryParameter(description="Only those at this stage")] = None,
    q: Typed = "",
    after: Annotated[UUID | None, QueryParameter(description="`next` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Response[bytes]:
    """Newest first. Authors see theirs, referents their establishment's, coordination, buyers and auditors all."""
    person = api_person(request)
    async with reading(running_of(request).pool, person.scope) as db:
        stages = None if status is None else (status,)
        found = await requests_list(db, person, stages, after, limit + 1, search_of(q))
    return answer(list_view(found, limit, clock.now()))


@get("/requests/counts", summary="How many requests at each stage", tags=["Requests"],
     opt=documented(returns=CountsView))  # fmt: skip
async def api_counts(request: Request[Any, Any, Any], q: Typed = "") -> Response[bytes]:
    """Of the requests that you may see."""
    person = api_person(request)
    async with reading(running_of(request).pool, person.scope) as db:
        return answer(counts_view(await requests_counts(db, person, search_of(q))))


@get("/requests/late", summary="What is overdue and told to you", tags=["Requests"],
     opt=documented(returns=LateList))  # fmt: skip
async def api_late(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Authors: answers that the DSI waits for. Operations: reviews that did not start. Buyers: routes not decided."""
    person = api_person(request)
    async with reading(running_of(request).pool, person.scope) as db:
        late = await late_for(db, person, clock.now())
    return answer(LateList.model_validate({"late": late}, from_attributes=True))


@get("/requests/{case_id:uuid}", summary="One request and where it stands", tags=["Requests"],
     opt=documented(returns=CaseView))  # fmt: skip
async def api_case(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Response[bytes]:
    """Everything that the follow-up page shows."""
    person = api_person(request)
    async with reading(running_of(request).pool, person.scope) as db:
        case = await case_of(db, person, case_id)
    return answer(case_view(case, person, clock.now()))


@get("/requests/{case_id:uuid}/attachments/{attachment_id:uuid}", summary="The bytes of an attachment",
     tags=["Requests"])  # fmt: skip
async def api_file(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], attachment_id: FromPath[UUID]
) -> Response[bytes]:
    """As a download: never shown inside the site."""
    person = api_person(request)
    async with reading(running_of(request).pool, person.scope) as db:
        file = await stored_file(db, person, case_id, attachment_id)
    return Response(file.content, media_type=file.media_type, headers=file.headers)

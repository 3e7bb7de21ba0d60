"""What programs read of the reviews."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from services.review import queries
from services.review.api_views import ReviewListView, ReviewView, review_view
from shared.errors import FieldError, Invalid, NotFound
from shared.identity.person import REVIEWERS, Role
from shared.postgres import reading
from shared.web.access import api_person, ensure
from shared.web.bodies import answer, documented

READERS = (*sorted(REVIEWERS), Role.COORDINATOR, Role.AUDITOR)


@get("/api/reviews", summary="Work list of reviews, in order of opening", tags=["Reviews"],
     opt=documented(returns=ReviewListView))  # fmt: skip
async def list_reviews(
    request: Request[Any, Any, Any],
    state: State,
    after: Annotated[
        str, Parameter(max_length=20, description="`next` of the answer before: only what was opened since")
    ] = "0",
    limit: Annotated[int, Parameter(ge=1, le=500)] = 100,
) -> Response[bytes]:
    """The reviews that this person may see. Ask again with `next` to go on, and to hear of newer ones."""
    person = api_person(request)
    ensure(person, *READERS)
    if not after.isdecimal():
        raise Invalid(errors=(FieldError("after", "Reprenez ici la valeur `next` de la réponse précédente."),))
    async with reading(state.running.pool, person.scope) as db:
        rows = await queries.reviews_after(db, min(int(after), 2**62), limit)
    listed = [
        {"case_id": row[1], "reference": row[2], "title": row[3], "establishment": row[4], "status": row[5],
         "opened_at": row[6], "checks": row[7]}
        for row in rows
    ]  # fmt: skip
    body = orjson.dumps({"reviews": listed, "next": str(rows[-1][0]) if rows else after})
    return Response(body, media_type=MediaType.JSON)


@get(
    "/api/reviews/{case_id:uuid}", summary="One review, all of it", tags=["Reviews"], opt=documented(returns=ReviewView)
)
async def get_review(request: Request[Any, Any, Any], state: State, case_id: UUID) -> Response[bytes]:
    """Need, checks with their items, answers, questions and opinions, verdict, arbitration."""
    person = api_person(request)
    ensure(person, *READERS)
    async with reading(state.running.pool, person.scope) as db:
        review = await queries.review_get(db, case_id)
    if review is None or not person.may_see(review.establishment):
        raise NotFound
    return answer(review_view(review))


READS: list[ControllerRouterHandler] = [list_reviews, get_review]

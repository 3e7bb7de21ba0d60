"""What programs do to the checks."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from services.review.api_views import OpinionTaken
from services.review.carry_out import carry_out
from services.review.flux import Moved
from services.review.give_opinion import GiveOpinion, give_opinion
from services.review.model import Review
from shared import clock
from shared.contracts.vocabulary import CheckKind
from shared.web.access import api_person
from shared.web.bodies import answer, documented, read_body
from shared.web.correlation import correlation_id

AnyRequest = Request[Any, Any, Any]


@post("/api/reviews/{case_id:uuid}/checks/{kind:str}/opinion", status_code=200, summary="Give the opinion of a check",
      tags=["Checks"], opt=documented(body=GiveOpinion, returns=OpinionTaken))  # fmt: skip
async def post_opinion(request: AnyRequest, state: State, case_id: UUID, kind: CheckKind) -> Response[bytes]:
    """Close a check with an opinion."""
    person = api_person(request)
    command = await read_body(request, GiveOpinion)
    now = clock.now()
    review: Review = await carry_out(
        state.running,
        person,
        case_id,
        lambda review, standing_in: give_opinion(review, kind, command, person, now, standing_in),
        correlation_id(request),
        Moved(case_id, kind, person.id, "Avis rendu"),
    )
    body = OpinionTaken(
        case_id=case_id, check=kind, opinion=command.opinion, review=review.status, verdict=review.verdict
    )
    return answer(body)


ACTS: list[ControllerRouterHandler] = [post_opinion]

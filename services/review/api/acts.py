"""What programs do to the checks and to the verdict."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post, put
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from services.review.actions.answer_items import AnswerItems, answer_items
from services.review.actions.ask_question import AskQuestion, ask_question, asked_before
from services.review.actions.carry_out import Decide, carry_out
from services.review.actions.give_opinion import GiveOpinion, give_opinion
from services.review.actions.overrule_verdict import OverruleVerdict, overrule_verdict
from services.review.actions.reassign_check import ReassignCheck, reassign_check
from services.review.actions.release_check import release_check
from services.review.actions.take_checks import take_one, take_several
from services.review.api import shapes
from services.review.api.views import CheckView, ReviewView, check_view, review_view
from services.review.model.people import reviewer
from services.review.model.review import Check, Review
from shared.basics import clock
from shared.basics.ids import new_id
from shared.contracts.vocabulary import CheckKind
from shared.web.api.bodies import Answer, answer, documented, read_body
from shared.web.http.access import api_person
from shared.web.http.correlation import correlation_id

AnyRequest = Request[Any, Any, Any]
CHECK = "/reviews/{case_id:uuid}/checks/{kind:str}"


@post(f"{CHECK}/opinion", status_code=200, summary="Give the opinion of a check", tags=["Checks"],
      opt=documented(body=GiveOpinion, returns=shapes.OpinionTaken, hot=True))  # fmt: skip
async def post_opinion(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Answer:
    """Close a check with an opinion; takes it first where nobody holds it. The last opinion decides the review.

    Safe to send again: the same opinion is answered as the first time. Refused: your own request, another's check, a
    closed check, items without answer.
    """
    person, command, now = api_person(request), await read_body(request, GiveOpinion), clock.now()
    review: Review = await carry_out(
        request.app.state.running,
        person,
        case_id,
        lambda review, standing_in: give_opinion(review, kind, command, person, now, standing_in),
        correlation_id(request),
        kind,
        "Un collègue a rendu son avis.",
    )
    return answer(
        shapes.OpinionTaken(
            case_id=case_id, check=kind, opinion=command.opinion, review=review.status, verdict=review.verdict
        )
    )


@post(f"{CHECK}/taking", status_code=200, summary="Take a check", tags=["Checks"],
      opt=documented(returns=CheckView))  # fmt: skip
async def post_taking(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Take a check from its queue, or over from an absent colleague whom you replace."""
    review = await take_one(request.app.state.running, api_person(request), case_id, kind, correlation_id(request))
    return answer(_check(review, kind))


@post("/checks/taking", status_code=200, summary="Take several checks", tags=["Checks"],
      opt=documented(body=shapes.TakeChecks, returns=shapes.TakenView))  # fmt: skip
async def post_takings(request: AnyRequest) -> Response[bytes]:
    """Take several checks; each is taken or refused on its own."""
    person, command = api_person(request), await read_body(request, shapes.TakeChecks)
    wanted = [(one.case_id, one.kind) for one in command.checks]
    ends = await take_several(request.app.state.running, person, wanted, correlation_id(request))
    lines = [
        shapes.TakenLine(
            case_id=case_id,
            kind=kind,
            taken=refusal is None,
            slug=refusal.slug if refusal else None,
            detail=refusal.public if refusal else None,
        )
        for case_id, kind, refusal in ends
    ]
    return answer(shapes.TakenView(checks=lines))


@post(f"{CHECK}/release", status_code=200, summary="Give a check back to its queue", tags=["Checks"],
      opt=documented(returns=CheckView))  # fmt: skip
async def post_release(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Give a check back: by its holder or by the coordinator. Its answers stay."""
    person = api_person(request)
    review = await _act(
        request, case_id, kind, "Un volet est revenu dans la file.",
        lambda review, standing_in: release_check(review, kind, person, standing_in),
    )  # fmt: skip
    return answer(_check(review, kind))


@post(f"{CHECK}/reassignment", status_code=200, summary="Hand a check to another reviewer", tags=["Checks"],
      opt=documented(body=ReassignCheck, returns=CheckView))  # fmt: skip
async def post_reassignment(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """For the coordinator."""
    person, command = api_person(request), await read_body(request, ReassignCheck)
    chosen = reviewer(command.reviewer)
    review = await _act(
        request, case_id, kind, "La coordination a réaffecté un volet.",
        lambda review, _: reassign_check(review, kind, command, chosen, person),
    )  # fmt: skip
    return answer(_check(review, kind))


@put(f"{CHECK}/answers", summary="Answer items of a checklist", tags=["Checks"],
     opt=documented(body=AnswerItems, returns=CheckView))  # fmt: skip
async def put_answers(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Keep some answers; others stay. What evidence is missing is only asked at the opinion."""
    person, command = api_person(request), await read_body(request, AnswerItems)
    review = await _act(
        request, case_id, kind, "Un collègue a répondu à des points.",
        lambda review, standing_in: answer_items(review, kind, command, person, standing_in),
    )  # fmt: skip
    return answer(_check(review, kind))


@post(f"{CHECK}/questions", status_code=201, summary="Ask the requester", tags=["Checks"],
      opt=documented(body=AskQuestion, returns=shapes.QuestionAsked))  # fmt: skip
async def post_question(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Stop the clock of the check and ask; one open question per check. The same words again are the same question."""
    person, command, now, question_id = (
        api_person(request),
        await read_body(request, AskQuestion),
        clock.now(),
        new_id(),
    )
    review = await _act(
        request, case_id, kind, "Un collègue a posé une question au demandeur.",
        lambda review, standing_in: ask_question(review, kind, command, question_id, person, now, standing_in),
    )  # fmt: skip
    check = review.check(kind)
    question = asked_before(check, command.question, person) if check is not None else None
    assert question is not None  # noqa: S101 - it was just asked, or before
    asked = shapes.QuestionAsked(question_id=question.question_id, answer_expected_by=question.expected_by)
    return answer(asked, status=201)


@post("/reviews/{case_id:uuid}/arbitration", status_code=200, summary="Overrule the verdict", tags=["Reviews"],
      opt=documented(body=OverruleVerdict, returns=ReviewView))  # fmt: skip
async def post_arbitration(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """For the coordinator, with a reason: before the last opinion (at least one is given) or after it."""
    person, command, now = api_person(request), await read_body(request, OverruleVerdict), clock.now()
    review = await _act(
        request, case_id, None, "La coordination a arbitré la décision.",
        lambda review, _: overrule_verdict(review, command, person, now),
    )  # fmt: skip
    return answer(review_view(review))


async def _act(request: AnyRequest, case_id: UUID, kind: CheckKind | None, what: str, decide: Decide) -> Review:
    running, person = request.app.state.running, api_person(request)
    review: Review = await carry_out(running, person, case_id, decide, correlation_id(request), kind, what)
    return review


def _check(review: Review, kind: CheckKind) -> CheckView:
    check: Check | None = review.check(kind)
    assert check is not None  # noqa: S101 - the act was on it
    return check_view(review, check)


ACTS: list[ControllerRouterHandler] = [
    post_opinion, post_taking, post_takings, post_release, post_reassignment, put_answers, post_question,
    post_arbitration,
]  # fmt: skip

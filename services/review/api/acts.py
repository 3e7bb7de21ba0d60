"""What programs do to the checks and to the verdict."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post, put
from litestar.params import FromPath

from services.review.actions.answer_items import AnswerItems, answer_items
from services.review.actions.ask_question import AskQuestion, ask_question, asked_before
from services.review.actions.give_opinion import GiveOpinion, give_opinion
from services.review.actions.overrule_verdict import OverruleVerdict, overrule_verdict
from services.review.actions.reassign_check import ReassignCheck, reassign_check
from services.review.actions.release_check import release_check
from services.review.actions.take_check import take_check, take_checks
from services.review.api import shapes
from services.review.api.views import CheckView, ReviewView, check_view, review_view
from services.review.model.guards import of_kind
from shared.basics import clock
from shared.contracts.vocabulary import CheckKind
from shared.program.running import running_of
from shared.web.api.bodies import Answer, answer, documented, read_body
from shared.web.http.access import api_person

AnyRequest = Request[Any, Any, Any]
CHECK = "/reviews/{case_id:uuid}/checks/{kind:str}"


@post(f"{CHECK}/opinion", status_code=200, summary="Give the opinion of a check", tags=["Checks"],
      opt=documented(body=GiveOpinion, returns=shapes.OpinionTaken, hot=True))  # fmt: skip
async def api_opinion(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Answer:
    """Close a check with an opinion; takes it first where nobody holds it. The last opinion decides the review.

    Safe to send again: the same opinion is answered as the first time. Refused: your own request, another's check, a
    closed check, items without answer.
    """
    person, command = api_person(request), await read_body(request, GiveOpinion)
    review = await give_opinion(running_of(request), person, case_id, kind, command, clock.now())
    taken = shapes.OpinionTaken(
        case_id=case_id, check=kind, opinion=command.opinion, review=review.status, verdict=review.verdict
    )
    return answer(taken)


@post(f"{CHECK}/taking", status_code=200, summary="Take a check", tags=["Checks"],
      opt=documented(returns=CheckView))  # fmt: skip
async def api_taking(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Take a check from its queue, or over from an absent colleague whom you replace."""
    review = await take_check(running_of(request), api_person(request), case_id, kind, clock.now())
    return answer(check_view(review, of_kind(review, kind)))


@post("/checks/taking", status_code=200, summary="Take several checks", tags=["Checks"],
      opt=documented(body=shapes.TakeChecks, returns=shapes.TakenView))  # fmt: skip
async def api_takings(request: AnyRequest) -> Response[bytes]:
    """Take several checks; each is taken or refused on its own."""
    person, command = api_person(request), await read_body(request, shapes.TakeChecks)
    wanted = [(one.case_id, one.kind) for one in command.checks]
    lines = [
        shapes.TakenLine(
            case_id=case_id,
            kind=kind,
            taken=refusal is None,
            slug=refusal.slug if refusal else None,
            detail=refusal.public if refusal else None,
        )
        for (case_id, kind), refusal in await take_checks(running_of(request), person, wanted, clock.now())
    ]
    return answer(shapes.TakenView(checks=lines))


@post(f"{CHECK}/release", status_code=200, summary="Give a check back to its queue", tags=["Checks"],
      opt=documented(returns=CheckView))  # fmt: skip
async def api_release(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Give a check back: by its holder or by the coordinator. Its answers stay."""
    review = await release_check(running_of(request), api_person(request), case_id, kind, clock.now())
    return answer(check_view(review, of_kind(review, kind)))


@post(f"{CHECK}/reassignment", status_code=200, summary="Hand a check to another reviewer", tags=["Checks"],
      opt=documented(body=ReassignCheck, returns=CheckView))  # fmt: skip
async def api_reassignment(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """For the coordinator."""
    person, command = api_person(request), await read_body(request, ReassignCheck)
    review = await reassign_check(running_of(request), person, case_id, kind, command, clock.now())
    return answer(check_view(review, of_kind(review, kind)))


@put(f"{CHECK}/answers", summary="Answer items of a checklist", tags=["Checks"],
     opt=documented(body=AnswerItems, returns=CheckView))  # fmt: skip
async def api_answers(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Keep some answers; others stay. What evidence is missing is only asked at the opinion."""
    person, command = api_person(request), await read_body(request, AnswerItems)
    review = await answer_items(running_of(request), person, case_id, kind, command, clock.now())
    return answer(check_view(review, of_kind(review, kind)))


@post(f"{CHECK}/questions", status_code=201, summary="Ask the requester", tags=["Checks"],
      opt=documented(body=AskQuestion, returns=shapes.QuestionAsked))  # fmt: skip
async def api_question(request: AnyRequest, case_id: FromPath[UUID], kind: FromPath[CheckKind]) -> Response[bytes]:
    """Stop the clock of the check and ask; one open question per check. The same words again are the same question."""
    person, command = api_person(request), await read_body(request, AskQuestion)
    review = await ask_question(running_of(request), person, case_id, kind, command, clock.now())
    question = asked_before(of_kind(review, kind), command.question, person)
    assert question is not None  # noqa: S101 - it was just asked, or before
    asked = shapes.QuestionAsked(question_id=question.question_id, answer_expected_by=question.expected_by)
    return answer(asked, status=201)


@post("/reviews/{case_id:uuid}/arbitration", status_code=200, summary="Overrule the verdict", tags=["Reviews"],
      opt=documented(body=OverruleVerdict, returns=ReviewView))  # fmt: skip
async def api_arbitration(request: AnyRequest, case_id: FromPath[UUID]) -> Response[bytes]:
    """For the coordinator, with a reason: before the last opinion (at least one is given) or after it."""
    person, command = api_person(request), await read_body(request, OverruleVerdict)
    return answer(review_view(await overrule_verdict(running_of(request), person, case_id, command, clock.now())))

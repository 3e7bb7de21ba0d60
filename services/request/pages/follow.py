"""Following a request: what is expected of the author first, then where the case stands, who has it, until when."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.request.actions.answer_question import GivenAnswer, answer_question
from services.request.actions.withdraw_request import Withdrawal, withdraw_request
from services.request.api.views import case_view
from services.request.model.follow_up import open_questions
from services.request.pages.reading_back import sections
from services.request.pages.timeline import summary, timeline
from services.request.parts import parts_of
from services.request.store.reads import CaseFile, case_of
from services.request.words import KINDS
from shared.basics import clock
from shared.basics.errors import Refusal
from shared.contracts.vocabulary import LABELS
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.web.http.access import SignedIn
from shared.web.http.correlation import correlation_id
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]


@get("/demandes/{case_id:uuid}")
async def follow_page(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """Where the request stands."""
    return await _follow(request, person, case_id, Form())


@post("/demandes/{case_id:uuid}/reponse", status_code=200)
async def reply(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Answer a question."""
    form = await Form.read(request)
    given = form.parse(GivenAnswer)
    if given is not None:
        try:
            await answer_question(
                parts_of(request.app.state), person, case_id, given, clock.now(), correlation_id(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return see_other(f"/demandes/{case_id}", "Votre réponse est partie : l’étude du volet reprend.")
    return await _follow(request, person, case_id, form, 422)


@get("/demandes/{case_id:uuid}/retrait")
async def withdrawal_page(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """Say what will be lost before it is."""
    return await _withdrawal(request, person, case_id, Form())


@post("/demandes/{case_id:uuid}/retrait", status_code=200)
async def withdraw(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Give the request up."""
    form = await Form.read(request)
    given = form.parse(Withdrawal)
    if given is not None:
        try:
            await withdraw_request(
                parts_of(request.app.state), person, case_id, given.reason, clock.now(), correlation_id(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return see_other("/demandes", "La demande est retirée.")
    return await _withdrawal(request, person, case_id, form, 422)


async def _follow(request: AnyRequest, person: Person, case_id: UUID, form: Form, status: int = 200) -> Page:
    now = clock.now()
    case = await _case(request, person, case_id)
    context = {
        "form": form,
        "case": case,
        "view": case_view(case, person, now),
        "questions": open_questions(case.follow_up),
        "timeline": timeline(case),
        "summary": summary(case),
        "sections": sections(case),
        "kind": KINDS[case.stage],
        "labels": LABELS,
        "mine": case.author == person.id,
    }
    return Page("request/follow.html", context, status=status)


async def _withdrawal(request: AnyRequest, person: Person, case_id: UUID, form: Form, status: int = 200) -> Page:
    case = await _case(request, person, case_id)
    context = {"form": form, "case": case, "view": case_view(case, person, clock.now())}
    return Page("request/withdrawal.html", context, status=status)


async def _case(request: AnyRequest, person: Person, case_id: UUID) -> CaseFile:
    async with reading(parts_of(request.app.state).pool, person.scope) as db:
        return await case_of(db, person, case_id)

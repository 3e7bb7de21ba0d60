"""Following a request: what is expected of the author first, then where the case stands, who has it, until when."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.request.actions.answer_question import AnswerQuestion, answer_question
from services.request.actions.withdraw_request import WithdrawRequest, withdraw_request
from services.request.model.follow_up import open_questions
from services.request.model.request import allowed
from services.request.model.waiting import overdue
from services.request.pages.reading_back import sections
from services.request.pages.timeline import summary, timeline
from services.request.store.reads import CaseFile, case_of
from services.request.words import check_words, sentence, stage_words
from shared.basics import clock
from shared.basics.errors import Refusal
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import running_of
from shared.web.http.access import SignedIn
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
    command = form.parse(AnswerQuestion)
    if command is not None:
        try:
            await answer_question(running_of(request), person, case_id, command, clock.now())
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
    command = form.parse(WithdrawRequest)
    if command is not None:
        try:
            await withdraw_request(running_of(request), person, case_id, command, clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return see_other("/demandes", "La demande est retirée.")
    return await _withdrawal(request, person, case_id, form, 422)


async def _follow(request: AnyRequest, person: Person, case_id: UUID, form: Form, status: int = 200) -> Page:
    case = await _case(request, person, case_id)
    follow_up, mine = case.follow_up, case.author == person.id
    questions = open_questions(follow_up)
    asked = {question.check for question in questions}
    context = {
        "form": form,
        "case": case,
        "follow_up": follow_up,
        "status": stage_words(follow_up, case.stage),
        "in_plain_words": sentence(follow_up, case.stage, mine=mine),
        "may": allowed(person, case.author, case.establishment, follow_up),
        "late": overdue(follow_up, clock.now()),
        "checks": [(c, check_words(c, asked=c.kind in asked)[0], c.kind in asked) for c in follow_up.checks],
        "questions": questions,
        "timeline": timeline(case),
        "summary": summary(case),
        "sections": sections(case),
        "mine": mine,
    }
    return Page("request/follow.html", context, status=status)


async def _withdrawal(request: AnyRequest, person: Person, case_id: UUID, form: Form, status: int = 200) -> Page:
    case = await _case(request, person, case_id)
    may = allowed(person, case.author, case.establishment, case.follow_up)
    context = {"form": form, "case": case, "may": may}
    return Page("request/withdrawal.html", context, status=status)


async def _case(request: AnyRequest, person: Person, case_id: UUID) -> CaseFile:
    async with reading(running_of(request).pool, person.scope) as db:
        return await case_of(db, person, case_id)

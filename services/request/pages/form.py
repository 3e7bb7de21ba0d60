"""The pages on which a request is written, step by step. A draft saves itself; without JavaScript, each button saves."""

import re
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from services.request.actions.create_request import CreateRequest, create_request
from services.request.actions.edit_draft import edit_draft
from services.request.model.follow_up import Stage
from services.request.model.form import EMPTY, NatureStep, RequestForm
from services.request.model.refusals import AlreadySubmitted, NotTheAuthor
from services.request.model.request import may_edit
from services.request.pages.steps import BY_SLUG, CHECK, LABELS, STEPS, FormStep, next_slug, typed
from services.request.store.neighbours import neighbours
from services.request.store.reads import CaseFile, case_of
from services.request.words import CHOICES
from shared.basics import clock
from shared.basics.errors import NotFound, Refusal
from shared.basics.french import time
from shared.basics.ids import new_id
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.reference.domains import domains
from shared.web.http.access import SignedIn, require
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
_PLAIN = re.compile("[!-~]{1,80}").fullmatch
"""The keys that a page gives are printable ASCII."""
WRITERS = (Role.REQUESTER, Role.BUSINESS_REFERENT)


@get("/demandes/nouvelle", guards=[require(*WRITERS)])
async def new_page() -> Page:
    """The first step; the key makes one draft of it however often it is sent."""
    return _new(Form({"key": new_id()}))


@post("/demandes/nouvelle", guards=[require(*WRITERS)], status_code=200)
async def new_draft(request: AnyRequest, person: SignedIn) -> Page | Redirect:
    """The draft begins with its nature."""
    form = await Form.read(request)
    given = form.parse(NatureStep)
    if given is None or given.kind is None:
        form.add_error("kind", "Choisissez la nature de votre demande.")
        return _new(form, 422)
    command = CreateRequest(kind=given.kind, submit=False)
    made = await create_request(running_of(request), person, command, clock.now(), f"page:{_key(form)}")
    return see_other(f"/demandes/{made.case_id}/{next_slug('nature')}")


def _key(form: Form) -> str:
    """The key that the page gave; one of its own where somebody sent none, or what is none."""
    key = form.get("key").strip()
    return key if _PLAIN(key) else str(new_id())


def _new(form: Form, status: int = 200) -> Page:
    first = STEPS[0]
    context = {
        "form": form,
        "step": first,
        "case": None,
        "draft": EMPTY,
        "labels": LABELS,
        "choices": CHOICES,
        "hrefs": None,
        "current": 0,
        "action": "/demandes/nouvelle",
        "saved": "",
    }
    return Page(first.template, context, status=status)


@get("/demandes/{case_id:uuid}/{slug:str}")
async def step_page(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """A step of the form, filled in as far as it was saved."""
    step = _step(slug)
    case = await draft_of(request, person, case_id)
    return await show_step(request, person, case, step, Form(typed(case.form)))


@post("/demandes/{case_id:uuid}/{slug:str}", status_code=200)
async def save_step(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], slug: FromPath[str]
) -> Page | Redirect:
    """Save the step, then go on, or leave and come back later."""
    step = _step(slug)
    form = await Form.read(request)
    given = form.parse(step.model)
    try:
        if given is not None:
            await edit_draft(running_of(request), person, case_id, given, clock.now())
            if form.get("then") == "later":
                return see_other("/demandes", "Votre brouillon est enregistré : vous le retrouverez ici.")
            return see_other(f"/demandes/{case_id}/{next_slug(slug)}")
    except Refusal as refusal:
        form.refuse(refusal)
    case = await draft_of(request, person, case_id)
    return await show_step(request, person, case, step, form, 422)


@post("/demandes/{case_id:uuid}/{slug:str}/brouillon", status_code=200)
async def autosave(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], slug: FromPath[str]
) -> Response[str]:
    """Save while the person types; the answer is the sentence beside the button."""
    form = await Form.read(request)
    given = form.parse(_step(slug).model)
    if given is None:
        return Response("Pas encore enregistré : " + next(iter(form.errors.values())), media_type=MediaType.TEXT)
    now = clock.now()
    await edit_draft(running_of(request), person, case_id, given, now)
    return Response(f"✓ {saved_at(now)}", media_type=MediaType.TEXT)


@get("/demandes/voisins")
async def neighbours_part(
    request: AnyRequest,
    person: SignedIn,
    case: FromQuery[UUID | None] = None,
    domain: FromQuery[str] = "",
    title: FromQuery[str] = "",
    description: FromQuery[str] = "",
) -> Page:
    """What the GHT has near what is being typed: the part of the page beside the form."""
    words = f"{title} {description}"[:500].replace("\x00", " ").strip()
    code = domain if domain in domains() else None
    near = await neighbours(running_of(request).pool, person, code, words, case)
    return Page("request/neighbours.html", {"near": near, "near_domain": code})


def saved_at(moment: Any) -> str:
    """Brouillon enregistré à 14 h 32."""
    return f"Brouillon enregistré à {time(moment)}"


def _step(slug: str) -> FormStep:
    if slug not in BY_SLUG:
        raise NotFound
    return BY_SLUG[slug]


async def draft_of(request: AnyRequest, person: Person, case_id: UUID) -> CaseFile:
    """The draft, for those who may write it."""
    async with reading(running_of(request).pool, person.scope) as db:
        case = await case_of(db, person, case_id)
    if not may_edit(person, case.author, case.establishment):
        raise NotTheAuthor
    if case.stage is not Stage.DRAFT:
        raise AlreadySubmitted
    return case


async def show_step(
    request: AnyRequest, person: Person, case: CaseFile, step: FormStep, form: Form, status: int = 200
) -> Page:
    """The page of a step."""
    context: dict[str, Any] = {
        "form": form,
        "step": step,
        "case": case,
        "draft": case.form,
        "labels": LABELS,
        "choices": CHOICES,
        "hrefs": step_hrefs(case.case_id),
        "current": STEPS.index(step),
        "action": f"/demandes/{case.case_id}/{step.slug}",
        "saved": saved_at(case.updated_at),
        "domains": [(d.code, d.label) for d in domains().values()],
    }
    if step.slug == "besoin":
        near_form: RequestForm = case.form
        words = f"{near_form.title} {near_form.description}"[:500].strip()
        context["near_domain"] = near_form.domain
        context["near"] = await neighbours(running_of(request).pool, person, near_form.domain, words, case.case_id)
    return Page(step.template, context, status=status)


def step_hrefs(case_id: UUID) -> list[str]:
    """The address of each step, the check last."""
    return [f"/demandes/{case_id}/{slug}" for slug in (*BY_SLUG, CHECK)]

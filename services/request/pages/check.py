"""The last step: read it all again, join files, see what the GHT has, send."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.request.actions.attach_file import attach_file
from services.request.actions.detach_file import detach_file
from services.request.actions.submit_request import submit_request
from services.request.model.completeness import lacks
from services.request.model.files import ACCEPT, LARGEST, MOST
from services.request.model.refusals import RequestIncomplete
from services.request.pages.form import draft_of, saved_at, step_hrefs
from services.request.pages.reading_back import sections
from services.request.pages.steps import LABELS, STEPS, by_step, step_of
from services.request.store.neighbours import neighbours
from services.request.store.reads import CaseFile, stored_file
from shared.basics import clock
from shared.basics.errors import Refusal
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import running_of
from shared.web.api.bodies import LARGEST_UPLOAD
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]


@get("/demandes/{case_id:uuid}/verification")
async def check_page(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """Everything that will be sent, and what is missing."""
    return await _check(request, person, await draft_of(request, person, case_id), Form())


@post("/demandes/{case_id:uuid}/envoi", status_code=200)
async def send(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Send the request; twice is once."""
    try:
        sent = await submit_request(running_of(request), person, case_id, clock.now())
    except RequestIncomplete as incomplete:
        form = Form()
        form.refuse(incomplete)
        return await _check(request, person, await draft_of(request, person, case_id), form, 422)
    return see_other(f"/demandes/{case_id}", f"Votre demande {sent.reference} est envoyée à la DSI.")


@post("/demandes/{case_id:uuid}/fichiers", status_code=200, request_max_body_size=LARGEST_UPLOAD)
async def join_files(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Join files to the draft."""
    form = await Form.read(request)
    uploads = form.uploads.get("files", [])
    if not uploads:
        form.add_error("files", "Choisissez un fichier à joindre.")
    for upload in uploads:
        try:
            content = await upload.read(LARGEST + 1)
            await attach_file(
                running_of(request), person, case_id, upload.filename, content, clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("files", refusal.public)
    if form.wrong:
        return await _check(request, person, await draft_of(request, person, case_id), form, 422)
    return see_other(f"/demandes/{case_id}/verification#fichiers")


@post("/demandes/{case_id:uuid}/fichiers/{attachment_id:uuid}/retrait", status_code=200)
async def remove_file(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], attachment_id: FromPath[UUID]
) -> Redirect:
    """Take a file away from the draft."""
    await detach_file(running_of(request), person, case_id, attachment_id, clock.now())
    return see_other(f"/demandes/{case_id}/verification#fichiers", "Le fichier est retiré.")


@get("/demandes/{case_id:uuid}/fichiers/{attachment_id:uuid}")
async def file_page(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], attachment_id: FromPath[UUID]
) -> Response[bytes]:
    """Download an attachment."""
    async with reading(running_of(request).pool, person.scope) as db:
        file = await stored_file(db, person, case_id, attachment_id)
    return Response(file.content, media_type=file.media_type, headers=file.headers)


async def _check(request: AnyRequest, person: Person, case: CaseFile, form: Form, status: int = 200) -> Page:
    missing = lacks(case.form)
    words = f"{case.form.title} {case.form.description}"[:500].strip()
    context = {
        "form": form,
        "case": case,
        "missing": by_step(missing),
        "missing_hrefs": {m.field: f"/demandes/{case.case_id}/{step_of(m.field).slug}#f-{m.field}" for m in missing},
        "steps": STEPS,
        "sections": sections(case),
        "labels": LABELS,
        "hrefs": step_hrefs(case.case_id),
        "saved": saved_at(case.updated_at),
        "near_domain": case.form.domain,
        "near": await neighbours(running_of(request).pool, person, case.form.domain, words, case.case_id),
        "may_send": case.author == person.id,
        "accept": ACCEPT,
        "most": MOST,
    }
    return Page("request/check.html", context, status=status)

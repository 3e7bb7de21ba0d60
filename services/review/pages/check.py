"""The page of one check: the need beside the checklist, then the opinion."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.review.actions.answer_items import AnswerItems, answer_items
from services.review.actions.ask_question import AskQuestion, ask_question
from services.review.actions.give_opinion import GiveOpinion, give_opinion
from services.review.actions.release_check import release_check
from services.review.model.check_kinds import rules_of
from services.review.model.guards import of_kind, seen
from services.review.model.queues import open_queues
from services.review.model.review import Check, Review
from services.review.pages.check_form import answers_in, filled, lines_in, parsed, refused, reuse_in
from services.review.pages.check_view import check_context
from services.review.store import reads as queries
from services.review.store.absences import absent_colleagues_of
from shared.basics import clock
from shared.basics.calendar import today
from shared.basics.errors import Refusal
from shared.contracts.need import Need
from shared.contracts.vocabulary import CheckKind
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
HERE = "/instruction/dossiers/{case_id:uuid}/{kind:str}"


@get(HERE)
async def check_page(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], kind: FromPath[str]) -> Page:
    """Read it, whatever its kind, or work it where it is the person's to work."""
    return await _show(request, person, case_id, kind, None)


@post(f"{HERE}/reponses", status_code=200)
async def save_answers(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], kind: FromPath[CheckKind]
) -> Response[Any] | Page | Redirect:
    """Keep what is answered so far; by itself while one types, or by the button."""
    review, check = await _find(request, person, case_id, kind)
    form = await Form.read(request)
    command = parsed(form, AnswerItems, {"answers": answers_in(form, review.items(check))})
    if command is None:
        return await _show(request, person, case_id, kind, form)
    try:
        saved = await answer_items(running_of(request), person, case_id, kind, command, clock.now())
    except Refusal as refusal:
        if request.headers.get("hx-request"):
            raise
        refused(form, refusal)
        return await _show(request, person, case_id, kind, form)
    if request.headers.get("hx-request"):
        day = today(clock.now())
        return Page(
            "instruction/saved.html", check_context(saved, of_kind(saved, kind), person, frozenset(), None, day)
        )
    return see_other(f"/instruction/dossiers/{case_id}/{kind}", "Vos réponses sont enregistrées.")


@post(f"{HERE}/avis", status_code=200)
async def post_opinion(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], kind: FromPath[CheckKind]
) -> Page | Redirect:
    """Close the check; what it lacks is said beside each item."""
    review, check = await _find(request, person, case_id, kind)
    form = await Form.read(request)
    entries = [str(one.entry_id) for one in Need.model_validate_json(review.need).equipped]
    judged = [entry for entry in entries if form.get(f"r-{entry}") in ("yes", "no")]
    data = {
        "opinion": form.get("opinion"),
        "comment": form.get("comment"),
        "conditions": lines_in(form, "conditions"),
        "answers": answers_in(form, review.items(check)),
        "reuse": reuse_in(form, entries) if rules_of(kind).judges_reuse else [],
    }
    command = parsed(form, GiveOpinion, data, judged)
    if command is None:
        return await _show(request, person, case_id, kind, form)
    try:
        await give_opinion(running_of(request), person, case_id, kind, command, clock.now())
    except Refusal as refusal:
        refused(form, refusal, judged)
        return await _show(request, person, case_id, kind, form)
    return see_other(f"/instruction/dossiers/{case_id}", f"Votre avis est rendu : {command.opinion.label.lower()}.")


@post(f"{HERE}/question", status_code=200)
async def post_question(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], kind: FromPath[CheckKind]
) -> Page | Redirect:
    """Ask the requester; the clock stops."""
    form = await Form.read(request)
    command = parsed(form, AskQuestion, {"question": form.get("question")})
    if command is not None:
        try:
            await ask_question(running_of(request), person, case_id, kind, command, clock.now())
            said = "Votre question est partie. L’horloge du volet est arrêtée jusqu’à la réponse."
            return see_other(f"/instruction/dossiers/{case_id}/{kind}", said)
        except Refusal as refusal:
            refused(form, refusal)
    _, check = await _find(request, person, case_id, kind)
    return await _show(request, person, case_id, kind, filled(check, form))


@post(f"{HERE}/rendre", status_code=303)
async def post_release(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], kind: FromPath[CheckKind]
) -> Redirect:
    """Give the check back to its queue."""
    await release_check(running_of(request), person, case_id, kind, clock.now())
    return see_other(f"/instruction/dossiers/{case_id}/{kind}", "Le volet est revenu dans sa file, avec vos réponses.")


async def _find(request: AnyRequest, person: Person, case_id: UUID, kind: str) -> tuple[Review, Check]:
    open_queues(person)
    async with reading(running_of(request).pool, person.scope) as db:
        review = seen(await queries.review_get(db, case_id), person)
    return review, of_kind(review, kind)


async def _show(request: AnyRequest, person: Person, case_id: UUID, kind: str, form: Form | None) -> Page:
    review, check = await _find(request, person, case_id, kind)
    day = today(clock.now())
    standing_in = await absent_colleagues_of(running_of(request).pool, person.id, day)
    context = check_context(review, check, person, standing_in, form, day)
    return Page("instruction/check.html", context, status=422 if form is not None and form.wrong else 200)

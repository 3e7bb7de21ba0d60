"""The coordinator's page of absences: who is away, who stands in."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.review.actions.manage_absences import EnterAbsence, enter_absence, remove_absence
from services.review.model.queues import SEES_ALL
from services.review.store.absences import absences
from services.review.store.people import reviewers, title
from shared.basics import clock
from shared.basics.calendar import today
from shared.basics.errors import NotFound, Refusal
from shared.basics.french import date_long
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.web.http.access import SignedIn, ensure
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
HERE = "/instruction/absences"


@get(HERE)
async def absences_page(request: AnyRequest, person: SignedIn) -> Page:
    """Absences that are not over, and the form for one more."""
    return await _show(request, person, Form())


@post(HERE, status_code=200)
async def post_absence(request: AnyRequest, person: SignedIn) -> Page | Redirect:
    """Note an absence."""
    form = await Form.read(request)
    if command := form.parse(EnterAbsence):
        try:
            entered = await enter_absence(running_of(request), person, command, clock.now())
            return see_other(HERE, f"Absence notée jusqu’au {date_long(entered.to_on)} inclus.")
        except Refusal as refusal:
            form.refuse(refusal)
    return await _show(request, person, form)


@get(f"{HERE}/{{absence_id:uuid}}/supprimer")
async def ask_removal(request: AnyRequest, person: SignedIn, absence_id: FromPath[UUID]) -> Page:
    """Ask before an absence is forgotten."""
    ensure(person, Role.COORDINATOR)
    known = await absences(running_of(request).pool, today(clock.now()))
    found = next((one for one in known if one.absence_id == absence_id), None)
    if found is None:
        raise NotFound
    context = {
        "heading": "Supprimer cette absence ?",
        "text": f"{title(found.reviewer)}, du {date_long(found.from_on)} au {date_long(found.to_on)}.",
        "losses": [f"{title(found.substitute)} ne pourra plus travailler ses volets."],
        "action": f"{HERE}/{absence_id}/supprimer",
        "yes": "Supprimer l’absence",
        "back": HERE,
    }
    return Page("confirm.html", context)


@post(f"{HERE}/{{absence_id:uuid}}/supprimer", status_code=303)
async def post_removal(request: AnyRequest, person: SignedIn, absence_id: FromPath[UUID]) -> Redirect:
    """Forget an absence."""
    await remove_absence(running_of(request), person, absence_id)
    return see_other(HERE, "L’absence est supprimée.")


async def _show(request: AnyRequest, person: Person, form: Form) -> Page:
    ensure(person, *SEES_ALL)
    day = today(clock.now())
    context = {
        "absences": await absences(running_of(request).pool, day),
        "people": [(one.id, one.title) for one in reviewers()],
        "title_of": title,
        "form": form,
        "may_enter": person.has(Role.COORDINATOR),
        "day": day,
    }
    return Page("instruction/absences.html", context, status=422 if form.wrong else 200)

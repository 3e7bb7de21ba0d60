"""Recording the contract that was awarded."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import asdict

from services.purchasing.actions.record_award import RecordAward, record_award
from services.purchasing.model.readers import ensure_reader
from services.purchasing.pages.acting import shown_purchase, tried, typed
from services.purchasing.pages.context import WORDS
from shared.basics import clock
from shared.basics.french import parse_euros
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]


@get("/achats/dossiers/{case_id:uuid}/marche")
async def award_form(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """The contract, if it is known."""
    ensure_reader(person)
    return await _page(request, person, case_id, None)


@post("/achats/dossiers/{case_id:uuid}/marche", status_code=200)
async def save_award(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Record or correct it."""
    form = await Form.read(request)
    given: dict[str, Any] = {}
    try:
        given["amount_cents"] = parse_euros(form.get("amount_cents"))
    except ValueError as error:
        form.add_error("amount_cents", str(error))
    command = form.parse(RecordAward, **given)
    if command is not None and not form.errors:
        recorded = await tried(form, record_award(running_of(request), person, case_id, command, clock.now()))
        if recorded:
            return see_other(f"/achats/dossiers/{case_id}", "Le marché est enregistré : son échéance est suivie.")
    return await _page(request, person, case_id, form, status=422)


async def _page(request: AnyRequest, person: Person, case_id: UUID, form: Form | None, status: int = 200) -> Page:
    async with reading(running_of(request).pool, person.scope) as db:
        purchase = await shown_purchase(db, case_id)
    if form is None:
        award, amount = purchase.work.award, purchase.own_amount_cents
        cents = award.amount_cents if award else amount
        known = asdict(award) if award else {"notice_months": 3}
        known |= {"amount_cents": typed(cents or None), "revision": purchase.work.revision}
        form = Form(known)
    return Page(
        "achats/award.html", {**WORDS, "form": form, "purchase": purchase, "need": purchase.need}, status=status
    )


AWARD = (award_form, save_award)

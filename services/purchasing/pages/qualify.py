"""Qualifying on screen: the whole cost, bought and rented side by side, and what else decides the route."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import asdict

from services.purchasing.actions.qualify_purchase import QualifyPurchase, qualify_purchase
from services.purchasing.model.purchase import Purchase
from services.purchasing.model.qualification import LINES
from services.purchasing.model.qualification import Form as CostForm
from services.purchasing.model.readers import ensure_reader
from services.purchasing.model.routing.coverage import NONE_CHOSEN, usual_cpv
from services.purchasing.pages.acting import shown_purchase, tried, typed
from services.purchasing.pages.context import WORDS
from services.purchasing.store.agreements import agreements_all
from services.purchasing.store.same_need import purchases_alike
from services.purchasing.words import route_label
from shared.basics import clock
from shared.basics.calendar import local
from shared.basics.french import parse_euros
from shared.database.postgres import reading
from shared.identity.person import Person
from shared.program.running import running_of
from shared.reference.cpv import codes
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]


@get("/achats/dossiers/{case_id:uuid}/qualification")
async def qualification(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """The form, with what is known already."""
    ensure_reader(person)
    return await _page(request, person, case_id, None)


@post("/achats/dossiers/{case_id:uuid}/qualification", status_code=200)
async def save_qualification(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Keep the qualification and propose again."""
    form = await Form.read(request)
    costs = {cost_form.value: _costs(form, cost_form) for cost_form in CostForm}
    command = form.parse(QualifyPurchase, **costs)
    if command and not form.errors:
        purchase = await tried(form, qualify_purchase(running_of(request), person, case_id, command, clock.now()))
        if purchase:
            return see_other(f"/achats/dossiers/{case_id}", _said(purchase))
    return await _page(request, person, case_id, form, status=422)


async def _page(request: AnyRequest, person: Person, case_id: UUID, form: Form | None, status: int = 200) -> Page:
    now = clock.now()
    async with reading(running_of(request).pool, person.scope) as db:
        purchase = await shown_purchase(db, case_id)
        agreements = [a for a in await agreements_all(db) if not a.withdrawn]
        alike = await purchases_alike(db, case_id, now)
    return Page(
        "achats/qualification.html",
        {
            **WORDS,
            "form": form or _known(purchase, local(now).date().isoformat()),
            "purchase": purchase,
            "need": purchase.need,
            "agreements": [(a.agreement_id, f"{a.name}, jusqu’au {a.valid_to:%d/%m/%Y}") for a in agreements],
            "none_chosen": NONE_CHOSEN,
            "alike": alike,
            "comparable": [other for other in alike if other.amount_cents is not None],
            "usual_cpv": [(code, codes()[code].label_fr) for code in usual_cpv(purchase.known_need.domain)],
        },
        status=status,
    )


def _costs(form: Form, cost_form: CostForm) -> dict[str, int] | None:
    """The lines that were typed, in cents; None where the whole column is empty."""
    typed: dict[str, int] = {}
    for line, _, _ in LINES:
        name = f"{cost_form}_{line}"
        if text := form.get(name).strip():
            try:
                typed[line] = parse_euros(text)
            except ValueError as error:
                form.add_error(name, str(error))
    return typed or None


def _known(purchase: Purchase, today: str) -> Form:
    """What was entered before; on the first visit, what the request says."""
    qualified, need = purchase.work.qualification, purchase.need
    if qualified is None:
        return Form(
            {
                "term_years": 4,
                "renewal_years": 0,
                "exclusive_rights": "yes" if need and need.sole_supplier_reason else "unknown",
                "justification": purchase.justification,
                "cpv": purchase.cpv,
                "launch_on": today,
                "revision": purchase.work.revision,
            }
        )
    values: dict[str, Any] = asdict(qualified) | {
        "same_need": [other.case_id for other in qualified.same_need],
        "revision": purchase.work.revision,
    }
    for cost_form, lines in ((CostForm.BOUGHT, qualified.bought), (CostForm.RENTED, qualified.rented)):
        for line, _, _ in LINES:
            values[f"{cost_form}_{line}"] = typed((getattr(lines, line) if lines else 0) or None)
    return Form(values)


def _said(purchase: Purchase) -> str:
    proposal = purchase.work.proposal
    route = route_label(proposal.route) if proposal else ""
    return f"L’achat est qualifié. Voie proposée : {route}."


QUALIFY = (qualification, save_qualification)

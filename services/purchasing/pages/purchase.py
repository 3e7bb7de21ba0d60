"""One purchase: the answer first, then why with every rule tried, then the costs; another route is one click away."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.purchasing.actions.decide_route import DecideRoute, decide_route
from services.purchasing.actions.record_award import may_award
from services.purchasing.model.members import buying_with
from services.purchasing.model.purchase import WAITING, Purchase, State
from services.purchasing.model.qualification import LINES
from services.purchasing.model.qualification import Form as CostForm
from services.purchasing.model.readers import ensure_reader
from services.purchasing.model.routing.case_facts import END_OF_DAY, WORKING_DAYS_TO_ANSWER, due
from services.purchasing.model.routing.facts import in_sentence
from services.purchasing.model.routing.routes import Procedure, implied
from services.purchasing.model.routing.rules import RoutingExplanation
from services.purchasing.pages.acting import shown_purchase, tried
from services.purchasing.pages.context import WORDS
from services.purchasing.store.agreements import agreements_all
from services.purchasing.store.same_need import purchases_alike
from services.purchasing.words import missing_in_french
from shared.basics import clock
from shared.basics.calendar import PARIS, local
from shared.contracts.vocabulary import Route
from shared.contracts.words import label_of
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
CHOICES = tuple(route for route in Route if implied(route).by_hand)


@get("/achats/dossiers/{case_id:uuid}")
async def one_purchase(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """The purchase of a case."""
    ensure_reader(person)
    return await purchase_page(request, person, case_id, Form())


@get("/achats/dossiers/{case_id:uuid}/voie")
async def other_route(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """Take another route than the proposed one, with a reason."""
    ensure_reader(person)
    return await _other_route_page(request, person, case_id, Form())


@post("/achats/dossiers/{case_id:uuid}/voie", status_code=200)
async def decide(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Confirm the proposed route, or take another one."""
    form = await Form.read(request)
    confirming = form.get("depuis") == "dossier"
    command = form.parse(DecideRoute, deadline=_deadline(form), ask_members=form.get("ask_members") == "true")
    if command and not form.errors:
        purchase = await tried(form, decide_route(running_of(request), person, case_id, command, clock.now()))
        if purchase:
            return see_other(f"/achats/dossiers/{case_id}", _said(purchase))
    shown = purchase_page if confirming else _other_route_page
    return await shown(request, person, case_id, form, status=422)


async def purchase_page(request: AnyRequest, person: Person, case_id: UUID, form: Form, status: int = 200) -> Page:
    """The page of one purchase, with what was typed where a confirmation was refused."""
    now = clock.now()
    async with reading(running_of(request).pool, person.scope) as db:
        purchase = await shown_purchase(db, case_id)
        alike = await purchases_alike(db, case_id, now)
        known = {a.agreement_id: a for a in await agreements_all(db)}
    need, taken = purchase.known_need, purchase.work.decision
    explained = taken or purchase.work.proposal
    agreement = known.get(explained.agreement_id) if explained and explained.agreement_id else None
    buyer = person.has(Role.BUYER)
    return Page(
        "achats/purchase.html",
        {
            **WORDS,
            "form": form,
            "purchase": purchase,
            "need": need,
            "work": purchase.work,
            "rules": rule_lines(explained.explanation) if explained else [],
            "procedure": label_of(Procedure, explained.explanation.procedure) if explained else "",
            "procedure_because": _procedure_because(explained.explanation) if explained else "",
            "missing": missing_in_french(purchase.work.proposal.explanation) if purchase.work.proposal else [],
            "costs": _costs(purchase),
            "alike": alike,
            "alike_sum": sum(other.amount_cents or 0 for other in alike),
            "agreement": agreement,
            "instead_of": known.get(taken.instead_of) if taken and taken.instead_of else None,
            "justification": purchase.justification,
            "own_request": need.requester == person.id,
            "may_act": buyer and purchase.state in WAITING and need.requester != person.id,
            "may_award": buyer and may_award(purchase),
            "others": buying_with(purchase.establishment, agreement, local(now).date())
            if purchase.state in WAITING
            else (),
            "default_deadline": local(due(now, WORKING_DAYS_TO_ANSWER)).date(),
            "today": local(now).date(),
            "replies": {r.establishment: r for r in purchase.work.census.replies} if purchase.work.census else {},
        },
        status=status,
    )


def rule_lines(explanation: RoutingExplanation) -> list[dict[str, Any]]:
    """Every rule tried, as the list of the page shows it."""
    return [
        {"hit": t.matched, "title": t.title, "why": " · ".join(t.reasons), "source": t.source if t.matched else ""}
        for t in explanation.tried
    ]


def _procedure_because(explanation: RoutingExplanation) -> str:
    """Why this procedure, unless the rule that was taken says it already."""
    because = explanation.procedure_because
    return "" if because in explanation.tried[-1].reasons else because


async def _other_route_page(request: AnyRequest, person: Person, case_id: UUID, form: Form, status: int = 200) -> Page:
    now = clock.now()
    async with reading(running_of(request).pool, person.scope) as db:
        purchase = await shown_purchase(db, case_id)
        agreements = await agreements_all(db)
    in_force = [a for a in agreements if not a.withdrawn and a.valid_to >= local(now).date()]
    return Page(
        "achats/other_route.html",
        {
            **WORDS,
            "form": form,
            "purchase": purchase,
            "need": purchase.need,
            "choices": [(route, route.label) for route in CHOICES if route != purchase.route],
            "agreements": [(a.agreement_id, f"{a.name} ({in_sentence(a.kind_label)})") for a in in_force],
            "default_deadline": local(due(now, WORKING_DAYS_TO_ANSWER)).date(),
        },
        status=status,
    )


def _deadline(form: Form) -> datetime | None:
    """The evening of the chosen day, None for the default; a day that cannot be read is an error of its field."""
    typed = form.get("deadline").strip()
    if not typed:
        return None
    try:
        return datetime.combine(date.fromisoformat(typed), END_OF_DAY, tzinfo=PARIS)
    except ValueError:
        form.add_error("deadline", "Écrivez une date, par exemple 2026-11-27.")
        return None


def _said(purchase: Purchase) -> str:
    census = purchase.work.census
    if purchase.state is State.CENSUS and census is not None:
        return "Le recensement est ouvert : les membres du GHT le voient dès maintenant."
    return "La voie est décidée : le demandeur en est informé."


def _costs(purchase: Purchase) -> dict[str, Any] | None:
    qualified = purchase.work.qualification
    if qualified is None or (qualified.bought is None and qualified.rented is None):
        return None
    rows = []
    for name, label, yearly in LINES:
        bought = getattr(qualified.bought, name) if qualified.bought else 0
        rented = getattr(qualified.rented, name) if qualified.rented else 0
        if bought or rented:
            times = qualified.years if yearly else 1
            rows.append((label, bought * times, rented * times))
    return {
        "rows": rows,
        "bought": qualified.total_cents(CostForm.BOUGHT),
        "rented": qualified.total_cents(CostForm.RENTED),
        "difference": qualified.difference_cents,
    }


PURCHASE = (one_purchase, other_route, decide)

"""Framework agreements on screen: the list, one agreement, its form, its withdrawal."""

import re
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import asdict

from services.purchasing.actions.change_agreement import change_agreement
from services.purchasing.actions.enter_agreement import AgreementData, enter_agreement
from services.purchasing.actions.withdraw_agreement import WithdrawAgreement, withdraw_agreement
from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import BODIES, Agreement
from services.purchasing.model.readers import ensure_reader
from services.purchasing.pages.acting import tried, typed
from services.purchasing.pages.context import WORDS
from services.purchasing.store.agreements import agreement_get, agreements_all
from services.purchasing.store.knowledge_log import knowledge_history
from services.purchasing.words import MARKET_WORDS, WITHDRAWN_ON_SCREEN, establishment_name
from shared.basics import clock
from shared.basics.calendar import local
from shared.basics.french import parse_euros
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.reference.directory import ght_of, members
from shared.reference.domains import domains
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
AMOUNTS = ("ceiling_cents", "consumed_cents")
LISTS = ("cpv", "suppliers")
NAMED = {"yes": True, "no": False}
ORDER: dict[str, int] = {body: place for place, body in enumerate(BODIES)}


@get("/achats/accords")
async def agreements(request: AnyRequest, person: SignedIn) -> Page:
    """Every agreement: in force, to come, ended, withdrawn."""
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await agreements_all(db)
    today = local(clock.now()).date()
    rows = sorted(found, key=lambda a: (a.withdrawn, a.valid_to < today, ORDER.get(a.body, len(ORDER)), a.title))
    return Page("achats/agreements.html", {**WORDS, "rows": rows, "today": today, "may_enter": person.has(Role.BUYER)})


@get("/achats/accords/nouveau")
async def new_agreement(request: AnyRequest, person: SignedIn) -> Page:
    """An empty form."""
    ensure_buyer(person)
    return await _page(request, person, Form({"kind": "order", "may_order": "unknown", "named": "unknown"}), None)


@post("/achats/accords/nouveau", status_code=200)
async def enter(request: AnyRequest, person: SignedIn) -> Page | Redirect:
    """Enter an agreement."""
    form = await Form.read(request)
    if data := _data(form):
        entered = await enter_agreement(running_of(request), person, data, clock.now())
        return see_other(f"/achats/accords/{entered.agreement_id}", "L’accord-cadre compte dès maintenant.")
    return await _page(request, person, form, None, status=422)


@get("/achats/accords/{agreement_id:uuid}")
async def agreement(request: AnyRequest, person: SignedIn, agreement_id: FromPath[UUID]) -> Page:
    """One agreement, as a form for buyers."""
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await agreement_get(db, agreement_id)
    return await _page(request, person, _known(found), found)


@post("/achats/accords/{agreement_id:uuid}", status_code=200)
async def change(request: AnyRequest, person: SignedIn, agreement_id: FromPath[UUID]) -> Page | Redirect:
    """Change it."""
    form = await Form.read(request)
    running = running_of(request)
    data = _data(form)
    if data is not None:
        kept = await tried(form, change_agreement(running, person, agreement_id, data, clock.now()))
        if kept:
            return see_other(f"/achats/accords/{agreement_id}", "L’accord-cadre est modifié.")
    async with reading(running.pool, person.scope) as db:
        found = await agreement_get(db, agreement_id)
    return await _page(request, person, form, found, status=422)


@get("/achats/accords/{agreement_id:uuid}/retrait")
async def ask_withdrawal(request: AnyRequest, person: SignedIn, agreement_id: FromPath[UUID]) -> Page:
    """Ask before it is no longer proposed."""
    ensure_buyer(person)
    async with reading(running_of(request).pool, person.scope) as db:
        found = await agreement_get(db, agreement_id)
    return Page(
        "confirm.html",
        {
            "heading": "Retirer cet accord-cadre ?",
            "text": f"{found.name} ne sera plus proposé pour de nouveaux achats. Ce qui y a été commandé reste.",
            "losses": ["Les voies proposées qui s’appuient sur lui seront revues au moment de les confirmer."],
            "action": f"/achats/accords/{agreement_id}/retrait",
            "yes": "Retirer l’accord-cadre",
            "back": f"/achats/accords/{agreement_id}",
        },
    )


@post("/achats/accords/{agreement_id:uuid}/retrait", status_code=200)
async def withdraw(request: AnyRequest, person: SignedIn, agreement_id: FromPath[UUID]) -> Redirect:
    """Withdraw it."""
    command = WithdrawAgreement(reason=WITHDRAWN_ON_SCREEN)
    await withdraw_agreement(running_of(request), person, agreement_id, command, clock.now())
    return see_other("/achats/accords", "L’accord-cadre est retiré.")


async def _page(request: AnyRequest, person: Person, form: Form, found: Agreement | None, status: int = 200) -> Page:
    today = local(clock.now()).date()
    ght = ght_of(person.establishment, today)
    known = members(ght.code, today) if ght else ()
    listed = {m.finess: m.name for m in known}
    for finess in found.orderers if found else ():
        listed.setdefault(finess, establishment_name(finess))
    history = []
    if found is not None:
        async with reading(running_of(request).pool, person.scope) as db:
            history = [
                (MARKET_WORDS.get(c.action, c.action), c.at, c.actor_title)
                for c in await knowledge_history(db, "agreement", str(found.agreement_id))
            ]
    return Page(
        "achats/agreement.html",
        {
            **WORDS,
            "form": form,
            "body_choices": [(body, body) for body in BODIES],
            "agreement": found,
            "may_enter": person.has(Role.BUYER) and not (found and found.withdrawn),
            "members": list(listed.items()),
            "all_domains": [(code, entry.label) for code, entry in domains().items()],
            "history": history,
            "today": today,
        },
        status=status,
    )


def _data(form: Form) -> AgreementData | None:
    given: dict[str, Any] = {"named_at_start": NAMED.get(form.get("named"))}
    for name in LISTS:
        given[name] = [part.strip() for part in re.split(r"[\n,;]", form.get(name)) if part.strip()]
    for name in AMOUNTS:
        if text := form.get(name).strip():
            try:
                given[name] = parse_euros(text)
            except ValueError as error:
                form.add_error(name, str(error))
        else:
            given[name] = None if name == "ceiling_cents" else 0
    data = form.parse(AgreementData, **given)
    return None if form.errors else data


def _known(found: Agreement) -> Form:
    amounts = {name: typed(getattr(found, name)) for name in AMOUNTS}
    named = "unknown" if found.named_at_start is None else "yes" if found.named_at_start else "no"
    lists = {"cpv": ", ".join(found.cpv), "suppliers": "\n".join(found.suppliers)}
    return Form({**asdict(found), **amounts, **lists, "named": named})


AGREEMENTS = (agreements, new_agreement, enter, agreement, change, ask_withdrawal, withdraw)

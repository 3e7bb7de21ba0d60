"""What the routes are computed from, on screen: the decision table, the thresholds, the direct purchase policies."""

from datetime import date
from typing import Any

import orjson
from litestar import Request, get, post
from litestar.response import Redirect

from services.purchasing.actions.publish_table import publish_table
from services.purchasing.actions.set_policy import SetPolicy, set_policy
from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.readers import ensure_reader
from services.purchasing.model.routing.thresholds import book
from services.purchasing.pages.acting import tried
from services.purchasing.pages.context import WORDS
from services.purchasing.store.market import policies_all, tables_published
from services.purchasing.words import conditions_in_words, route_label
from shared.basics import clock
from shared.basics.calendar import local
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.reference.directory import ght_of, members
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]


@get("/achats/regles")
async def rules(request: AnyRequest, person: SignedIn) -> Page:
    """The table in force, in French, and every version."""
    ensure_reader(person)
    async with reading(running_of(request).pool, person.scope) as db:
        published = await tables_published(db)
    today = local(clock.now()).date()
    in_force = next(one for one in published if one.table.valid_from <= today)
    lines = [
        (row.title, route_label(row.route), conditions_in_words(row), row.because, row.source)
        for row in in_force.table.rules
    ]
    return Page(
        "achats/rules.html",
        {
            **WORDS,
            "in_force": in_force,
            "lines": lines,
            "published": published,
            "today": today,
            "may_publish": person.has(Role.BUYER),
        },
    )


@get("/achats/regles/publier")
async def publish_form(request: AnyRequest, person: SignedIn) -> Page:
    """A new version, begun from the latest one."""
    ensure_buyer(person)
    async with reading(running_of(request).pool, person.scope) as db:
        published = await tables_published(db)
    document = published[0].table.model_dump(mode="json")
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
    return Page("achats/publish.html", {**WORDS, "form": Form({"document": text}), "latest": published[0]})


@post("/achats/regles/publier", status_code=200)
async def publish(request: AnyRequest, person: SignedIn) -> Page | Redirect:
    """Publish it; every error of the table is shown."""
    form = await Form.read(request)
    running = running_of(request)
    if published := await tried(form, publish_table(running, person, form.get("document"), clock.now())):
        table = published.table
        said = f"La version {table.version} est publiée. Elle décide à partir du {table.valid_from:%d/%m/%Y}."
        return see_other("/achats/regles", said)
    async with reading(running.pool, person.scope) as db:
        known = await tables_published(db)
    return Page("achats/publish.html", {**WORDS, "form": form, "latest": known[0]}, status=422)


@get("/achats/seuils")
async def thresholds(person: SignedIn) -> Page:
    """Dated facts, each with its source and how sure it is."""
    ensure_reader(person)
    today = local(clock.now()).date()
    facts = book()
    rows = sorted(facts.thresholds, key=lambda row: (row.key, row.valid_from or date.min))
    return Page(
        "achats/thresholds.html", {**WORDS, "rows": rows, "rules": facts.rules, "today": today, "about": facts.about}
    )


@get("/achats/politiques")
async def policies(request: AnyRequest, person: SignedIn) -> Page:
    """Which establishment may buy directly, from when."""
    ensure_reader(person)
    return await _policies_page(request, person, Form({"allowed": "false"}))


@post("/achats/politiques", status_code=200)
async def add_policy(request: AnyRequest, person: SignedIn) -> Page | Redirect:
    """Add a dated policy."""
    form = await Form.read(request)
    command = form.parse(SetPolicy)
    if command is not None:
        kept = await tried(form, set_policy(running_of(request), person, command, clock.now()))
        if kept:
            return see_other("/achats/politiques", "La politique est enregistrée.")
    return await _policies_page(request, person, form, status=422)


async def _policies_page(request: AnyRequest, person: Person, form: Form, status: int = 200) -> Page:
    async with reading(running_of(request).pool, person.scope) as db:
        found = await policies_all(db)
    today = local(clock.now()).date()
    ght = ght_of(person.establishment, today)
    latest = {p.establishment: p.policy_id for p in found if p.valid_from <= today}
    return Page(
        "achats/policies.html",
        {
            **WORDS,
            "form": form,
            "rows": found,
            "in_force": set(latest.values()),
            "today": today,
            "establishments": [(m.finess, m.name) for m in (members(ght.code, today) if ght else ())],
            "may_enter": person.has(Role.BUYER),
        },
        status=status,
    )


RULES = (rules, publish_form, publish, thresholds, policies, add_policy)

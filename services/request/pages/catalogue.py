"""The GHT's catalogue as a page: what is in service, by domain or by words."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get
from litestar.params import FromQuery

from services.request.store.catalogue import catalogue_page, catalogue_search, domains_meant
from shared.database.postgres import reading
from shared.identity.person import Role
from shared.program.running import running_of
from shared.reference.domains import domains
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page

PER_PAGE = 30


@get("/demandes/catalogue")
async def catalogue_list(
    request: Request[Any, Any, Any],
    person: SignedIn,
    q: FromQuery[str] = "",
    domain: FromQuery[str] = "",
    after: FromQuery[UUID | None] = None,
) -> Page:
    """Software in service in the GHT."""
    words = q[:500].replace("\x00", " ").strip()
    code = domain if domain in domains() else None
    async with reading(running_of(request).pool, person.scope) as db:
        if words:
            found = await catalogue_search(db, words, code, PER_PAGE, domains_meant(words))
        else:
            found = await catalogue_page(db, code, after, PER_PAGE + 1)
    shown = found[:PER_PAGE]
    context = {
        "entries": shown,
        "search": Form({"q": words, "domain": code}),
        "domains": [(d.code, d.label) for d in domains().values()],
        "labels": {d.code: d.label for d in domains().values()},
        "asked": bool(words or code),
        "may_write": person.has(Role.REQUESTER, Role.BUSINESS_REFERENT),
        "next_href": _address(code, shown[-1].entry_id) if len(found) > PER_PAGE else None,
        "first_href": _address(code) if after else None,
    }
    return Page("request/catalogue.html", context)


def _address(domain: str | None, after: UUID | None = None) -> str:
    asked = {"domain": domain} if domain else {}
    if after is not None:
        asked["after"] = str(after)
    return "/demandes/catalogue" + (f"?{urlencode(asked)}" if asked else "")

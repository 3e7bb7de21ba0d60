"""The list of requests: what is expected of the person, filters and search that stay in the address, keyset pages."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get
from litestar.params import FromQuery

from services.request.model.follow_up import OPEN, Stage
from services.request.model.request import may_edit
from services.request.store.late import late_for
from services.request.store.reads import Listed, requests_counts, requests_list
from services.request.store.search import LONGEST, clean, search_of
from shared.basics import clock
from shared.database.postgres import reading
from shared.identity.person import Person, Role
from shared.program.running import running_of
from shared.reference.domains import domains
from shared.web.http.access import SignedIn
from shared.web.pages.page import Page

PER_PAGE = 30
FILTERS: tuple[tuple[str, str, tuple[Stage, ...]], ...] = (
    ("", "Toutes", ()),
    ("brouillons", "Brouillons", (Stage.DRAFT,)),
    ("reponse", "Réponse attendue", (Stage.ANSWER_AWAITED,)),
    ("en-cours", "En cours", tuple(sorted(OPEN - {Stage.ANSWER_AWAITED}))),
    ("decidees", "Décidées", (Stage.ROUTED, Stage.REFUSED)),
    ("retirees", "Retirées", (Stage.WITHDRAWN,)),
)

COUNTED = OPEN | {Stage.DRAFT}
"""What still asks something of somebody: the others grow with the years, and so would the time to count them."""


@get("/demandes")
async def list_page(
    request: Request[Any, Any, Any],
    person: SignedIn,
    statut: FromQuery[str] = "",
    q: FromQuery[str] = "",
    after: FromQuery[UUID | None] = None,
) -> Page:
    """Requests that the person may see, newest first."""
    chosen = next((one for one in FILTERS if one[0] == statut), FILTERS[0])
    typed, search = clean(q), search_of(q)
    now = clock.now()
    async with reading(running_of(request).pool, person.scope) as db:
        found = await requests_list(db, person, chosen[2] or None, after, PER_PAGE + 1, search)
        counts = await requests_counts(db, person, search, COUNTED)
        late = await late_for(db, person, now)
    shown = found[:PER_PAGE]
    context = {
        "requests": [(one, href_of(one, person)) for one in shown],
        "filters": [
            {
                "href": _address(slug, typed),
                "label": label,
                "count": sum(counts[stage] for stage in stages) if stages and COUNTED.issuperset(stages) else None,
                "current": slug == chosen[0],
            }
            for slug, label, stages in FILTERS
        ],
        "domain_labels": {d.code: d.label for d in domains().values()},
        "late": late,
        "may_write": person.has(Role.REQUESTER, Role.BUSINESS_REFERENT),
        "others": person.sees_whole_ght or person.has(Role.BUSINESS_REFERENT, Role.MEMBER_CONTACT),
        "any": bool(shown or chosen[0] or any(counts.values())),
        "longest": LONGEST,
        "typed": typed,
        "status": chosen[0],
        "status_label": chosen[1],
        "unsearched_href": _address(chosen[0]),
        "next_href": _address(chosen[0], typed, shown[-1].case_id) if len(found) > PER_PAGE else None,
        "first_href": _address(chosen[0], typed) if after else None,
    }
    return Page("request/list.html", context)


def href_of(one: Listed, person: Person) -> str:
    """A draft opens where it is written, anything else where it is followed."""
    if one.stage is Stage.DRAFT and may_edit(person, one.author, one.establishment):
        return f"/demandes/{one.case_id}/besoin"
    return f"/demandes/{one.case_id}"


def _address(slug: str, typed: str = "", after: UUID | None = None) -> str:
    asked = {"statut": slug} if slug else {}
    if typed:
        asked["q"] = typed
    if after is not None:
        asked["after"] = str(after)
    return "/demandes" + (f"?{urlencode(asked)}" if asked else "")

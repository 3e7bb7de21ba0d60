"""The board: what waits for the buyer, what the members are asked, what is decided; and the contracts that end."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get
from litestar.params import QueryParameter
from litestar.response import Redirect

from services.purchasing.model.purchase import State
from services.purchasing.model.readers import ensure_reader, may_read
from services.purchasing.pages.context import WORDS
from services.purchasing.store.reads import LATE, PAGE, contracts_ending, purchases_counts, purchases_list
from shared.basics import clock
from shared.basics.calendar import local
from shared.database.postgres import reading
from shared.identity.person import Role
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.http.security import base_urls
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
ADDRESSES = {
    "a-qualifier": State.TO_QUALIFY,
    "a-confirmer": State.TO_CONFIRM,
    "recensement": State.CENSUS,
    "decides": State.DECIDED,
    "clos": State.CLOSED,
}
OPEN, LATE_ADDRESS, ALL = "a-faire", "retard", "tous"
Pill = dict[str, Any]


@get("/achats")
async def board(
    request: AnyRequest,
    person: SignedIn,
    etat: Annotated[str, QueryParameter()] = OPEN,
    apres: Annotated[UUID | None, QueryParameter()] = None,
) -> Page | Redirect:
    """The purchases, those that wait for the buyer first; others are redirected to where they have something to do."""
    if not may_read(person):
        if person.has(Role.MEMBER_CONTACT):
            return see_other("/achats/recensements")
        place = "/demandes" if person.has(Role.REQUESTER, Role.BUSINESS_REFERENT) else "/"
        return Redirect(base_urls(running_of(request).settings)["request"] + place, status_code=303)
    states: str | tuple[str, ...] | None = LATE if etat == LATE_ADDRESS else None
    if etat in ADDRESSES:
        states = (ADDRESSES[etat].value,)
    elif etat not in (LATE_ADDRESS, ALL):
        etat, states = OPEN, (State.TO_QUALIFY.value, State.TO_CONFIRM.value)
    async with reading(running_of(request).pool, person.scope) as db:
        rows = await purchases_list(db, states, apres)
        counts = await purchases_counts(db)
    shown = rows[:PAGE]
    waiting = counts[State.TO_QUALIFY] + counts[State.TO_CONFIRM]
    return Page(
        "achats/board.html",
        {
            **WORDS,
            "rows": shown,
            "filters": _filters(etat, counts, waiting),
            "chosen": etat,
            "waiting": waiting,
            "late": counts[LATE],
            "after": f"/achats?etat={etat}&apres={shown[-1].case_id}" if len(rows) > PAGE else None,
            "first": f"/achats?etat={etat}" if apres else None,
        },
    )


@get("/achats/echeances")
async def deadlines(
    request: AnyRequest,
    person: SignedIn,
    le: Annotated[date | None, QueryParameter()] = None,
    apres: Annotated[UUID | None, QueryParameter()] = None,
) -> Page:
    """Contracts that end, nearest first: those awarded here, and those that requests speak of."""
    ensure_reader(person)
    today = local(clock.now()).date()
    async with reading(running_of(request).pool, person.scope) as db:
        rows = await contracts_ending(db, today, (le, apres) if le and apres else None)
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    return Page(
        "achats/deadlines.html",
        {
            **WORDS,
            "rows": shown,
            "after": f"/achats/echeances?le={last.contract_ends_on}&apres={last.case_id}" if last else None,
            "first": "/achats/echeances" if apres else None,
        },
    )


def _filters(chosen: str, counts: dict[str, int], waiting: int) -> list[Pill]:
    pills = [_pill("/achats", "À faire", waiting, chosen == OPEN)]
    if counts[LATE]:
        pills.append(_pill(f"/achats?etat={LATE_ADDRESS}", "En retard", counts[LATE], chosen == LATE_ADDRESS))
    for address, state in ADDRESSES.items():
        pills.append(_pill(f"/achats?etat={address}", state.label, counts.get(state), chosen == address))
    return [*pills, _pill(f"/achats?etat={ALL}", "Tous", None, chosen == ALL)]


def _pill(href: str, label: str, count: int | None, current: bool) -> Pill:
    return {"href": href, "label": label, "count": count, "current": current}


BOARD = (board, deadlines)

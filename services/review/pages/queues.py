"""The queues: which ones wait for the person, what is late, what can be taken."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from services.review.actions.take_check import take_checks
from services.review.model.check_kinds import sensitivity
from services.review.model.queues import Counts, chosen_queues, open_queues, own_queues
from services.review.store import reads as queries
from services.review.store.absences import absent_colleagues_of
from services.review.store.cursors import cursor, place
from services.review.store.reads import FIRST, OPEN, Wanted
from services.review.words import continuity, queue_sentence, queue_title, week_end, where
from shared.basics import clock
from shared.basics.calendar import today
from shared.basics.errors import FieldError, Invalid
from shared.basics.french import plural
from shared.contracts.vocabulary import CheckKind, DataClass
from shared.database.postgres import reading
from shared.identity.person import Role
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
PER_PAGE = 50
FILTERS = {
    "a-prendre": "À prendre",
    "miens": "Les miens",
    "attente": "En attente du demandeur",
    "retard": "En retard",
    "ouverts": "Tous les ouverts",
    "clos": "Clos",
}


@get("/instruction")
async def queues_page(request: AnyRequest, person: SignedIn) -> Page:
    """The person's queues with their figures, what is late first, then what they hold."""
    kinds, pool, day = open_queues(person), running_of(request).pool, today(clock.now())
    mine = own_queues(person)
    holders = [person.id, *await absent_colleagues_of(pool, person.id, day)]
    async with reading(pool, person.scope) as db:
        found = await queries.queue_counts(db, kinds, day, week_end(day), holders)
        late = await queries.checks_page(db, Wanted(kinds, before=day), FIRST, 10)
        held = await queries.checks_page(db, Wanted(mine, OPEN[1:], holders=holders), FIRST, 20) if mine else []
    counts = {kind: sum(by_place.values(), Counts()) for kind, by_place in found.items()}
    context = {
        "queues": [(kind, queue_title(kind), counts[kind], queue_sentence(counts[kind])) for kind in kinds],
        "late": late,
        "late_count": sum(one.late for one in counts.values()),
        "held": held,
        "works": bool(mine),
        "coordinates": person.has(Role.COORDINATOR),
        "sees_absences": person.has(Role.COORDINATOR, Role.AUDITOR),
        "where": where,
        "person_id": person.id,
    }
    return Page("instruction/queues.html", context)


@get("/instruction/{kind:str}")
async def queue_page(
    request: AnyRequest,
    person: SignedIn,
    kind: FromPath[CheckKind],
    etat: FromQuery[str | None] = None,
    etablissement: FromQuery[str | None] = None,
    sante: FromQuery[str | None] = None,
    apres: FromQuery[str | None] = None,
) -> Page:
    """One queue: filters stay in the address, the due date speaks before it is late."""
    chosen_queues(person, kind)
    chosen = etat if etat in FILTERS else "a-prendre"
    pool, day = running_of(request).pool, today(clock.now())
    holders = [person.id, *await absent_colleagues_of(pool, person.id, day)]
    finess = etablissement or None
    states = {"a-prendre": ("to_take",), "attente": ("waiting_answer",), "miens": OPEN[1:], "clos": ("closed",)}
    wanted = Wanted(
        kinds=(kind,),
        states=states.get(chosen, OPEN),
        before=day if chosen == "retard" else date.max,
        establishment=finess,
        data=DataClass.HEALTH if sante else None,
        holders=holders if chosen == "miens" else None,
    )
    async with reading(pool, person.scope) as db:
        by_place = (await queries.queue_counts(db, (kind,), day, week_end(day), holders))[kind]
        lines = await queries.checks_page(db, wanted, place(apres) if apres else FIRST, PER_PAGE + 1)
    counts = by_place.get(finess, Counts()) if finess else sum(by_place.values(), Counts())
    last = lines[PER_PAGE - 1] if len(lines) > PER_PAGE else None
    kept = {"etat": chosen, "etablissement": finess or "", "sante": "1" if sante else ""}

    def address(**changes: str) -> str:
        query = {name: value for name, value in (kept | changes).items() if value}
        return f"/instruction/{kind}?{urlencode(query)}"

    tallies = {"a-prendre": counts.to_take, "miens": counts.mine, "attente": counts.waiting, "retard": counts.late}
    filters = [
        {"href": address(etat=slug), "label": label, "count": tallies.get(slug), "current": slug == chosen}
        for slug, label in FILTERS.items()
        if slug != "miens" or kind in own_queues(person)
    ]
    health = {"href": address(sante="" if sante else "1"), "label": "Données de santé", "current": bool(sante)}
    context = {
        "kind": kind,
        "title": queue_title(kind),
        "sentence": queue_sentence(counts),
        "filters": [*filters, health],
        "chosen": chosen,
        "filtered": bool(finess or sante),
        "address": address,
        "lines": lines[:PER_PAGE],
        "after": address(apres=cursor(last.due_on, last.case_id, last.kind)) if last else None,
        "first": address() if apres else None,
        "places": [(code, where(code)) for code in by_place],
        "finess": finess,
        "sante": sante,
        "may_take": kind in own_queues(person),
        "person_id": person.id,
        "where": where,
        "data_tone": lambda data: sensitivity(data).tone,
        "continuity": continuity,
    }
    return Page("instruction/queue.html", context)


@post("/instruction/{kind:str}/prendre", status_code=303)
async def post_takings(request: AnyRequest, person: SignedIn, kind: FromPath[CheckKind]) -> Redirect:
    """Take what was ticked, or the one whose button was pressed; then go to it, or back to the queue."""
    form = await Form.read(request)
    chosen = form.all("un") or form.all("volet")
    back = form.get("retour")
    back = back if back.startswith(f"/instruction/{kind}?") else f"/instruction/{kind}"
    if not chosen:
        return see_other(back, "Cochez d’abord les volets à prendre.")
    wanted = [(_uuid(text), kind) for text in chosen[:PER_PAGE]]
    ends = await take_checks(running_of(request), person, wanted, clock.now())
    refusals = [refusal for _, refusal in ends if refusal]
    if len(ends) == 1:
        if refusals:
            raise refusals[0]
        return see_other(f"/instruction/dossiers/{wanted[0][0]}/{kind}", "Le volet est à vous.")
    said = f"{plural(len(ends) - len(refusals), 'volet pris', 'volets pris')}."
    for sentence in dict.fromkeys(refusal.public for refusal in refusals):
        said += f" {sentence}"
    return see_other(back, said)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(errors=(FieldError("volet", "Ce volet n’existe pas : rechargez la file."),)) from None

"""Censuses on screen: what the members are asked, and the answer of one's own establishment."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from services.purchasing.actions.answer_census import AnswerCensus, answer_census
from services.purchasing.model.readers import READERS, may_read
from services.purchasing.pages.acting import tried
from services.purchasing.pages.context import WORDS
from services.purchasing.store.censuses import (
    Invitation,
    censuses_all,
    invitation_get,
    invitations_of,
    invitations_to_answer,
)
from services.purchasing.store.reads import PAGE
from shared.basics import clock
from shared.basics.errors import NotFound
from shared.database.postgres import reading
from shared.identity.person import Person, Role, ensure
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]


@get("/achats/recensements")
async def censuses(
    request: AnyRequest, person: SignedIn, apres: Annotated[UUID | None, QueryParameter()] = None
) -> Page:
    """What one's establishment is asked; for buyers, how the answers come in."""
    ensure(person, Role.MEMBER_CONTACT, *READERS)
    reader = may_read(person)
    async with reading(running_of(request).pool, person.scope) as db:
        if reader:
            found, waiting = await censuses_all(db, apres), 0
        else:
            found = await invitations_of(db, person.establishment, apres)
            waiting = await invitations_to_answer(db, person.establishment)
    shown = found[:PAGE]
    return Page(
        "achats/censuses.html",
        {
            **WORDS,
            "rows": shown,
            "reader": reader,
            "waiting": waiting,
            "after": f"/achats/recensements?apres={shown[-1].case_id}" if len(found) > PAGE else None,
            "first": "/achats/recensements" if apres else None,
        },
    )


@get("/achats/recensements/{case_id:uuid}")
async def census(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page:
    """What one's establishment is asked about a case."""
    ensure(person, Role.MEMBER_CONTACT)
    invitation = await _invitation(request, person, case_id)
    reply = invitation.reply
    known = (
        {"answer": reply.answer, "volume": reply.volume, "comment": reply.comment, "software": reply.software}
        if reply
        else {}
    )
    return Page("achats/census.html", {**WORDS, "form": Form(known), "invitation": invitation})


@post("/achats/recensements/{case_id:uuid}", status_code=200)
async def save_answer(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Keep the answer of the person's establishment."""
    form = await Form.read(request)
    command = form.parse(AnswerCensus)
    if command is not None:
        kept = await tried(form, answer_census(running_of(request), person, case_id, command, clock.now()))
        if kept:
            said = "Votre réponse est enregistrée. Vous pouvez la changer jusqu’à la clôture."
            return see_other("/achats/recensements", said)
    invitation = await _invitation(request, person, case_id)
    return Page("achats/census.html", {**WORDS, "form": form, "invitation": invitation}, status=422)


async def _invitation(request: AnyRequest, person: Person, case_id: UUID) -> Invitation:
    async with reading(running_of(request).pool, person.establishment) as db:
        found = await invitation_get(db, case_id, person.establishment)
    if found is None:
        raise NotFound
    return found


CENSUSES = (censuses, census, save_answer)

"""The page of parked messages, in each service under its own path: `/demandes|instruction|achats/messages`."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from shared.basics.errors import Refusal
from shared.database.postgres import EVERYTHING, reading
from shared.identity.person import Person, Role
from shared.messaging.parked import parked_count, parked_heads
from shared.operations.messages import AfterId, ParkedId, dismiss, find, replay, shown
from shared.program.registry import REGISTRY, path_of
from shared.program.running import running_of
from shared.web.http.access import SignedIn, require
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

PER_PAGE = 50


def operations_pages(service: str) -> list[ControllerRouterHandler]:
    """The list of parked messages, the page of one, its replay and its dismissal."""
    base = f"{path_of(service)}/messages"

    @get(base, guards=[require(Role.PLATFORM_OPERATOR, Role.AUDITOR)])
    async def parked_page(request: Request[Any, Any, Any], after: AfterId = 0) -> Page:
        async with reading(running_of(request).pool, EVERYTHING) as db:
            found = [parked for parked, _ in await parked_heads(db, after, PER_PAGE + 1, 0)]
            count = await parked_count(db)
        following = found[PER_PAGE - 1].parked_id if len(found) > PER_PAGE else None
        context = {
            "messages": found[:PER_PAGE],
            "count": count,
            "following": following,
            "after": after,
            "base": base,
            "service": service,
            "places": [(entry.name, f"{entry.path}/messages", entry.label) for entry in REGISTRY],
        }
        return Page("operations/messages.html", context)

    @get(base + "/{parked_id:int}", guards=[require(Role.PLATFORM_OPERATOR, Role.AUDITOR)])
    async def parked_one(request: Request[Any, Any, Any], person: SignedIn, parked_id: ParkedId) -> Page:
        return await _one(request, person, parked_id, Form(), base)

    @post(base + "/{parked_id:int}/rejouer", status_code=200, guards=[require(Role.PLATFORM_OPERATOR)])
    async def parked_again(request: Request[Any, Any, Any], person: SignedIn, parked_id: ParkedId) -> Page | Redirect:
        form = Form()
        try:
            await replay(request, person, parked_id)
        except Refusal as refusal:
            form.refuse(refusal)
            return await _one(request, person, parked_id, form, base)
        return see_other(base, "Le message a pris effet.")

    @post(base + "/{parked_id:int}/ecarter", status_code=200, guards=[require(Role.PLATFORM_OPERATOR)])
    async def parked_away(request: Request[Any, Any, Any], person: SignedIn, parked_id: ParkedId) -> Page | Redirect:
        form = await Form.read(request)
        try:
            await dismiss(request, person, parked_id, form.get("reason"))
        except Refusal as refusal:
            form.refuse(refusal)
            form.add_error("reason", refusal.public)
            return await _one(request, person, parked_id, form, base)
        return see_other(base, "Le message est écarté ; la raison est gardée.")

    return [parked_page, parked_one, parked_again, parked_away]


async def _one(request: Request[Any, Any, Any], person: Person, parked_id: int, form: Form, base: str) -> Page:
    message = shown(await find(request, parked_id))
    context = {"message": message, "form": form, "base": base, "may_act": person.has(Role.PLATFORM_OPERATOR)}
    return Page("operations/message.html", context, status=422 if form.refusal else 200)

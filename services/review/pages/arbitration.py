"""What only the coordinator does: decide otherwise than the opinions, hand a check to somebody else."""

from typing import Any
from uuid import UUID

from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect

from services.review.actions.overrule_verdict import OverruleVerdict, overrule_verdict
from services.review.actions.reassign_check import ReassignCheck, reassign_check
from services.review.pages.check_form import lines_in, parsed, refused
from services.review.pages.whole import show_whole
from services.review.store.people import title
from services.review.words import queue_title
from shared.basics import clock
from shared.basics.errors import Refusal
from shared.contracts.vocabulary import CheckKind
from shared.program.running import running_of
from shared.web.http.access import SignedIn
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
CASE = "/instruction/dossiers/{case_id:uuid}"


@post(f"{CASE}/arbitrage", status_code=200)
async def post_arbitration(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Overrule the verdict with a reason."""
    form = await Form.read(request)
    data = {
        "verdict": form.get("verdict"),
        "reason": form.get("reason"),
        "conditions": [{"check": form.get("check") or None, "text": text} for text in lines_in(form, "conditions")],
    }
    command = parsed(form, OverruleVerdict, data)
    if command is not None:
        try:
            await overrule_verdict(running_of(request), person, case_id, command, clock.now())
            said = f"La décision est arbitrée : {command.verdict.label.lower()}."
            return see_other(f"/instruction/dossiers/{case_id}", said)
        except Refusal as refusal:
            refused(form, refusal)
    return await show_whole(request, person, case_id, form)


@post(f"{CASE}/{{kind:str}}/reaffecter", status_code=200)
async def post_reassignment(
    request: AnyRequest, person: SignedIn, case_id: FromPath[UUID], kind: FromPath[CheckKind]
) -> Page | Redirect:
    """Hand a check to another reviewer."""
    form = await Form.read(request)
    command = parsed(form, ReassignCheck, {"reviewer": form.get("reviewer"), "reason": form.get("why")})
    if command is not None:
        try:
            await reassign_check(running_of(request), person, case_id, kind, command, clock.now())
            said = f"{queue_title(kind)} : confié à {title(command.reviewer)}."
            return see_other(f"/instruction/dossiers/{case_id}", said)
        except Refusal as refusal:
            refused(form, refusal)
    return await show_whole(request, person, case_id, form)

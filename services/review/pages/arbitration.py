"""What only the coordinator does: decide otherwise than the opinions, hand a check to somebody else."""

from typing import Any
from uuid import UUID

from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from services.review.actions.carry_out import carry_out
from services.review.actions.overrule_verdict import OverruleVerdict, overrule_verdict
from services.review.actions.reassign_check import ReassignCheck, reassign_check
from services.review.model.people import reviewer
from services.review.pages.check_form import lines_in, parsed, refused
from services.review.pages.whole import show_whole
from shared.basics import clock
from shared.basics.errors import Refusal
from shared.contracts.vocabulary import LABELS, CheckKind
from shared.web.http.access import SignedIn
from shared.web.http.correlation import correlation_id
from shared.web.pages.forms import Form
from shared.web.pages.page import Page, see_other

AnyRequest = Request[Any, Any, Any]
CASE = "/instruction/dossiers/{case_id:uuid}"


@post(f"{CASE}/arbitrage", status_code=200)
async def post_arbitration(request: AnyRequest, person: SignedIn, case_id: FromPath[UUID]) -> Page | Redirect:
    """Overrule the verdict with a reason."""
    form, now = await Form.read(request), clock.now()
    data = {
        "verdict": form.get("verdict"),
        "reason": form.get("reason"),
        "conditions": [{"check": form.get("check") or None, "text": text} for text in lines_in(form, "conditions")],
    }
    command = parsed(form, OverruleVerdict, data)
    if command is not None:
        try:
            await carry_out(
                request.app.state.running, person, case_id,
                lambda state, _: overrule_verdict(state, command, person, now),
                correlation_id(request), None, "La coordination a arbitré la décision.",
            )  # fmt: skip
            said = f"La décision est arbitrée : {LABELS[command.verdict].lower()}."
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
        chosen = reviewer(command.reviewer)
        try:
            await carry_out(
                request.app.state.running, person, case_id,
                lambda state, _: reassign_check(state, kind, command, chosen, person),
                correlation_id(request), kind, "La coordination a réaffecté un volet.",
            )  # fmt: skip
            said = f"Le volet {LABELS[kind].lower()} est confié à : {chosen.title if chosen else ''}."
            return see_other(f"/instruction/dossiers/{case_id}", said)
        except Refusal as refusal:
            refused(form, refusal)
    return await show_whole(request, person, case_id, form)


ARBITRATION: list[ControllerRouterHandler] = [post_arbitration, post_reassignment]

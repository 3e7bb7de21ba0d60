"""Absences, for the coordinator's programs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from services.review.actions.manage_absences import EnterAbsence, enter_absence, remove_absence
from services.review.api.shapes import AbsenceList, AbsenceView
from services.review.model.queues import SEES_ALL
from services.review.store.absences import absences
from shared.basics import clock
from shared.basics.calendar import today
from shared.program.running import running_of
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person, ensure


@get("/absences", summary="Who is away, and who stands in", tags=["Absences"], opt=documented(returns=AbsenceList))
async def api_absences(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Absences that are not over. For the coordinator and the auditor."""
    ensure(api_person(request), *SEES_ALL)
    known = await absences(running_of(request).pool, today(clock.now()))
    return answer(AbsenceList(absences=[AbsenceView.model_validate(absence) for absence in known]))


@post("/absences", status_code=201, summary="Note an absence", tags=["Absences"],
      opt=documented(body=EnterAbsence, returns=AbsenceView))  # fmt: skip
async def api_enter_absence(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From its first to its last day the substitute may work what the absent reviewer holds. For the coordinator."""
    person, command = api_person(request), await read_body(request, EnterAbsence)
    entered = await enter_absence(running_of(request), person, command, clock.now())
    return answer(AbsenceView.model_validate(entered), status=201)


@delete("/absences/{absence_id:uuid}", status_code=204, summary="Remove an absence", tags=["Absences"])
async def api_remove_absence(request: Request[Any, Any, Any], absence_id: FromPath[UUID]) -> None:
    """For the coordinator."""
    await remove_absence(running_of(request), api_person(request), absence_id)

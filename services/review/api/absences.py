"""Absences, for the coordinator's programs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from services.review.actions.manage_absences import Absence, EnterAbsence, absences, enter_absence, remove_absence
from services.review.api.shapes import AbsenceList, AbsenceView
from services.review.model.queues import SEES_ALL
from shared.basics import clock
from shared.basics.calendar import today
from shared.web.api.bodies import answer, documented, read_body
from shared.web.http.access import api_person, ensure


@get("/absences", summary="Who is away, and who stands in", tags=["Absences"], opt=documented(returns=AbsenceList))
async def list_absences(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Absences that are not over. For the coordinator and the auditor."""
    ensure(api_person(request), *SEES_ALL)
    known = await absences(request.app.state.running.pool, today(clock.now()))
    return answer(AbsenceList(absences=[_view(absence) for absence in known]))


@post("/absences", status_code=201, summary="Note an absence", tags=["Absences"],
      opt=documented(body=EnterAbsence, returns=AbsenceView))  # fmt: skip
async def post_absence(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From its first to its last day the substitute may work what the absent reviewer holds. For the coordinator."""
    person, command = api_person(request), await read_body(request, EnterAbsence)
    return answer(_view(await enter_absence(request.app.state.running.pool, command, person, clock.now())), status=201)


@delete("/absences/{absence_id:uuid}", status_code=204, summary="Remove an absence", tags=["Absences"])
async def delete_absence(request: Request[Any, Any, Any], absence_id: FromPath[UUID]) -> None:
    """For the coordinator."""
    await remove_absence(request.app.state.running.pool, absence_id, api_person(request))


def _view(absence: Absence) -> AbsenceView:
    return AbsenceView(
        absence_id=absence.absence_id,
        reviewer=absence.reviewer,
        substitute=absence.substitute,
        from_on=absence.from_on,
        to_on=absence.to_on,
    )


ABSENCES: list[ControllerRouterHandler] = [list_absences, post_absence, delete_absence]

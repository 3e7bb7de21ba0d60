"""Give a request up: every service stops working on the case."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.request.model.follow_up import Stage
from services.request.model.refusals import TooLateToWithdraw
from services.request.model.request import State, of_author
from shared.basics.texts import READABLE
from shared.casework.outcome import Outcome
from shared.casework.trail import TrailEntry
from shared.contracts.events.requests import RequestWithdrawnV1
from shared.identity.person import Person
from shared.program.running import Running

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), READABLE]


class WithdrawRequest(BaseModel):
    """Why the request is given up."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Le besoin a disparu avec le nouveau bloc."}]}
    )
    reason: Reason = Field(description="Shown to those who worked on the case")


async def withdraw_request(
    running: Running[State], person: Person, case_id: UUID, command: WithdrawRequest, now: datetime
) -> None:
    """Withdrawn, also the second time; raises `TooLateToWithdraw` once the case is decided."""
    await running.decide(person, case_id, lambda state: decide(state, person, command, now), now)


def decide(state: State, person: Person, command: WithdrawRequest, now: datetime) -> Outcome[State]:
    """A draft simply goes; a sent request is withdrawn everywhere."""
    request = of_author(state, person)
    if request.stage is Stage.WITHDRAWN:
        return Outcome(request)
    if request.stage in (Stage.REFUSED, Stage.ROUTED):
        raise TooLateToWithdraw
    follow_up = replace(request.follow_up, withdrawn_at=now, withdrawal_reason=command.reason)
    after = replace(request, follow_up=follow_up, updated_at=now)
    if request.stage is Stage.DRAFT:
        return Outcome(after)
    event = RequestWithdrawnV1(case_id=request.case_id, withdrawn_at=now, reason=command.reason)
    return Outcome(after, (event,), (TrailEntry("withdraw_request", person.id, person.title, command.reason),))

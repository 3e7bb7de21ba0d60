"""Give a request up: every service stops working on the case."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from shared.basics.texts import READABLE

from services.request.actions.authoring import withdraw
from services.request.parts import Parts
from shared.casework.decide import Work
from shared.identity.person import Person

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), READABLE]


class Withdrawal(BaseModel):
    """Why the request is given up."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Le besoin a disparu avec le nouveau bloc."}]}
    )
    reason: Reason = Field(description="Shown to those who worked on the case")


async def withdraw_request(
    parts: Parts, person: Person, case_id: UUID, reason: str, now: datetime, correlation_id: UUID
) -> None:
    """Withdrawn, also the second time; raises `TooLateToWithdraw` once the case is decided."""
    await parts.desk.run(
        Work(case_id, person.scope, lambda state: withdraw(state, person, reason, now), now, correlation_id)
    )

"""Whether an establishment may buy directly below the exemption threshold: off by default, dated, never changed backwards."""

from datetime import date, datetime
from typing import Annotated, Any

from msgspec.structs import replace
from pydantic import Field, StringConstraints, field_validator

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import Policy
from services.purchasing.model.refusals import PolicyExists
from services.purchasing.model.texts import Command, Line
from services.purchasing.store.knowledge_log import knowledge_note
from services.purchasing.store.market import policy_insert, policy_of_day
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Invalid
from shared.basics.ids import new_id
from shared.database.postgres import transaction
from shared.identity.person import Person
from shared.program.running import Running
from shared.reference import directory


class SetPolicy(Command):
    """From a day on, direct purchase is allowed or not; the row before stays, for what was decided under it."""

    establishment: Line
    allowed: bool
    valid_from: date = Field(le=date(2099, 12, 31))
    source: Annotated[Line, StringConstraints(min_length=3)] = Field(description="Where the decision is written")

    @field_validator("establishment")
    @classmethod
    def _known(cls, finess: str) -> str:
        if finess not in directory.directory().establishments:
            raise ValueError("Cet établissement n’est pas au répertoire.")
        return finess


async def set_policy(running: Running[Any], person: Person, command: SetPolicy, now: datetime) -> Policy:
    """The new policy, or the same as it was set before.

    Raises Invalid for a day that has passed and PolicyExists for a day that has another.
    """
    ensure_buyer(person)
    if command.valid_from < local(now).date():
        raise Invalid(errors=(FieldError("valid_from", "Choisissez aujourd’hui ou un jour à venir."),))
    policy = Policy(**command.model_dump(), policy_id=new_id(), example=False)
    async with transaction(running.pool, person.scope) as db:
        if not await policy_insert(db, policy):
            there = await policy_of_day(db, policy.establishment, policy.valid_from)
            if there is None or replace(there, policy_id=policy.policy_id) != policy:
                raise PolicyExists
            return there
        action = "allowed" if policy.allowed else "forbidden"
        await knowledge_note(db, person, "policy", policy.establishment, action, command.model_dump_json(), now)
        return policy

"""Whether an establishment may buy directly below the exemption threshold: off by default, dated, never changed backwards."""

from datetime import date, datetime
from typing import Annotated, Final

import asyncpg
from pydantic import Field, StringConstraints, field_validator

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import Policy
from services.purchasing.model.texts import Command, Line
from services.purchasing.store.knowledge_log import knowledge_note
from shared.basics.calendar import local
from shared.basics.errors import FieldError, Invalid, Refusal
from shared.basics.ids import new_id
from shared.database.postgres import Pool, reading, transaction
from shared.identity.person import Person
from shared.reference import directory

INSERT: Final = """
INSERT INTO direct_purchase_policy (policy_id, establishment, allowed, valid_from, source, example)
VALUES ($1, $2, $3, $4, $5, false)
"""
THERE: Final = """
SELECT policy_id, establishment, allowed, valid_from, source, example FROM direct_purchase_policy
WHERE establishment = $1 AND valid_from = $2
"""


class PolicyExists(Refusal):
    """One policy per establishment and day."""

    slug = "policy-exists"
    public = "Une politique commence déjà ce jour-là pour cet établissement : choisissez un autre jour."


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


async def set_policy(pool: Pool, person: Person, command: SetPolicy, now: datetime) -> Policy:
    """The new policy, or the same as it was set before.

    Raises Invalid for a day that has passed and PolicyExists for a day that has another.
    """
    ensure_buyer(person)
    if command.valid_from < local(now).date():
        raise Invalid(errors=(FieldError("valid_from", "Choisissez aujourd’hui ou un jour à venir."),))
    policy = Policy(new_id(), command.establishment, command.allowed, command.valid_from, command.source, example=False)
    try:
        async with transaction(pool, person.scope) as db:
            await db.execute(INSERT, policy.policy_id, *command.model_dump().values())
            action = "allowed" if policy.allowed else "forbidden"
            await knowledge_note(db, person, "policy", policy.establishment, action, command.model_dump_json(), now)
    except asyncpg.UniqueViolationError:
        async with reading(pool, person.scope) as db:
            row = await db.fetchrow(THERE, command.establishment, command.valid_from)
        there = Policy(*row) if row is not None else None
        if there is None or (there.allowed, there.source, there.example) != (command.allowed, command.source, False):
            raise PolicyExists from None
        return there
    return policy

"""A buyer withdraws a framework agreement: it is no longer proposed, and what was ordered under it stays."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import Agreement
from services.purchasing.model.texts import Command, Text
from services.purchasing.store.agreements import agreement_get, agreement_withdraw
from services.purchasing.store.knowledge_log import knowledge_note
from shared.database.postgres import transaction
from shared.identity.person import Person
from shared.program.running import Running


class WithdrawAgreement(Command):
    """Why the agreement is no longer proposed."""

    reason: Annotated[Text, StringConstraints(min_length=3)] = Field(description="Kept with the change")


async def withdraw_agreement(
    running: Running[Any], person: Person, agreement_id: UUID, command: WithdrawAgreement, now: datetime
) -> Agreement:
    """The agreement, withdrawn; a second time changes nothing. Raises NotFound."""
    ensure_buyer(person)
    async with transaction(running.pool, person.scope) as db:
        if await agreement_withdraw(db, agreement_id):
            await knowledge_note(db, person, "agreement", str(agreement_id), "withdrawn", command.reason, now)
        return await agreement_get(db, agreement_id)

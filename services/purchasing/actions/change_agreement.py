"""A buyer changes a framework agreement; every change is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.purchasing.actions.enter_agreement import AgreementData
from services.purchasing.model.buyers import ensure_buyer
from services.purchasing.model.market import Agreement
from services.purchasing.model.refusals import AgreementMoved
from services.purchasing.store.agreements import agreement_change, agreement_get, agreement_same
from services.purchasing.store.knowledge_log import knowledge_note
from shared.database.postgres import transaction
from shared.identity.person import Person
from shared.program.running import Running


async def change_agreement(
    running: Running[Any], person: Person, agreement_id: UUID, command: AgreementData, now: datetime
) -> Agreement:
    """The agreement after the change; raises NotFound, or AgreementMoved where the revision is not the one shown."""
    ensure_buyer(person)
    async with transaction(running.pool, person.scope) as db:
        await agreement_get(db, agreement_id)
        if not await agreement_change(db, agreement_id, command.revision, command):
            there = await agreement_same(db, command)
            # The same change sent again is answered as the first time.
            if there is None or (there.agreement_id, there.revision) != (agreement_id, command.revision + 1):
                raise AgreementMoved
            return there
        await knowledge_note(db, person, "agreement", str(agreement_id), "changed", command.model_dump_json(), now)
        return await agreement_get(db, agreement_id)

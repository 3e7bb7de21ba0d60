"""Send a draft to the DSI, with what the GHT already runs for its domain."""

from datetime import datetime
from uuid import UUID

from services.request.actions.authoring import submit
from services.request.model.request import Created
from services.request.parts import Parts
from services.request.store.reads import case_of
from shared.casework.decide import Work
from shared.database.postgres import reading
from shared.identity.person import Person


async def submit_request(parts: Parts, person: Person, case_id: UUID, now: datetime, correlation_id: UUID) -> Created:
    """The request, sent; a second time is a success. Raises `RequestIncomplete` with what the form lacks."""
    async with reading(parts.pool, person.scope) as db:
        case = await case_of(db, person, case_id)
    equipped = await parts.equipped.of(parts.pool, case.form.domain)
    work = Work(case_id, person.scope, lambda state: submit(state, person, equipped, now), now, correlation_id)
    sent: Created = await parts.desk.run(work)
    return sent

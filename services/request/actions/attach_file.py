"""Join a file to a draft, or take it away."""

from datetime import datetime
from uuid import UUID

from services.request.model.files import attach, checked, detach
from services.request.parts import Parts
from shared.casework.decide import Work
from shared.contracts.need import AttachedFile
from shared.identity.person import Person


async def attach_file(
    parts: Parts, person: Person, case_id: UUID, name: str, content: bytes, now: datetime, correlation_id: UUID
) -> AttachedFile:
    """The file as it is kept, also the second time; raises `FileRefused` with what to do."""
    new = checked(case_id, name, content)
    work = Work(case_id, person.scope, lambda state: attach(state, person, new, now), now, correlation_id)
    kept: AttachedFile = await parts.desk.run(work)
    return kept


async def detach_file(
    parts: Parts, person: Person, case_id: UUID, attachment_id: UUID, now: datetime, correlation_id: UUID
) -> None:
    """Gone, also the second time."""
    await parts.desk.run(
        Work(case_id, person.scope, lambda state: detach(state, person, attachment_id, now), now, correlation_id)
    )

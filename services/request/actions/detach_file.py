"""Remove a file from a draft."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.request.model.request import State, open_draft
from shared.casework.outcome import Outcome
from shared.identity.person import Person
from shared.program.running import Running


async def detach_file(
    running: Running[State], person: Person, case_id: UUID, attachment_id: UUID, now: datetime
) -> None:
    """Gone, also the second time."""
    await running.decide(person, case_id, lambda state: decide(state, person, attachment_id, now), now)


def decide(state: State, person: Person, attachment_id: UUID, now: datetime) -> Outcome[State]:
    """Remove the file; removed already is a success."""
    request = open_draft(state, person)
    files = tuple(file for file in request.files if file.attachment_id != attachment_id)
    if len(files) == len(request.files):
        return Outcome(request)
    added = tuple(new for new in request.added if new.file.attachment_id != attachment_id)
    removed = request.removed if len(added) < len(request.added) else (*request.removed, attachment_id)
    return Outcome(replace(request, files=files, added=added, removed=removed, updated_at=now))

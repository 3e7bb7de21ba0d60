"""Attach a file to a draft."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.request.model.files import MOST, checked
from services.request.model.refusals import FileRefused
from services.request.model.request import NewFile, State, open_draft
from shared.casework.outcome import Outcome
from shared.contracts.need import AttachedFile
from shared.identity.person import Person
from shared.program.running import Running


async def attach_file(
    running: Running[State], person: Person, case_id: UUID, name: str, content: bytes, now: datetime
) -> AttachedFile:
    """The file as it is kept, also the second time; raises `FileRefused` with what to do."""
    new = checked(case_id, name, content)
    kept: AttachedFile = await running.decide(person, case_id, lambda state: decide(state, person, new, now), now)
    return kept


def decide(state: State, person: Person, new: NewFile, now: datetime) -> Outcome[State]:
    """Add the file, once."""
    request = open_draft(state, person)
    for file in request.files:
        if file.attachment_id == new.file.attachment_id:
            return Outcome(request, result=file)
    if len(request.files) >= MOST:
        raise FileRefused(f"Une demande porte {MOST} fichiers au plus : retirez-en un d’abord.")
    after = replace(request, files=(*request.files, new.file), updated_at=now)
    if new.file.attachment_id in request.removed:  # a moment ago: its row is still there
        removed = tuple(gone for gone in request.removed if gone != new.file.attachment_id)
        return Outcome(replace(after, removed=removed), result=new.file)
    return Outcome(replace(after, added=(*request.added, new)), result=new.file)

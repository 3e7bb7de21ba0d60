"""Save a draft, or a part of it: what it lacks is told only when it is sent."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.request.model.form import Step
from services.request.model.request import Request, State, open_draft
from shared.casework.outcome import Outcome
from shared.identity.person import Person
from shared.program.running import Running


async def edit_draft(running: Running[State], person: Person, case_id: UUID, command: Step, now: datetime) -> Request:
    """The draft after the change; raises `NotTheAuthor`, `AlreadySubmitted`, `AlreadyWithdrawn`."""
    saved: Request = await running.decide(person, case_id, lambda state: decide(state, person, command, now), now)
    return saved


def decide(state: State, person: Person, command: Step, now: datetime) -> Outcome[State]:
    """The fields of this step, or of the whole form, take the place of what there was; the others stay."""
    request = open_draft(state, person)
    form = request.form.model_copy(update={name: getattr(command, name) for name in type(command).model_fields})
    if form == request.form:
        return Outcome(request, result=request)
    after = replace(request, form=form, updated_at=now)
    return Outcome(after, result=after)
